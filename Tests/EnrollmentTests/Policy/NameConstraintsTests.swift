import CertificateAuthority
import Enrollment
import Testing

@Suite("Constraints on names")
struct NameConstraintsTests {
    private static func constraints(_ subjects: [String], _ alternatives: [String] = []) throws -> NameConstraints {
        NameConstraints(
            subjects: try subjects.map(SubjectPattern.init(parsing:)),
            alternativeNames: try alternatives.map(AlternativeNamePattern.init(parsing:))
        )
    }

    @Test("leave all names free where there are none")
    func none() throws {
        let names = AskedNames("CN=anything\0", asking: ["DNS:anything", "email:a@b@c", "other:"])
        #expect(try NameConstraints().violation(by: names.requested) == nil)
        #expect(try NameConstraints().violation(by: AskedNames().requested) == nil)
    }

    static let allowed: [([String], [String], AskedNames)] = [
        (["CN=a", "CN=b"], [], AskedNames("CN=b")),
        (["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["DNS:a.example.com"])),
        (["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["DNS:A.example.com", "DNS:b.example.com"])),
        (["O=x", "CN=*.example.com"], [], AskedNames("CN=a.example.com", "O=x", asking: ["DNS:a.example.com"])),
        (["CN=a*", "CN=*.example.com"], ["*"], AskedNames("CN=a.example.com", asking: ["other:", "email:x"])),
        ([], ["DNS:*.example.com"], AskedNames("CN=anybody", asking: ["DNS:a.example.com"])),
        ([], ["DNS:*.example.com", "IP:10.0.0.0/8"], AskedNames(asking: ["IP:10.1.1.1", "DNS:a.example.com"])),
        ([], ["DNS:*.example.com"], AskedNames()),
        (["CN=a"], ["email:**@example.com"], AskedNames("CN=a", asking: ["email:a.b@example.com"])),
        (["CN=a"], ["email:**@example.com"], AskedNames("CN=a")),
    ]

    @Test("allow what a pattern allows", arguments: allowed)
    func allows(subjects: [String], alternatives: [String], names: AskedNames) throws {
        #expect(try Self.constraints(subjects, alternatives).violation(by: names.requested) == nil)
    }

    static let refused: [([String], [String], AskedNames, String)] = [
        (
            ["CN=*.example.com"], [], AskedNames("CN=evil.example"),
            #"the CN "evil.example" does not match CN=*.example.com"#
        ),
        (
            ["CN=a", "CN=b"], [], AskedNames("CN=c", "O=x"),
            "the subject O=x,CN=c matches none of the patterns CN=a; CN=b"
        ),
        (
            ["CN=a,O=x"], [], AskedNames("CN=a", "O=y"),
            #"the O "y" does not match O=x"#
        ),
        // a SAN for which nobody vouches
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["DNS:evil.example"]),
            "no pattern allows DNS:evil.example, and no pattern for the CN that the subject matches does "
                + "(add one, for example DNS:*.example.com)"
        ),
        (
            ["CN=*.example.com"], [],
            AskedNames("CN=a.example.com", asking: ["DNS:a.example.com", "email:a@example.com"]),
            "no pattern allows email:a@example.com (add one, for example email:**@example.com)"
        ),
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["IP:10.0.0.1"]),
            "no pattern allows IP:10.0.0.1 (add one, for example IP:10.0.0.0/8)"
        ),
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["URI:https://a.example.com/"]),
            "no pattern allows URI:https://a.example.com/ (add one, for example URI:https://example.com/**)"
        ),
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["UPN:a@example.com"]),
            "no pattern allows UPN:a@example.com (add one, for example UPN:**@example.com)"
        ),
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["other:"]),
            "no pattern allows registered ID:1.2.3 (add *, which alone allows names of this kind, and all others)"
        ),
        // a CN that is free vouches for nothing: otherwise whoever may have the O could have any host
        (
            ["O=x"], [], AskedNames("O=x", "CN=evil.example", asking: ["DNS:evil.example"]),
            "no pattern allows DNS:evil.example, and no pattern for the CN that the subject matches does "
                + "(add one, for example DNS:*.example.com)"
        ),
        // nor does the pattern that did not match
        (
            ["O=x", "CN=*.example.com,O=y"], [], AskedNames("O=x", "CN=a.example.com", asking: ["DNS:a.example.com"]),
            "no pattern allows DNS:a.example.com, and no pattern for the CN that the subject matches does "
                + "(add one, for example DNS:*.example.com)"
        ),
        (
            ["CN=*.example.com"], [], AskedNames("CN=a.example.com", asking: ["DNS:*.example.com"]),
            "no pattern allows DNS:*.example.com, and no pattern for the CN that the subject matches does "
                + "(add one, for example DNS:*.example.com)"
        ),
        // every SAN
        (
            [], ["DNS:*.example.com", "IP:10.0.0.0/8"],
            AskedNames(asking: ["DNS:a.example.com", "DNS:a.evil.example", "IP:192.0.2.1"]),
            "no pattern allows DNS:a.evil.example; IP:192.0.2.1 (there are DNS:*.example.com; IP:10.0.0.0/8)"
        ),
        // what is listed leaves nothing to vouch for
        (
            ["CN=*.example.com"], ["email:**@example.com"],
            AskedNames("CN=a.example.com", asking: ["DNS:a.example.com"]),
            "no pattern allows DNS:a.example.com (there are email:**@example.com)"
        ),
        // both
        (
            ["CN=a"], ["DNS:a"], AskedNames("CN=b", asking: ["DNS:b"]),
            #"the CN "b" does not match CN=a; no pattern allows DNS:b (there are DNS:a)"#
        ),
        (
            (1...7).map { "CN=\($0)" }, [], AskedNames("CN=8"),
            "the subject CN=8 matches none of the patterns CN=1; CN=2; CN=3; CN=4; CN=5 and 2 more"
        ),
    ]

    @Test("refuse what none allows, and say what", arguments: refused)
    func refuses(subjects: [String], alternatives: [String], names: AskedNames, reason: String) throws {
        #expect(try Self.constraints(subjects, alternatives).violation(by: names.requested) == reason)
    }

    @Test("are compared with so many names, and with no more")
    func number() throws {
        let constraints = try Self.constraints(["CN=a*"], ["DNS:a*"])
        for (count, isAllowed) in [(250, true), (251, false)] {
            var names = AskedNames("CN=a1")
            names.alternatives = (0..<count).map { AskedNames.alternative("DNS:a\($0)") }
            #expect(try (constraints.violation(by: names.requested) == nil) == isAllowed)
            names = AskedNames(asking: ["DNS:a1"])
            names.subject = (0..<count).map { AskedNames.attribute("CN", tag: 0x0c, Array("a\($0)".utf8)) }
            #expect(try (constraints.violation(by: names.requested) == nil) == isAllowed)
        }
    }
}
