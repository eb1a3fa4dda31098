/// The templates of an installation: the built-in ones, then those that an administrator has made.
public struct CertificateTemplates: Hashable, Sendable {
    /// All of them.
    public let all: [CertificateTemplate]

    /// Puts the built-in templates before others; one that has the name of another before it is never found.
    public init(custom: [CertificateTemplate] = []) {
        self.all = CertificateTemplate.builtIn + custom
    }

    /// The template with a name.
    ///
    /// - Parameter name: The name in any case, or its ``CertificateTemplate/slug``: `Mobile Devices` or `mobile-devices`.
    /// - Returns: The template; nil where there is none.
    public func named(_ name: String) -> CertificateTemplate? {
        let slug = CertificateTemplate.slug(of: name)
        return self.all.first { $0.slug == slug }
    }

    /// The names of all templates.
    public var names: [String] { self.all.map(\.name) }
}
