import AdministrationAPI

/// The settings of a profile: all that the API lets one change, in groups, with words for each.
enum ProfileSettings {
    static let approvals: [(value: String, label: String)] = [
        ("automatic", "are granted at once"), ("manual", "wait for somebody"),
    ]

    private static let capabilities = [
        "AES", "DES3", "GetNextCACert", "POSTPKIOperation", "Renewal", "SHA-1", "SHA-256", "SHA-384", "SHA-512",
        "SCEPStandard",
    ]

    /// All groups.
    ///
    /// - Parameters:
    ///   - authorities: The CAs that can be chosen.
    ///   - templates: The templates that can be chosen.
    /// - Returns: The groups in the order in which a page shows them.
    static func groups(authorities: [String] = [], templates: [String] = []) -> [SettingGroup] {
        [
            Self.issuing(authorities.map { ($0, $0) }, templates.map { ($0, $0) }), Self.approval, Self.rules,
            Self.queue,
            Self.renewal, Self.algorithms, Self.clients,
        ]
    }

    private typealias Options = [(value: String, label: String)]

    private static func issuing(_ authorities: Options, _ templates: Options) -> SettingGroup {
        SettingGroup(
            title: "What is issued",
            settings: [
                Setting(
                    "enabled", "Enabled", .check, hint: "Otherwise devices are told that the profile is switched off."),
                Setting("ca", "CA", .choice(authorities)),
                Setting(
                    "template", "Template", .choice(templates),
                    hint: "It says how long certificates are valid, and what they are good for."),
                Setting(
                    "mode", "Who answers",
                    .choice([("ra", "a registration authority with its own key"), ("ca", "the CA itself")]),
                    hint: "The CA itself only for the rare client that needs one certificate for everything."),
            ])
    }

    private static let approval = SettingGroup(
        title: "Approval",
        settings: [
            Setting("approval", "Requests that the rules grant", .choice(Self.approvals)),
            Setting(
                "rules.otherwise", "What the rules do not grant",
                .choice([("refuse", "is refused"), ("queue", "waits for somebody")])),
            Setting("open", "Open", .check, hint: "Whoever reaches the URL gets a certificate, without any challenge."),
        ])

    private static let rules = SettingGroup(
        title: "Rules",
        settings: [
            Setting(
                "rules.credentials", "Challenge and address",
                .choice([("any", "one of them is enough"), ("all", "both are needed")])),
            Setting(
                "rules.addresses", "Addresses that are a credential", .lines(rows: 2),
                hint: "Addresses or ranges, one in a line: `10.0.0.0/8`."),
            Setting(
                "rules.subjects", "Subjects", .lines(rows: 2),
                hint: "Patterns, one in a line: `CN=*.example.com,O=Example`. Empty: any."),
            Setting(
                "rules.sans", "SANs", .lines(rows: 2),
                hint: "Patterns: `DNS:*.example.com`. Empty: those for which the subject vouches."),
            Setting(
                "rules.keys", "Keys", .lines(rows: 2),
                hint: "Kinds: `rsa`, `rsa3072` or more bits, `ec`, `p256`. Empty: any."),
        ])

    private static let queue = SettingGroup(
        title: "The queue",
        settings: [
            Setting("queue.approvals", "People who have to approve", .number, hint: "Different ones, 1 to 9."),
            Setting("queue.days", "Days to decide", .number, hint: "Then a request expires."),
            Setting("queue.limit", "Requests that may wait", .number),
            Setting("queue.limitPerAddress", "Of one address", .number),
        ])

    private static let renewal = SettingGroup(
        title: "Renewal",
        settings: [
            Setting("renewal.allowed", "Certificates may renew themselves", .check),
            Setting(
                "renewal.windowPercent", "In the last part of their life, in percent", .number,
                hint: "Empty: at any time."),
            Setting("renewal.graceDays", "Days after the end", .number, hint: "How long one that has ended still may."),
            Setting("renewal.requiresChallenge", "A renewal needs a challenge besides", .check),
            Setting("renewal.revokesOld", "The old certificate is revoked as superseded", .check),
        ])

    private static let algorithms = SettingGroup(
        title: "Algorithms",
        settings: [
            Setting(
                "algorithmLevel", "Accepted",
                .choice([
                    ("modern", "modern: AES, SHA-2"), ("compatible", "compatible: also 3DES, SHA-1"),
                    ("legacy", "legacy: also DES, MD5, RSA-1024"),
                ])),
            Setting(
                "mirrorSHA1", "Answer SHA-1 with SHA-1", .check,
                hint: "For clients that do not understand SHA-256 in an answer."),
            Setting(
                "mirrorDES", "Answer single DES in single DES", .check, hint: "For clients that do not understand AES."),
            Setting(
                "signingTimeTolerance", "Seconds that a signingTime may be off", .number,
                hint: "Empty: it is not looked at, because clocks of devices are wrong."),
        ])

    private static let clients = SettingGroup(
        title: "What clients are given",
        settings: [
            Setting(
                "publishedCertificates", "GetCACert",
                .choice([
                    ("complete", "RA certificate, CA and its parents"), ("authority", "the CA alone"),
                ]), hint: "The CA alone for clients that stumble over the others: iOS says -67731."),
            Setting(
                "replyChain", "A SUCCESS carries",
                .choice([("leaf", "the device's certificate alone"), ("chain", "the certificate with its chain")]),
                hint: "Cisco's VPN clients need the chain; iOS, Juniper and Intune refuse it."),
            Setting(
                "capabilities", "Capabilities", .byHand("Choose by hand what GetCACaps lists", Self.capabilities),
                hint: "Otherwise it follows from the other settings. What is accepted does not depend on it."),
        ])
}
