public import CertificateAuthority
public import SCEP

/// A SCEP endpoint, ready for use.
public struct Profile: Sendable {
    /// The name, which is in the URL; the default profile's is ``defaultName``.
    public var name: String
    /// What an administrator has decided.
    public var settings: ProfileSettings
    /// What the certificates look like.
    public var template: CertificateTemplate
    /// Its static challenges; dynamic ones are looked up.
    public var challenges: [KnownChallenge]

    /// What decides who may have what.
    public var policy: ApprovalPolicy {
        ApprovalPolicy(
            profile: self.name,
            isOpen: self.settings.isOpen,
            requiresApproval: self.settings.approval == .manual,
            rules: self.settings.rules
        )
    }

    /// The name of the profile that `/scep` means.
    public static let defaultName = "default"

    /// Makes a profile.
    public init(
        name: String,
        settings: ProfileSettings = ProfileSettings(),
        template: CertificateTemplate = .default,
        challenges: [KnownChallenge]
    ) {
        self.name = name
        self.settings = settings
        self.template = template
        self.challenges = challenges
    }
}

extension ProfileSettings {
    /// What GetCACaps answers (RFC 8894 §3.5.2).
    ///
    /// Weak algorithms are accepted at level `compatible` but advertised only at `legacy`: clients choose the strongest
    /// that they know.
    ///
    /// - Parameter hasNextAuthority: Whether there is anything that GetNextCACert could answer.
    /// - Returns: The capabilities, in order.
    public func advertisedCapabilities(hasNextAuthority: Bool) -> [Capability] {
        var all = self.capabilities ?? self.defaultCapabilities
        // SCEPStandard says that POST is supported.
        if !all.contains(.postPKIOperation) { all.removeAll { $0 == .scepStandard } }
        if !hasNextAuthority { all.removeAll { $0 == .getNextCACert } }
        return all
    }

    /// Whether clients are given the CA's certificate alone, so that the CA answers them itself.
    public var letsAuthorityAnswer: Bool {
        self.mode == .certificateAuthority || self.publishedCertificates == .authority
    }

    private var defaultCapabilities: [Capability] {
        var all: [Capability] = [.aes, .getNextCACert, .postPKIOperation]
        if self.renewal.isAllowed { all.append(.renewal) }
        all += [.sha256, .sha384, .sha512, .scepStandard]
        return self.algorithmLevel == .legacy ? all + [.tripleDES, .sha1] : all
    }
}
