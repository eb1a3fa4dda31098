import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import TestSupport
import Testing

@Suite("What a policy says")
struct PolicySentenceTests {
    private static func policy(_ configure: (inout ApprovalPolicy) throws -> Void = { _ in }) rethrows -> ApprovalPolicy
    {
        var policy = ApprovalPolicy(
            profile: "phones", isOpen: false, requiresApproval: false, rules: ApprovalRules())
        try configure(&policy)
        return policy
    }

    private static func question(
        _ challenge: ChallengeVerdict = .missing,
        client: String = "192.0.2.1",
        _ names: AskedNames = AskedNames("CN=a.example.com"),
        key: SubjectPublicKeyInfo = TestKeys.device.publicKey
    ) throws -> PolicyQuestion {
        PolicyQuestion(client: client, challenge: challenge, names: try names.requested, key: key)
    }

    private static let missing =
        "the request has no challenge, which the profile phones asks for: set it on the device"
    private static let outside = "the address 192.0.2.1 is in none of the profile's ranges (10.0.0.0/8)"

    private static func ranges(_ combination: ApprovalRules.Combination) throws -> ApprovalPolicy {
        try Self.policy {
            $0.rules.combination = combination
            $0.rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
        }
    }

    @Test("is what is missing, and what to do")
    func missing() throws {
        #expect(
            try Self.policy().explain(Self.question()).decision == .refuse(ground: .credential, reason: Self.missing))
        #expect(
            try Self.ranges(.all).explain(Self.question(.valid("x"))).decision
                == .refuse(ground: .credential, reason: Self.outside)
        )
        #expect(
            try Self.ranges(.any).explain(Self.question()).decision
                == .refuse(ground: .credential, reason: Self.missing + "; and " + Self.outside)
        )
        let queueing = Self.policy { $0.rules.otherwise = .queue }
        #expect(try queueing.explain(Self.question()).decision == .queue(reason: Self.missing))
    }

    @Test("is why a challenge is no good, and that alone")
    func invalid() throws {
        let reason = "the challenge ended at 12:00: make a new one"
        for otherwise in ApprovalRules.Otherwise.allCases {
            var policy = try Self.ranges(.any)
            policy.rules.otherwise = otherwise
            let explanation = try policy.explain(Self.question(.invalid(reason)))
            #expect(explanation.decision == .refuse(ground: .credential, reason: reason))
            #expect(explanation.verdicts.map(\.detail) == [reason, Self.outside])
        }
    }

    @Test("is also why a credential does not hold that is not needed")
    func notNeeded() throws {
        let byAddress = try Self.ranges(.any).explain(Self.question(client: "10.0.0.1"))
        #expect(
            byAddress.verdicts == [
                .init(.challenge, .notNeeded, Self.missing),
                .init(.address, .holds, "the address 10.0.0.1 is in 10.0.0.0/8"),
            ]
        )
        let byChallenge = try Self.ranges(.any).explain(Self.question(.valid("static challenge \"A\"")))
        #expect(
            byChallenge.verdicts == [
                .init(.challenge, .holds, "valid: static challenge \"A\""), .init(.address, .notNeeded, Self.outside),
            ]
        )
        #expect(byAddress.decision == .grant)
        #expect(byChallenge.decision == .grant)
    }

    @Test("is that nobody has to show anything where the profile is open")
    func open() throws {
        let explanation = try Self.policy { $0.isOpen = true }.explain(Self.question(.invalid("wrong")))
        #expect(explanation.verdicts == [.init(.open, .holds, "the profile phones is open to everybody")])
        #expect(explanation.decision == .grant)
    }

    @Test("is that somebody has to approve")
    func approval() throws {
        let reason = "the profile phones asks for approval of every request"
        let explanation = try Self.policy { $0.requiresApproval = true }.explain(Self.question(.valid("x")))
        #expect(explanation.verdicts.last == .init(.approval, .fails, reason))
        #expect(explanation.decision == .queue(reason: reason))
    }

    @Test("is all that is wrong, also behind what failed first")
    func everything() throws {
        let policy = try Self.policy {
            $0.rules.subjects = [try SubjectPattern(parsing: "CN=x")]
            $0.rules.alternativeNames = [try AlternativeNamePattern(parsing: "DNS:x")]
            $0.rules.keys = [try KeyRequirement(parsing: "rsa3072"), try KeyRequirement(parsing: "ec")]
            $0.requiresApproval = true
        }
        let names = AskedNames("CN=a", asking: ["DNS:a"])
        let details = [
            #"the CN "a" does not match CN=x"#, "no pattern allows DNS:a (there are DNS:x)",
            "an RSA key of 2048 bits is none of those that the profile phones takes (rsa3072; ec): let the device make "
                + "another one",
        ]
        let without = try policy.explain(Self.question(.missing, names))
        #expect(without.verdicts.map(\.outcome) == [.fails, .fails, .fails, .fails, .fails])
        #expect(without.verdicts.map(\.detail).dropFirst().dropLast() == details[...])
        #expect(without.decision == .refuse(ground: .credential, reason: Self.missing))
        let with = try policy.explain(Self.question(.valid("x"), names))
        #expect(with.decision == .refuse(ground: .constraint, reason: details.joined(separator: "; and ")))
    }

    @Test("is what holds, too")
    func holding() throws {
        let policy = try Self.policy {
            $0.rules.subjects = [try SubjectPattern(parsing: "CN=y"), try SubjectPattern(parsing: "CN=*.example.com")]
            $0.rules.keys = [try KeyRequirement(parsing: "p384"), try KeyRequirement(parsing: "rsa2048")]
        }
        let one = AskedNames("CN=a.example.com", asking: ["DNS:a.example.com"])
        #expect(
            try policy.explain(Self.question(.valid("x"), one)).verdicts.map(\.detail) == [
                "valid: x", "the subject matches CN=*.example.com", "DNS:a.example.com is allowed",
                "an RSA key of 2048 bits is allowed by rsa2048",
            ]
        )
        let two = AskedNames("CN=a.example.com", asking: ["DNS:a.example.com", "DNS:b.example.com"])
        #expect(try policy.explain(Self.question(.valid("x"), two)).verdicts[2].detail == "all 2 SANs are allowed")
        let none = try policy.explain(Self.question(.valid("x"), key: TestKeys.onCurve(.p384).publicKey))
        #expect(none.verdicts[2].detail == "the request asks for no SAN")
        #expect(none.verdicts[3].detail == "a key on P-384 is allowed by p384")
    }

    @Test("names every sort of key")
    func keys() throws {
        let policy = try Self.policy { $0.rules.keys = [try KeyRequirement(parsing: "rsa16384")] }
        let keys = [
            ("an RSA key of 3072 bits", try SubjectPublicKeyInfo.rsa(bits: 3072)),
            ("a key on P-521", TestKeys.onCurve(.p521).publicKey),
            ("a key on the curve 1.3.132.0.10", try .otherCurve()),
            ("a key for the algorithm 1.3.101.112", try .ed25519()),
        ]
        for (name, key) in keys {
            let verdict = try #require(policy.explain(Self.question(.valid("x"), key: key)).verdicts.last)
            #expect(verdict.rule == .key)
            #expect(verdict.detail.hasPrefix("\(name) is none of those that the profile phones takes"))
        }
    }

    @Test("has no control characters, whatever is asked for")
    func hostile() throws {
        let policy = try Self.policy {
            $0.rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
            $0.rules.subjects = [try SubjectPattern(parsing: "CN=x")]
            $0.rules.alternativeNames = [try AlternativeNamePattern(parsing: "DNS:x")]
        }
        let hostile = "a\tb\nc\r\u{202e}\0" + String(repeating: "é", count: 5000)
        let names = AskedNames("CN=\(hostile)", "O=\(hostile)", asking: ["DNS:\(hostile)", "UPN:\(hostile)"])
        let explanation = try policy.explain(Self.question(.invalid(hostile), client: hostile, names))
        for verdict in explanation.verdicts {
            #expect(verdict.detail.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            #expect(verdict.detail.unicodeScalars.count <= 1001)
        }
        #expect(Explanation(text: explanation.text) == explanation)
    }
}

