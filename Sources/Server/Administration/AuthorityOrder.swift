public import CertificateAuthority
public import SwiftASN1

/// A CA that somebody wants to have made.
public struct AuthorityOrder: Hashable, Sendable {
    /// How many CAs may be below one another underneath it.
    public enum PathLength: Hashable, Sendable {
        /// None under an intermediate CA, any number under a root.
        case usual
        /// As many as the CA above allows.
        case unlimited
        /// So many.
        case limited(Int)
    }

    /// What it is called here, and its common name where no subject is given.
    public var name: String
    /// Its subject as people write it; nil for its name alone.
    public var subject: String?
    /// The kind of its key.
    public var key: KeyAlgorithm = .rsa3072
    /// The CA above; nil for a root.
    public var parent: String?
    /// For how many days; nil for ten years, or five below another CA, or as long as that one lasts.
    public var validityDays: Int?
    /// How many CAs may be below one another underneath it.
    public var pathLength = PathLength.usual
    /// The names that it may issue for; any where there are none.
    public var permittedNames: [NameSubtree] = []
    /// The names that it may not issue for.
    public var excludedNames: [NameSubtree] = []
    /// The purposes that it may issue for; any where there are none.
    public var extendedKeyUsage: [ASN1ObjectIdentifier] = []
    /// The policies of its certificates.
    public var policies: [CertificatePolicy] = []
    /// Whether it can answer SCEP requests itself.
    public var answersSCEP = false

    /// Orders a root with an RSA key of 3072 bits.
    public init(name: String) {
        self.name = name
    }

    /// The constraints as the certificate has them; nil for none.
    var nameConstraints: AuthorityNameConstraints? {
        self.permittedNames.isEmpty && self.excludedNames.isEmpty
            ? nil : AuthorityNameConstraints(permitted: self.permittedNames, excluded: self.excludedNames)
    }

    /// The path length of the certificate.
    var pathLengthConstraint: Int? {
        switch self.pathLength {
        case .usual: self.parent == nil ? nil : 0
        case .unlimited: nil
        case .limited(let length): length
        }
    }
}
