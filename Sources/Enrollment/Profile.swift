public import CertificateAuthority
public import SCEP

/// A SCEP endpoint's settings, ready for use.
public struct Profile: Sendable {
    /// Who answers a profile's requests.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// A registration authority with its own RSA key, so that the CA's key only signs certificates.
        case registrationAuthority = "ra"
        /// The CA itself: one RSA certificate for everything, for the rare client that needs it.
        case certificateAuthority = "ca"
    }

    /// The name, which is in the URL; the default profile's is ``defaultName``.
    public var name: String
    /// Who answers.
    public var mode: Mode
    /// Which algorithms are accepted.
    public var algorithmLevel: AlgorithmLevel
    /// What the certificates look like.
    public var template: CertificateTemplate
    /// Whether everybody may enrol, without any challenge.
    public var isOpen: Bool
    /// The digests of the challenges that are valid.
    public var challenges: [[UInt8]]

    /// The name of the profile that `/scep` means.
    public static let defaultName = "default"

    /// Makes a profile.
    public init(
        name: String,
        mode: Mode = .registrationAuthority,
        algorithmLevel: AlgorithmLevel,
        template: CertificateTemplate = .default,
        isOpen: Bool = false,
        challenges: [[UInt8]]
    ) {
        self.name = name
        self.mode = mode
        self.algorithmLevel = algorithmLevel
        self.template = template
        self.isOpen = isOpen
        self.challenges = challenges
    }

    /// What GetCACaps answers.
    ///
    /// Weak algorithms are accepted at level `compatible` but advertised only at `legacy`: clients choose the strongest
    /// that they know (RFC 8894 §3.5.2).
    public var capabilities: [Capability] {
        let strong: [Capability] = [.aes, .postPKIOperation, .sha256, .sha384, .sha512, .scepStandard]
        return self.algorithmLevel == .legacy ? strong + [.tripleDES, .sha1] : strong
    }
}
