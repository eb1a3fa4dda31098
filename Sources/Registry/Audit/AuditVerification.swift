/// What came of verifying the audit log.
public struct AuditVerification: Hashable, Sendable {
    /// What is known of a chain.
    public struct Chain: Hashable, Sendable {
        /// Its number.
        public var chain: Int64
        /// How many entries there are.
        public var entries: Int
        /// In how many places entries were forgotten.
        public var gaps: Int
        /// How many entries were forgotten.
        public var forgotten: Int64
        /// Its last entry; nil where it has none.
        public var head: AuditLink?
        /// The first thing that is wrong; nil where nothing is.
        public var fault: AuditFault?
    }

    /// What became of an end that somebody noted earlier.
    public enum Expectation: Hashable, Sendable {
        /// The log has it: everything up to there is what it was then.
        case confirmed
        /// The entry has another digest: somebody has written the log anew.
        case different
        /// The log ends before it.
        case missing
        /// The entry was forgotten, so nothing can be said.
        case forgotten
    }

    /// The chains, by their numbers.
    public var chains: [Chain]
    /// The first entry that belongs to no chain, or that there is no chain at all; nil where nothing is wrong so.
    public var outside: AuditFault?
    /// What became of the end that was expected; nil where none was.
    public var expectation: Expectation?

    /// Everything that is wrong.
    public var faults: [AuditFault] { self.chains.compactMap(\.fault) + [self.outside].compactMap(\.self) }

    /// Whether nothing shows that anything was altered.
    public var isIntact: Bool {
        self.faults.isEmpty && self.expectation != .different && self.expectation != .missing
    }
}
