/// Verifies the audit log, entry by entry, in memory for one.
public struct AuditVerifier: Sendable {
    private struct Chain {
        var entries = 0
        var gaps = 0
        var forgotten: Int64 = 0
        var sequence: Int64 = 0
        var digest = AuditLink.start
        var head: AuditLink?
        var fault: AuditFault?

        /// Remembers the first thing that is wrong.
        mutating func note(_ fault: AuditFault) {
            self.fault = self.fault ?? fault
        }
    }

    private var chains: [Int64: Chain] = [:]
    private var outside: AuditFault?
    private let expected: AuditLink?
    private var expectation: AuditVerification.Expectation?

    /// Begins.
    ///
    /// - Parameter expected: An end that somebody noted earlier, and that has to be there; nil for none.
    public init(expecting expected: AuditLink? = nil) {
        self.expected = expected
    }

    /// How many chains one log can have; more are a forgery that is to take memory.
    private static let maximumChains = 10_000

    /// Looks at what comes next.
    public mutating func add(_ item: AuditItem) {
        switch item {
        case .entry(let event): self.add(event)
        case .gap(let gap): self.add(gap)
        case .unreadable(let id):
            self.outside = self.outside ?? AuditFault(problem: .unreadable, event: id)
        }
    }

    private mutating func add(_ event: EventRecord) {
        guard let link = event.link, self.chains[link.chain] != nil || self.chains.count < Self.maximumChains else {
            self.outside = self.outside ?? AuditFault(problem: .outside, event: event.id)
            return
        }
        var chain = self.chains[link.chain] ?? Chain()
        chain.entries += 1
        if let expected, expected.chain == link.chain, expected.sequence == link.sequence {
            self.expectation = expected.digest == link.digest ? .confirmed : .different
        }
        let problem: AuditFault.Problem? =
            if AuditSequence.follows(link.sequence, chain.sequence) {
                event.digest(after: chain.digest) == link.digest ? nil : .altered
            } else if link.sequence > chain.sequence {
                .missing(first: AuditSequence.after(chain.sequence), last: AuditSequence.before(link.sequence))
            } else {
                .outOfOrder
            }
        if let problem {
            chain.note(AuditFault(problem: problem, chain: link.chain, sequence: link.sequence, event: event.id))
        }
        (chain.sequence, chain.digest) = (link.sequence, link.digest)
        self.chains[link.chain] = chain
    }

    private mutating func add(_ gap: AuditGap) {
        guard self.chains[gap.chain] != nil || self.chains.count < Self.maximumChains else { return }
        var chain = self.chains[gap.chain] ?? Chain()
        chain.gaps += 1
        chain.forgotten =
            chain.forgotten.addingReportingOverflow(max(AuditSequence.count(gap.first, gap.last), 0)).partialValue
        if !AuditSequence.follows(gap.first, chain.sequence) || gap.last < gap.first {
            let problem: AuditFault.Problem =
                gap.first > chain.sequence && gap.last >= gap.first
                ? .missing(first: AuditSequence.after(chain.sequence), last: AuditSequence.before(gap.first))
                : .outOfOrder
            chain.note(AuditFault(problem: problem, chain: gap.chain, sequence: gap.first))
        }
        if let expected, expected.chain == gap.chain, expected.sequence >= gap.first, expected.sequence <= gap.last {
            self.expectation =
                expected.sequence < gap.last ? .forgotten : expected.digest == gap.digest ? .confirmed : .different
        }
        (chain.sequence, chain.digest) = (gap.last, gap.digest)
        self.chains[gap.chain] = chain
    }

    /// Ends.
    ///
    /// - Parameter heads: The last entry of each chain, as it is written down.
    /// - Returns: What came of it.
    public consuming func finish(heads: [AuditLink]) -> AuditVerification {
        for head in heads {
            var chain = self.chains[head.chain] ?? Chain()
            chain.head = head
            if head.sequence > chain.sequence {
                let missing = AuditFault.Problem.missing(
                    first: AuditSequence.after(chain.sequence), last: head.sequence)
                chain.note(AuditFault(problem: missing, chain: head.chain, sequence: head.sequence))
            } else if head.sequence != chain.sequence || head.digest != chain.digest {
                chain.note(
                    AuditFault(problem: .headDiffers(head), chain: head.chain, sequence: chain.sequence))
            }
            self.chains[head.chain] = chain
        }
        if self.chains.isEmpty { self.outside = self.outside ?? AuditFault(problem: .headMissing) }
        for (number, var chain) in self.chains where chain.head == nil {
            chain.note(AuditFault(problem: .headMissing, chain: number, sequence: chain.sequence))
            self.chains[number] = chain
        }
        return AuditVerification(
            chains: self.chains.sorted { $0.key < $1.key }.map { number, chain in
                AuditVerification.Chain(
                    chain: number,
                    entries: chain.entries,
                    gaps: chain.gaps,
                    forgotten: chain.forgotten,
                    head: chain.head.flatMap { $0.sequence > 0 ? $0 : nil },
                    fault: chain.fault
                )
            },
            outside: self.outside,
            expectation: self.expected.map { _ in self.expectation ?? .missing }
        )
    }
}
