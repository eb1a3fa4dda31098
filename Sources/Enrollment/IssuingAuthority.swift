public import CertificateAuthority
import CryptographicMessageSyntax

/// A CA with everything that it takes to answer for it.
public struct IssuingAuthority: Sendable {
    /// The number in the registry.
    public let id: Int64
    /// The name.
    public let name: String
    /// What issues.
    public let issuer: Issuer
    /// The CA's own certificate and key, for CA mode; nil where it cannot answer SCEP requests (an ECDSA key).
    public let ownKey: RegistrationKey?
    /// The certificates and keys of its registration authority, the newest first.
    public let registrationKeys: [RegistrationKey]
    /// The certificates above the CA's own, the nearest first; none for a root.
    public let parents: [[UInt8]]
    /// Whether it issues nothing more, retired or itself revoked, and only goes on saying what is revoked.
    public let isRetired: Bool

    /// Puts a CA together.
    public init(
        id: Int64,
        name: String,
        issuer: Issuer,
        ownKey: RegistrationKey?,
        registrationKeys: [RegistrationKey],
        parents: [[UInt8]] = [],
        isRetired: Bool = false
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.ownKey = ownKey
        self.registrationKeys = registrationKeys
        self.parents = parents
        self.isRetired = isRetired
        self.statusIssuer = CertIDIssuer(subject: issuer.certificate.subject, publicKey: issuer.certificate.publicKey)
    }

    /// How OCSP requests name it.
    public let statusIssuer: CertIDIssuer

    /// Its certificate and those above, as clients are given them.
    public var chain: [[UInt8]] { [self.issuer.certificate.encoded] + self.parents }

    /// The certificates and keys that answer under a profile's settings, the one that clients are given first.
    ///
    /// The others only still decrypt. None where the CA has to answer itself and cannot.
    public func keys(for settings: ProfileSettings) -> [RegistrationKey] {
        switch (settings.mode, settings.publishedCertificates) {
        case (.registrationAuthority, .complete): self.registrationKeys
        // Clients that are given the CA alone encrypt to it.
        case (.registrationAuthority, .authority): self.ownKey.map { [$0] + self.registrationKeys } ?? []
        case (.certificateAuthority, _): [self.ownKey].compactMap(\.self)
        }
    }
}

/// The CAs of a profile: the one that issues now, and those before and after it.
public struct ProfileAuthorities: Sendable {
    /// The CA that issues.
    public var current: IssuingAuthority
    /// The CA that follows, and what GetNextCACert answers; nil while there is none.
    public var next: (authority: IssuingAuthority, answer: [UInt8])?
    /// The CAs before the current one: what is encrypted for them they still answer.
    public var earlier: [IssuingAuthority]
    /// All CAs of the installation, whose certificates are known when they sign a renewal.
    public var known: [IssuingAuthority]

    /// Puts a profile's CAs together.
    public init(
        current: IssuingAuthority,
        next: (authority: IssuingAuthority, answer: [UInt8])? = nil,
        earlier: [IssuingAuthority] = [],
        known: [IssuingAuthority]? = nil
    ) {
        self.current = current
        self.next = next
        self.earlier = earlier
        self.known = known ?? [current] + [next?.authority].compactMap(\.self) + earlier
    }

    /// For whom a request may be encrypted: each certificate and key, and the CA that then issues (RFC 8894 §5.1).
    func recipients(for settings: ProfileSettings) -> [Recipient] {
        ([self.current] + [self.next?.authority].compactMap(\.self) + self.earlier).filter { !$0.isRetired }.flatMap {
            authority in
            authority.keys(for: settings).map { Recipient(key: $0, authority: authority) }
        }
    }
}

/// For whom a request is encrypted.
struct Recipient: Sendable {
    let key: RegistrationKey
    let authority: IssuingAuthority
}
