public import SCEPClient

/// What a load is made of: how many enrolments, how fast, with which keys, names and challenges.
public struct LoadPlan: Sendable {
    /// When a load is over.
    public enum Extent: Hashable, Sendable {
        /// After so many enrolments.
        case count(Int)
        /// After so many seconds, in which enrolments are begun; those under way are waited for.
        case seconds(Int)
    }

    /// Which keys are certified.
    public enum Keys: Hashable, Sendable {
        /// A new one for each certificate, as devices have it.
        case fresh
        /// So many, made beforehand and used in turn.
        case pool(Int)
    }

    /// When it is over.
    public var extent = Extent.count(1000)
    /// How many enrolments are under way at the same time.
    public var connections = 8
    /// How many begin in a second, whether or not earlier ones are answered; nil for as many as are answered.
    public var rate: Double?
    /// Which keys are certified.
    public var keys = Keys.pool(32)
    /// Of which kind they are.
    public var keyKind = ClientKey.Kind.rsa2048
    /// What certificates are for.
    public var subjects = SubjectTemplate.usual
    /// What enrolments are paid with.
    public var challenges = LoadChallenges.none
    /// For how many seconds a message is sent again whose answer is lost, or says to come back; nil never does.
    public var retry: Int?
    /// Whether a message is sent again at once and not when the server asks for it, as some devices do.
    public var isImpatient = false
    /// Whether only the status of an answer is read, and nothing in it is verified.
    public var trustsAnswers = false

    /// Makes the usual plan: a thousand enrolments over eight connections.
    public init() {}
}

extension LoadPlan {
    /// What is no load but a slip of the finger, in a sentence; nil where there is nothing wrong.
    public var problem: String? {
        switch self.extent {
        case .count(let count) where !(1...10_000_000).contains(count):
            return "--count is from 1 to 10000000."
        case .seconds(let seconds) where !(1...604_800).contains(seconds):
            return "--duration is from 1 to 604800 seconds, which is a week."
        default: break
        }
        if !(1...1000).contains(self.connections) { return "--connections is from 1 to 1000." }
        if let rate, !(rate >= 0.01 && rate <= 100_000) { return "--rate is from 0.01 to 100000 a second." }
        if case .pool(let size) = self.keys, !(1...10_000).contains(size) {
            return "--keys is fresh, or a number of keys from 1 to 10000."
        }
        if let retry, !(1...86_400).contains(retry) { return "--retry is from 1 to 86400 seconds, which is a day." }
        if self.keyKind.onlySigns, case .none = self.challenges {
            return "A key on an elliptic curve needs a challenge, with which the server encrypts its answer."
        }
        if case .count(let count) = self.extent, let most = self.challenges.count, count > most {
            return "--count is \(count), and --challenges has \(most): each is used for one enrolment only."
        }
        return nil
    }

    /// How many enrolments there are at most; nil where only time ends it.
    var largestCount: Int? {
        let byExtent: Int? =
            switch self.extent {
            case .count(let count): count
            case .seconds(let seconds): self.rate.map { max(1, Int((Double(seconds) * $0).rounded(.up))) }
            }
        return [byExtent, self.challenges.count].compactMap(\.self).min()
    }
}
