import Synchronization

/// Templates that were found to be as they should be, so that not every certificate pays for looking again.
///
/// A template is a value: one that differs in anything is looked at.
final class CheckedTemplates: Sendable {
    /// How many are kept; a CA issues by few at a time.
    private static let maximumCount = 8

    private let templates = Mutex<[CertificateTemplate]>([])

    /// Refuses a template by which nothing may be issued.
    ///
    /// - Throws: ``IssuanceError`` with code `template`, as ``CertificateTemplate/check()`` does.
    func check(_ template: CertificateTemplate) throws(IssuanceError) {
        guard !self.templates.withLock({ $0.contains(template) }) else { return }
        try template.check()
        self.templates.withLock { templates in
            if templates.count >= Self.maximumCount { templates.removeFirst() }
            templates.append(template)
        }
    }
}
