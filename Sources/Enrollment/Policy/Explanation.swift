import CertificateAuthority

/// What each rule says about a request, and what follows from all of them.
///
/// Details and reasons are sentences without control characters, whatever the request holds.
public struct Explanation: Hashable, Sendable {
    /// The rules that a profile can have.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The profile is open to everybody.
        case open
        /// The request has a challenge of the profile.
        case challenge
        /// The client's address is a known one.
        case address
        /// A certificate of the profile signed the request, to be renewed.
        case certificate
        /// The subject matches a pattern.
        case subject
        /// Every SAN is allowed.
        case alternativeNames
        /// The key is of a kind that the profile takes.
        case key
        /// Somebody has to approve every request.
        case approval
    }

    /// What a rule says.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// The request keeps it.
        case holds
        /// The request does not keep it.
        case fails
        /// The request does not keep it, but another credential is enough.
        case notNeeded
    }

    /// What one rule says, and why.
    public struct Verdict: Hashable, Sendable {
        /// The rule.
        public let rule: Rule
        /// What it says.
        public let outcome: Outcome
        /// Why, as a sentence.
        public let detail: String

        /// Makes a verdict, with the control characters of the detail escaped.
        public init(_ rule: Rule, _ outcome: Outcome, _ detail: String) {
            self.rule = rule
            self.outcome = outcome
            self.detail = ReadableText.line(detail, upTo: Explanation.maximumLength)
        }
    }

    /// Why a request is refused.
    public enum Ground: String, Hashable, Sendable, CaseIterable {
        /// Nothing says that the request is authorized.
        case credential
        /// The request is authorized, or not, but asks for what the profile does not allow.
        case constraint
    }

    /// What happens to the request.
    public enum Decision: Hashable, Sendable {
        /// It is granted.
        case grant
        /// It waits until somebody approves it.
        case queue(reason: String)
        /// It is refused.
        case refuse(ground: Ground, reason: String)
    }

    /// How long a detail or a reason can be.
    static let maximumLength = 1000

    /// What each rule says, in the order in which they are listed.
    public let verdicts: [Verdict]
    /// What follows.
    public let decision: Decision

    /// Makes an explanation, with the control characters of the reason escaped.
    public init(verdicts: [Verdict], decision: Decision) {
        self.verdicts = verdicts
        self.decision =
            switch decision {
            case .grant: .grant
            case .queue(let reason): .queue(reason: ReadableText.line(reason, upTo: Self.maximumLength))
            case .refuse(let ground, let reason):
                .refuse(ground: ground, reason: ReadableText.line(reason, upTo: Self.maximumLength))
            }
    }
}