@Suite("What a policy says about a renewal")
struct RenewalPolicyTests {
    private static let signer = Explanation.Verdict(.certificate, .holds, "the certificate 1f:00 signed the request")

    private static func policy() throws -> ApprovalPolicy {
        var rules = ApprovalRules()
        rules.keys = [try KeyRequirement(parsing: "rsa")]
        rules.subjects = [try SubjectPattern(parsing: "CN=x")]
        rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
        rules.otherwise = .queue
        return ApprovalPolicy(profile: "phones", isOpen: false, requiresApproval: true, rules: rules)
    }

    private static let holding = Explanation.Verdict(.key, .holds, "an RSA key of 2048 bits is allowed by rsa")

    @Test("is that the certificate is the credential")
    func certificate() throws {
        let explanation = try Self.policy().explainRenewal(certificate: "1f:00", key: TestKeys.device.publicKey)
        #expect(explanation == Explanation(verdicts: [Self.signer, Self.holding], decision: .grant))
        var policy = try Self.policy()
        policy.rules.keys = []
        let free = policy.explainRenewal(certificate: "1f:00", key: TestKeys.onCurve(.p256).publicKey)
        #expect(free == Explanation(verdicts: [Self.signer], decision: .grant))
    }

    @Test("is that the key has to be one that the profile takes")
    func key() throws {
        let explanation = try Self.policy().explainRenewal(
            certificate: "1f:00", key: TestKeys.onCurve(.p256).publicKey)
        let reason =
            "a key on P-256 is none of those that the profile phones takes (rsa): let the device make another one"
        #expect(explanation.verdicts == [Self.signer, .init(.key, .fails, reason)])
        #expect(explanation.decision == .refuse(ground: .constraint, reason: reason))
    }

    @Test("is that a challenge is needed where one is")
    func challenge() throws {
        let policy = try Self.policy()
        let key = TestKeys.device.publicKey
        let valid = policy.explainRenewal(certificate: "1f:00", challenge: .valid("x"), key: key)
        #expect(valid.verdicts == [Self.signer, .init(.challenge, .holds, "valid: x"), Self.holding])
        #expect(valid.decision == .grant)
        let missing = policy.explainRenewal(certificate: "1f:00", challenge: .missing, key: key)
        #expect(
            missing.decision
                == .refuse(
                    ground: .credential,
                    reason: "the request has no challenge, which the profile phones asks for: set it on the device"
                )
        )
        let invalid = policy.explainRenewal(certificate: "1f:00", challenge: .invalid("spent"), key: key)
        #expect(invalid.decision == .refuse(ground: .credential, reason: "spent"))
        #expect(invalid.verdicts.map(\.outcome) == [.holds, .fails, .holds])
    }
}
