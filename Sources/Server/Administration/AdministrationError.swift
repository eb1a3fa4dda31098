import CertificateAuthority

/// What an administrator asked for and cannot have.
public struct AdministrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What sort of obstacle.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// What was asked for makes no sense, or a rule forbids it.
        case invalid
        /// It is about something that is not there.
        case notFound
        /// It does not fit what is there: a name is taken, a thing is in use, somebody was faster.
        case conflict
        /// Somebody else has changed it since it was looked at.
        case changed
        /// Whoever asks for it may not have it.
        case forbidden
        /// It was asked for too often.
        case tooMany
    }

    /// What sort of obstacle.
    public var kind: Kind
    /// The setting that is wrong, by its name in the API; nil where it is no single one.
    public var field: String?
    /// What is wrong and what to do.
    public var description: String

    init(_ description: String, _ kind: Kind = .invalid, field: String? = nil) {
        self.description = description
        self.kind = kind
        self.field = field
    }

    static func unknownTemplate(_ name: String, _ templates: CertificateTemplates) -> AdministrationError {
        AdministrationError(
            "there is no template \(name): there are \(templates.names.joined(separator: ", "))", .notFound)
    }

    static func unknownProfile(_ name: String) -> AdministrationError {
        AdministrationError("there is no profile \(name): ucm profile list shows all of them", .notFound)
    }
}
