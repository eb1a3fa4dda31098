import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import TestSupport
import Testing

/// Every combination of what can be the case.
@Suite("What a policy decides")
struct ApprovalPolicyTests {
    /// What the credentials come to.
    enum Credentials {
        /// They are enough.
        case enough
        /// Something is missing.
        case lacking
        /// The challenge is wrong, and nothing else is enough.
        case wrong
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var combination: ApprovalRules.Combination
        var challenge: ChallengeVerdict
        var client: String
        /// What follows where addresses are a credential.
        var withRanges: Credentials
        /// What follows where they are none.
        var withoutRanges: Credentials

        var testDescription: String { "\(self.combination), \(self.challenge), \(self.client)" }
    }

    static let inside = "10.1.2.3"
    static let outside = "192.0.2.1"
    static let unknown = "unknown"
    static let valid = ChallengeVerdict.valid("static challenge \"Phones\"")
    static let invalid = ChallengeVerdict.invalid("the challenge is spent: make a new one")

    static let rows: [Row] = [
        (.all, .missing, inside, .lacking, .lacking),
        (.all, .missing, outside, .lacking, .lacking),
        (.all, .missing, unknown, .lacking, .lacking),
        (.all, valid, inside, .enough, .enough),
        (.all, valid, outside, .lacking, .enough),
        (.all, valid, unknown, .lacking, .enough),
        (.all, invalid, inside, .wrong, .wrong),
        (.all, invalid, outside, .wrong, .wrong),
        (.all, invalid, unknown, .wrong, .wrong),
        (.any, .missing, inside, .enough, .lacking),
        (.any, .missing, outside, .lacking, .lacking),
        (.any, .missing, unknown, .lacking, .lacking),
        (.any, valid, inside, .enough, .enough),
        (.any, valid, outside, .enough, .enough),
        (.any, valid, unknown, .enough, .enough),
        (.any, invalid, inside, .enough, .wrong),
        (.any, invalid, outside, .wrong, .wrong),
        (.any, invalid, unknown, .wrong, .wrong),
    ].map { Row(combination: $0, challenge: $1, client: $2, withRanges: $3, withoutRanges: $4) }

    /// Constraints that hold, each of which can fail alone.
    enum Constraint: CaseIterable {
        case none, holding, failingSubject, failingAlternativeNames, failingKey, failing

        var isKept: Bool { self == .none || self == .holding }

        func add(to rules: inout ApprovalRules) throws {
            guard self != .none else { return }
            let isAll = self == .failing
            rules.subjects = [
                try SubjectPattern(parsing: self == .failingSubject || isAll ? "CN=x" : "CN=*.example.com")
            ]
            rules.alternativeNames = [
                try AlternativeNamePattern(
                    parsing: self == .failingAlternativeNames || isAll ? "DNS:x" : "DNS:*.example.com")
            ]
            rules.keys = [try KeyRequirement(parsing: self == .failingKey || isAll ? "ec" : "rsa2048")]
        }
    }

    @Test("depends on the credentials, the constraints and what happens otherwise", arguments: rows)
    func decision(row: Row) throws {
        let question = PolicyQuestion(
            client: row.client,
            challenge: row.challenge,
            names: try AskedNames("CN=a.example.com", asking: ["DNS:a.example.com"]).requested,
            key: TestKeys.device.publicKey
        )
        for isOpen in [false, true] {
            for requiresApproval in [false, true] {
                for otherwise in ApprovalRules.Otherwise.allCases {
                    for constraint in Constraint.allCases {
                        for hasRanges in [false, true] {
                            var rules = ApprovalRules()
                            rules.combination = row.combination
                            rules.otherwise = otherwise
                            if hasRanges { rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")] }
                            try constraint.add(to: &rules)
                            let explanation = ApprovalPolicy(
                                profile: "phones",
                                isOpen: isOpen,
                                requiresApproval: requiresApproval,
                                rules: rules
                            ).explain(question)
                            let credentials =
                                isOpen ? .enough : hasRanges ? row.withRanges : row.withoutRanges
                            #expect(
                                Self.kind(explanation.decision)
                                    == Self.expected(credentials, constraint, otherwise, requiresApproval),
                                "open \(isOpen), approval \(requiresApproval), \(otherwise), \(constraint), \(hasRanges)"
                            )
                            #expect(
                                explanation.verdicts.map(\.rule)
                                    == (isOpen ? [.open] : hasRanges ? [.challenge, .address] : [.challenge])
                                    + (constraint == .none ? [] : [.subject, .alternativeNames, .key])
                                    + (requiresApproval ? [.approval] : [])
                            )
                            #expect(Explanation(text: explanation.text) == explanation)
                        }
                    }
                }
            }
        }
    }

    private static func expected(
        _ credentials: Credentials,
        _ constraint: Constraint,
        _ otherwise: ApprovalRules.Otherwise,
        _ requiresApproval: Bool
    ) -> String {
        switch (credentials, constraint.isKept, otherwise, requiresApproval) {
        case (.wrong, _, _, _): "refuse credential"
        case (.lacking, _, .refuse, _): "refuse credential"
        case (.lacking, _, .queue, _): "queue"
        case (.enough, false, .refuse, _): "refuse constraint"
        case (.enough, false, .queue, _): "queue"
        case (.enough, true, _, true): "queue"
        case (.enough, true, _, false): "grant"
        }
    }

    private static func kind(_ decision: Explanation.Decision) -> String {
        switch decision {
        case .grant: "grant"
        case .queue: "queue"
        case .refuse(let ground, _): "refuse \(ground.rawValue)"
        }
    }
}
