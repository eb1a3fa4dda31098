/// The challenge of a request, and what it is worth.
public struct PresentedChallenge: Sendable {
    /// What it is worth.
    public var verdict: ChallengeVerdict
    /// Which one it is; nil where there is none, or none of ours.
    public var known: KnownChallenge?
    /// Why it is not good, in a word; nil where it is, or where there is none.
    var cause: RefusalCause?
    /// What is kept of one that is none of ours.
    var wrongDigest: [UInt8]?

    /// Whether it is one that may be used for this request.
    var isValid: Bool { if case .valid = self.verdict { true } else { false } }

    /// Puts it together.
    init(
        verdict: ChallengeVerdict,
        known: KnownChallenge? = nil,
        cause: RefusalCause? = nil,
        wrongDigest: [UInt8]? = nil
    ) {
        self.verdict = verdict
        self.known = known
        self.cause = cause
        self.wrongDigest = wrongDigest
    }
}
