/// Where relying parties find what belongs to a CA's certificates, as it goes into the templates' URLs.
public struct Distribution: Hashable, Sendable {
    /// The installation's base URL; nil where it has none, and URLs that need it are left out.
    public var baseURL: String?
    /// The CA's name as it stands in URLs; where it is empty, URLs that need it are left out.
    public var authority: String

    /// Makes a distribution.
    public init(baseURL: String?, authority: String) {
        self.baseURL = baseURL
        self.authority = authority
    }

    /// No base URL and no name.
    public static let none = Distribution(baseURL: nil, authority: "")

    /// What stands for the base URL, and for the CA's name.
    private static let placeholders = (url: "{url}", authority: "{ca}")

    /// The URLs of a template with everything filled in, without those that need what there is not.
    ///
    /// - Parameters:
    ///   - urls: URLs with placeholders.
    ///   - schemes: The schemes that they may have.
    /// - Returns: The URLs.
    /// - Throws: ``IssuanceError`` with code `distribution` where one is no URL then.
    func filled(_ urls: [String], schemes: [String] = Self.schemes) throws(IssuanceError) -> [String] {
        var filled: [String] = []
        for url in urls {
            guard let text = self.filled(url) else { continue }
            if let flaw = WebAddress.flaw(in: text, schemes: schemes) {
                throw IssuanceError(.distribution, "the URL \"\(ReadableText.line(text))\" \(flaw)")
            }
            filled.append(text)
        }
        return filled
    }

    private func filled(_ url: String) -> String? {
        var text = url
        if text.contains(Self.placeholders.url) {
            guard let baseURL = self.baseURL, !baseURL.isEmpty else { return nil }
            let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
            text = text.replacing(Self.placeholders.url, with: base)
        }
        if text.contains(Self.placeholders.authority) {
            guard !self.authority.isEmpty else { return nil }
            text = text.replacing(Self.placeholders.authority, with: self.authority)
        }
        return text
    }

    /// What URLs of CRLs and certificates may begin with (RFC 5280 §4.2.1.13), and those of OCSP (RFC 6960 §A.1).
    static let schemes = ["http", "https", "ldap"]
    static let statusSchemes = ["http", "https"]

    /// A distribution by which URLs are tried out.
    static let example = Distribution(baseURL: "http://ca.example.com", authority: "ca")
}
