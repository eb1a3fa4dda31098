import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Enrollment
import Server

/// Who may have what, as a command sets it; what is not given stays as it is.
struct RuleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whether a request needs all credentials, a challenge and, where addresses are given, a known address, or any "
                + "one of them.",
            valueName: "all|any"
        )
    )
    var credentials: ApprovalRules.Combination?

    @Option(
        help: ArgumentHelp(
            "Known addresses, a credential: 10.0.0.0/8, 2001:db8::/32. Can be repeated; off for none.",
            valueName: "range"
        ),
        transform: RuleList.item
    )
    var address: [RuleList<AddressRange>] = []

    @Option(
        help: ArgumentHelp(
            "What subjects have to match: CN=*.example.com, or CN=*,O=Example. * stands for anything but a dot, ** for "
                + "anything. Can be repeated, one suffices; off for any subject.",
            valueName: "pattern"
        ),
        transform: RuleList.item
    )
    var subject: [RuleList<SubjectPattern>] = []

    @Option(
        help: ArgumentHelp(
            "What each SAN has to match: DNS:*.example.com, email:*@example.com, URI:https://example.com/**, "
                + "IP:10.0.0.0/8, UPN:*@example.com, or * for all. Can be repeated; off for what the subject's patterns "
                + "say.",
            valueName: "pattern"
        ),
        transform: RuleList.item
    )
    var san: [RuleList<AlternativeNamePattern>] = []

    @Option(
        help: ArgumentHelp(
            "Which keys are certified: rsa, rsa3072 (so many bits or more), ec, p256, p384, p521. Can be repeated; off "
                + "for any.",
            valueName: "kind"
        ),
        transform: RuleList.item
    )
    var key: [RuleList<KeyRequirement>] = []

    @Option(
        help: ArgumentHelp(
            "What becomes of a request that the rules do not grant: it is refused, or waits for ucm request approve.",
            valueName: "refuse|queue"
        )
    )
    var otherwise: ApprovalRules.Otherwise?

    /// What is sent of what is given.
    var body: JSONObject {
        var body = JSONObject()
        body["credentials"] = .word(self.credentials)
        body["addresses"] = RuleList.json(self.address)
        body["subjects"] = RuleList.json(self.subject)
        body["sans"] = RuleList.json(self.san)
        body["keys"] = RuleList.json(self.key)
        body["otherwise"] = .word(self.otherwise)
        return body
    }
}

/// One of the rules of an option that can be repeated, or "off".
enum RuleList<Rule: PolicyNotation>: Sendable {
    case rule(Rule)
    case off

    /// Reads a rule; the place of an error is shown.
    static func item(_ text: String) throws -> RuleList {
        text == "off" ? .off : .rule(try Rule(parsing: text))
    }

    /// The rules that were given; nil where there were none, so that the setting stays.
    static func all(_ items: [RuleList]) -> [Rule]? {
        guard !items.isEmpty else { return nil }
        return items.compactMap { item in if case .rule(let rule) = item { rule } else { nil } }
    }

    /// What is sent of them; nil where there were none.
    static func json(_ items: [RuleList]) -> JSONValue? {
        Self.all(items).map { .array($0.map { .string("\($0)") }) }
    }
}
