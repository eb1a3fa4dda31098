import CertificateAuthority
import Registry

extension CertificateTemplates {
    /// The templates that are built in and those in the registry.
    ///
    /// One that this version cannot read is left out: profiles that use it say so, and no others are the worse for it.
    init(in registry: Registry) async throws {
        self.init(custom: try await registry.templates().compactMap { try? CertificateTemplate(record: $0) })
    }
}

extension CertificateTemplate {
    /// Reads a template from the registry; what it is called is the record's name.
    init(record: TemplateRecord) throws {
        try self.init(json: record.settings)
        self.name = record.name
    }
}
