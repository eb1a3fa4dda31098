import AdministrationAPI
import CertificateAuthority
import Enrollment
import SCEP

/// A profile as somebody sends it.
struct ProfileDraft: Sendable {
    var name = ""
    var authority: String?
    var challenge: String?
    var hasNoChallenge = false
    var settings = ProfileSettings()
}

/// Profiles in the API.
enum ProfileFields {
    static let settings: [Field<ProfileSettings>] = [
        Field("enabled", \.isEnabled, .boolean, "Whether devices are answered at all."),
        Field(
            "mode", \.mode, .choice, "Who answers: ra, a registration authority with its own key, or ca, the CA itself."
        ),
        Field("algorithmLevel", \.algorithmLevel, .choice, "Which algorithms are accepted."),
        Field("template", \.template, .text(1...100), "The template of its certificates.", example: "Default"),
        Field("open", \.isOpen, .boolean, "Whether everybody may enrol without any challenge."),
        Field("approval", \.approval, .choice, "Whether requests that may be granted are, or wait for somebody."),
        Field("rules", \.rules, FieldSet(Self.rules)),
        Field("queue", \.queue, FieldSet(Self.queue)),
        Field("publishedCertificates", \.publishedCertificates, .choice, "What GetCACert gives."),
        Field(
            "replyChain", \.replyChain, .choice,
            "Whether a SUCCESS carries the device's certificate alone or its chain."),
        Field(
            "capabilities", \.capabilities, .optional(.list(of: .choice, 0...20)),
            "What GetCACaps lists; null for what follows from the other settings."),
        Field("mirrorSHA1", \.mirrorsSHA1, .boolean, "Whether requests with SHA-1 are answered with SHA-1."),
        Field("mirrorDES", \.mirrorsDES, .boolean, "Whether requests in single DES are answered in single DES."),
        Field(
            "signingTimeTolerance", \.signingTimeTolerance, .optional(.integer(1...86_400)),
            "How many seconds a signingTime may be off; null where it is not looked at."),
        Field("renewal", \.renewal, FieldSet(Self.renewal)),
    ]

    private static let rules: [Field<ApprovalRules>] = [
        Field("credentials", \.combination, .choice, "How many of the credentials have to hold."),
        Field(
            "addresses", \.addressRanges,
            .list(of: .notation("An address or a range of them: 10.0.0.0/8, 2001:db8::/32."), 0...200),
            "The addresses that are a credential."),
        Field(
            "subjects", \.subjects, .list(of: .notation("A pattern: CN=*.example.com, O=Example."), 0...200),
            "What the subject has to look like; anything where there are none."),
        Field(
            "sans", \.alternativeNames, .list(of: .notation("A pattern: DNS:*.example.com."), 0...200),
            "Which SANs there may be; without any, those for which the subject vouches."),
        Field(
            "keys", \.keys, .list(of: .notation("A kind of key: rsa, rsa3072 (or more bits), ec, p256."), 0...20),
            "Which keys are certified; any where there are none."),
        Field("otherwise", \.otherwise, .choice, "What happens to what the rules do not grant."),
    ]

    private static let queue: [Field<ProfileSettings.Queue>] = [
        Field("approvals", \.approvalsNeeded, .integer(1...9), "How many different people have to approve a request."),
        Field("days", \.days, .integer(1...365), "How many days a request waits."),
        Field("limit", \.limit, .integer(1...1_000_000), "How many requests may wait."),
        Field("limitPerAddress", \.limitPerAddress, .integer(1...1_000_000), "How many of one address may wait."),
    ]

    private static let renewal: [Field<ProfileSettings.Renewal>] = [
        Field("allowed", \.isAllowed, .boolean, "Whether certificates may renew themselves."),
        Field(
            "windowPercent", \.windowPercent, .optional(.integer(1...100)),
            "The last part of its life in which a certificate may be renewed; null for all of it."),
        Field("graceDays", \.graceDays, .integer(0...3650), "How many days it may have ended."),
        Field("requiresChallenge", \.requiresChallenge, .boolean, "Whether a renewal needs a challenge besides."),
        Field("revokesOld", \.revokesOld, .boolean, "Whether the renewed certificate is revoked as superseded."),
    ]

    private static let nameField = Field<ProfileDraft>(
        "name", \.name, .text(1...40, pattern: "[a-z0-9][a-z0-9-]*"),
        "The name, which is in the URL: a to z, 0 to 9 and -.", example: "vpn")

    private static let authorityField = Field<ProfileDraft>.sent(
        "ca", \.authority, .optional(.text(1...200)), "Its CA; null or nothing for the default one, or to leave it.")

    /// What is sent to make one.
    static let new = FieldSet<ProfileDraft>(
        [
            Self.nameField.required, Self.authorityField,
            .sent(
                "challenge", \.challenge, .optional(.text(1...255)),
                "Its static challenge; nothing for one that is generated, and answered once."),
            .sent(
                "withoutChallenge", \.hasNoChallenge, .boolean,
                "Whether it has no static challenge: devices get one each."),
        ] + Self.settings.map { $0.within(\.settings) })

    /// What is sent to change one.
    static let changed = FieldSet<ProfileDraft>([Self.authorityField] + Self.settings.map { $0.within(\.settings) })

    /// What is answered.
    static let shown = FieldSet<ProfileDescription>(
        [
            .answered("name", .anyText, "The name.", example: "default") { $0.name },
            .answered("path", .anyText, "Where it is served.", example: "/scep") {
                $0.name == Profile.defaultName ? "/scep" : "/scep/\($0.name)"
            },
            .answered("ca", .anyText, "Its CA.", example: "UCM CA") { $0.authority },
            .answered("staticChallenges", .integer(0...1_000_000), "How many static challenges are valid.") {
                $0.challenges
            },
            .answered("warning", .optional(.anyText), "What one should know; null where there is nothing.") {
                $0.warning
            },
        ] + Self.settings.map { $0.within(\.settings).readOnly })
}
