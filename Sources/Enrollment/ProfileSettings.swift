public import CertificateAuthority
public import SCEP

/// What an administrator decides about a SCEP endpoint.
public struct ProfileSettings: Hashable, Sendable {
    /// Who answers a profile's requests.
    public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// A registration authority with its own RSA key, so that the CA's key only signs certificates.
        case registrationAuthority = "ra"
        /// The CA itself: one RSA certificate for everything, for the rare client that needs it.
        case certificateAuthority = "ca"
    }

    /// What happens to a request that may be granted.
    public enum Approval: String, Hashable, Sendable, CaseIterable, Codable {
        /// It is granted at once.
        case automatic
        /// It waits until somebody approves it.
        case manual
    }

    /// What GetCACert gives.
    public enum PublishedCertificates: String, Hashable, Sendable, CaseIterable, Codable {
        /// Everything that RFC 8894 §4.2.1 asks for: RA certificate, CA, its parents.
        case complete
        /// The CA alone, for clients that stumble over the others (iOS error -67731).
        case authority
    }

    /// Which certificates a SUCCESS carries.
    public enum ReplyChain: String, Hashable, Sendable, CaseIterable, Codable {
        /// The device's own: iOS takes the first one for its own, Juniper and Intune's clients refuse others.
        case leaf
        /// The device's own, then the CA and its parents: Cisco's VPN clients need them.
        case chain
    }

    /// Whether devices are answered at all.
    public var isEnabled = true
    /// Who answers.
    public var mode = Mode.registrationAuthority
    /// Which algorithms are accepted.
    public var algorithmLevel = AlgorithmLevel.compatible
    /// The name of the template that says what the certificates look like.
    public var template = "Default"
    /// Whether everybody may enrol, without any challenge.
    public var isOpen = false
    /// What happens to a request that may be granted; renewals are always granted at once.
    public var approval = Approval.automatic
    /// Who may have what: credentials and constraints.
    public var rules = ApprovalRules()
    /// How requests wait.
    public var queue = Queue()
    /// What GetCACert gives.
    public var publishedCertificates = PublishedCertificates.complete
    /// Which certificates a SUCCESS carries.
    public var replyChain = ReplyChain.leaf
    /// What GetCACaps lists; nil for what follows from the other settings.
    ///
    /// What is accepted does not depend on it.
    public var capabilities: [Capability]?
    /// Whether a request with SHA-1 is answered with SHA-1, and not with SHA-256.
    public var mirrorsSHA1 = false
    /// Whether a request in single DES is answered in single DES, and not in AES-128.
    public var mirrorsDES = false
    /// How many seconds a signingTime may be off, where a client sends one; nil where it is not looked at.
    public var signingTimeTolerance: Int?
    /// Which certificates may renew themselves.
    public var renewal = Renewal()

    /// Makes the settings of a new profile.
    public init() {}

    /// How requests wait for approval.
    public struct Queue: Hashable, Sendable {
        /// How many different people have to approve a request.
        public var approvalsNeeded = 1
        /// How many days a request waits before it is given up.
        public var days = 7
        /// How many requests may wait.
        public var limit = 10_000
        /// How many of one address may wait.
        public var limitPerAddress = 100

        /// Makes the settings of a new profile.
        public init() {}
    }

    /// Which certificates may renew themselves, by a RenewalReq or a PKCSReq that they sign.
    public struct Renewal: Hashable, Sendable {
        /// Whether any may.
        public var isAllowed = true
        /// The last part of its life in which a certificate may be renewed, in percent; nil for all of its life.
        public var windowPercent: Int?
        /// How many days a certificate may have ended and still be renewed.
        public var graceDays = 0
        /// Whether a renewal needs a challenge besides.
        public var requiresChallenge = false
        /// Whether the renewed certificate is revoked, as superseded.
        public var revokesOld = false

        /// Makes the settings of a new profile.
        public init() {}
    }
}

extension ProfileSettings: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case isEnabled, mode, algorithmLevel, template, isOpen, approval, rules, queue
        case publishedCertificates, replyChain, capabilities, mirrorsSHA1, mirrorsDES, signingTimeTolerance, renewal
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.isEnabled, .isEnabled)
        try values.update(&self.mode, .mode)
        try values.update(&self.algorithmLevel, .algorithmLevel)
        try values.update(&self.template, .template)
        try values.update(&self.isOpen, .isOpen)
        try values.update(&self.approval, .approval)
        try values.update(&self.rules, .rules)
        try values.update(&self.queue, .queue)
        try values.update(&self.publishedCertificates, .publishedCertificates)
        try values.update(&self.replyChain, .replyChain)
        self.capabilities = try values.decodeIfPresent([Capability].self, forKey: .capabilities)
        try values.update(&self.mirrorsSHA1, .mirrorsSHA1)
        try values.update(&self.mirrorsDES, .mirrorsDES)
        self.signingTimeTolerance = try values.decodeIfPresent(Int.self, forKey: .signingTimeTolerance)
        try values.update(&self.renewal, .renewal)
    }
}

extension ProfileSettings.Queue: Codable {
    private enum CodingKeys: String, CodingKey {
        case approvalsNeeded, days, limit, limitPerAddress
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.approvalsNeeded, .approvalsNeeded)
        try values.update(&self.days, .days)
        try values.update(&self.limit, .limit)
        try values.update(&self.limitPerAddress, .limitPerAddress)
    }
}

extension ProfileSettings.Renewal: Codable {
    private enum CodingKeys: String, CodingKey {
        case isAllowed, windowPercent, graceDays, requiresChallenge, revokesOld
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.isAllowed, .isAllowed)
        self.windowPercent = try values.decodeIfPresent(Int.self, forKey: .windowPercent)
        try values.update(&self.graceDays, .graceDays)
        try values.update(&self.requiresChallenge, .requiresChallenge)
        try values.update(&self.revokesOld, .revokesOld)
    }
}
