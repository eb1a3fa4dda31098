public import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry

/// A template as an administrator sees it.
public struct TemplateDescription: Sendable {
    /// The template.
    public var template: CertificateTemplate
    /// Whether it is built in, and cannot be changed.
    public var isBuiltIn: Bool
    /// The profiles that use it.
    public var profiles: [String]
    /// What stands for its present settings.
    public var revision: String
}

/// What certificates can look like.
extension Administration {
    /// All templates, the built-in ones first.
    ///
    /// - Throws: ``RegistryError``, or what says which stored template or profile this version cannot read.
    public func templateDescriptions() async throws -> [TemplateDescription] {
        let custom = try await self.registry.templates().map { try CertificateTemplate(record: $0) }
        let profiles = try await self.profileTemplates()
        return try (CertificateTemplate.builtIn.map { ($0, true) } + custom.map { ($0, false) }).map {
            template, isBuiltIn in
            TemplateDescription(
                template: template,
                isBuiltIn: isBuiltIn,
                profiles: profiles.filter { CertificateTemplate.isSame($0.template, template.name) }.map(\.profile),
                revision: try template.revision
            )
        }
    }

    /// A template.
    ///
    /// - Throws: ``AdministrationError`` where there is none of that name.
    public func template(_ name: String) async throws -> TemplateDescription {
        let all = try await self.templateDescriptions()
        guard let found = all.first(where: { CertificateTemplate.isSame($0.template.name, name) }) else {
            throw AdministrationError.unknownTemplate(name, try await self.templates())
        }
        return found
    }

    /// Makes a template, as a copy of another one that is then changed.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - original: The name of the template that is copied.
    ///   - decider: Who makes it.
    ///   - now: The time.
    ///   - change: Changes the copy.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func createTemplate(
        _ name: String,
        from original: String,
        by decider: Decider,
        at now: Date,
        _ change: (inout CertificateTemplate) throws -> Void
    ) async throws {
        let templates = try await self.templates()
        guard var template = templates.named(original) else {
            throw AdministrationError.unknownTemplate(original, templates)
        }
        template.name = name
        try change(&template)
        try template.check()
        guard templates.named(name) == nil else {
            throw AdministrationError(
                "there is a template \(name) already, or one whose name differs in nothing but signs", .conflict,
                field: "name")
        }
        let isRecorded = try await self.registry.insert(
            TemplateRecord(name: name, settings: try template.json()),
            by: decider,
            at: now
        )
        guard isRecorded else {
            throw AdministrationError("there is a template \(name) already", .conflict, field: "name")
        }
    }

    /// Changes a template, for what is issued from now on.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - decider: Who changes it.
    ///   - now: The time.
    ///   - change: Changes it.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func changeTemplate(
        _ name: String,
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date,
        _ change: (inout CertificateTemplate) throws -> Void
    ) async throws {
        for _ in 0..<5 {
            let old = try await self.customTemplate(name)
            var template = try CertificateTemplate(record: old)
            try AdministrationError.check(revision, is: try template.revision, "the template \(name)")
            try change(&template)
            try template.check()
            try await self.checkGrantable(template)
            let new = TemplateRecord(name: old.name, settings: try template.json())
            if try await self.registry.update(new, from: old, by: decider, at: now) { return }
        }
        throw AdministrationError("the template \(name) is being changed by others all the time: try again", .conflict)
    }

    /// Deletes a template that nothing uses any more.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - revision: What stands for the template that was seen; nil where that does not matter.
    ///   - decider: Who deletes it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says what uses it.
    public func deleteTemplate(
        _ name: String,
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date
    ) async throws {
        let old = try await self.customTemplate(name)
        let what = "the template \(name)"
        // One that cannot be read can be deleted, too.
        if let revision {
            try AdministrationError.check(revision, is: try CertificateTemplate(record: old).revision, what)
        }
        // However somebody has written its name there.
        @Sendable func recorded(_ written: String?) -> String? {
            written.map { CertificateTemplate.isSame($0, old.name) ? old.name : $0 }
        }
        let outcome = try await self.registry.deleteTemplate(
            old.name,
            from: revision == nil ? nil : old.settings,
            named: TemplateNaming(
                inSettings: { recorded(try? ProfileSettings(json: $0).template) },
                inBinding: { recorded((try? ChallengeBinding(json: $0))?.template) }
            ),
            by: decider,
            at: now
        )
        switch outcome {
        case .deleted: return
        case .changed: throw AdministrationError.changed(what)
        case .unknown: throw AdministrationError.unknownTemplate(name, try await self.templates())
        case .inUse(let users):
            throw AdministrationError(
                "the template \(old.name) is in use by \(users.joined(separator: ", "))", .conflict)
        }
    }

    private func customTemplate(_ name: String) async throws -> TemplateRecord {
        if let builtIn = CertificateTemplates().named(name) {
            throw AdministrationError(
                "the template \(builtIn.name) is built in and stays as it is: make a copy with ucm template create NAME "
                    + "--from '\(builtIn.name)'"
            )
        }
        guard
            let record = try await self.registry.templates().first(where: { CertificateTemplate.isSame($0.name, name) })
        else { throw AdministrationError.unknownTemplate(name, try await self.templates()) }
        return record
    }

    /// Refuses a template that a CA could not issue by for whose profile it is.
    private func checkGrantable(_ template: CertificateTemplate) async throws {
        let users = try await self.profileTemplates().filter { CertificateTemplate.isSame($0.template, template.name) }
        guard !users.isEmpty else { return }
        let authorities = try await self.authorities()
        for user in users {
            // The one that follows has to be able to do it too.
            let successor = authorities.records.first { $0.id == user.authority }?.rollover?.successor
            for id in [user.authority, successor].compactMap(\.self) { try authorities[id]?.check(template) }
        }
    }

    private func profileTemplates() async throws -> [(profile: String, template: String, authority: Int64)] {
        try await self.registry.profiles().compactMap { record in
            // One that this version cannot read is told of where profiles are listed.
            guard let settings = try? ProfileSettings(json: record.settings) else { return nil }
            return (record.name, settings.template, record.authority)
        }
    }
}

extension CertificateTemplate {
    /// Whether two names are one template's.
    static func isSame(_ one: String, _ other: String) -> Bool { Self.slug(of: one) == Self.slug(of: other) }
}

extension IssuingAuthority {
    /// Refuses a template by which this CA could not issue.
    ///
    /// - Throws: ``AdministrationError`` that names both.
    func check(_ template: CertificateTemplate) throws(AdministrationError) {
        do throws(IssuanceError) {
            try template.check(under: try AuthorityConstraints(certificate: self.issuer.certificate.encoded))
        } catch {
            throw AdministrationError(
                "the CA \(self.name) cannot issue by the template \(template.name): \(error.reason)")
        }
    }
}
