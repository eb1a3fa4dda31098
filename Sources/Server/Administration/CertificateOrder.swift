public import CertificateAuthority

/// A certificate that somebody wants to have, without SCEP.
public struct CertificateOrder: Hashable, Sendable {
    /// Whose key it is for.
    public enum Key: Hashable, Sendable {
        /// That of a PKCS#10 request, as DER.
        case request([UInt8])
        /// One that is made here, and handed over once.
        case generated(KeyAlgorithm)
    }

    /// Whose key it is for.
    public var key: Key
    /// The name of the CA; nil for the default one.
    public var authority: String?
    /// The name of the template.
    public var template = "Default"
    /// The subject as people write it; nil for the request's.
    public var subject: String?
    /// The SANs as people write them, `DNS:host.example.com`; nil for the request's.
    public var alternativeNames: [String]?
    /// For how many days; nil for as many as the template says.
    public var validityDays: Int?

    /// Orders a certificate of the default CA by the template Default.
    public init(key: Key) {
        self.key = key
    }
}
