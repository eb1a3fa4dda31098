/// What stands in the audit log, in its order.
public enum AuditItem: Hashable, Sendable {
    /// An entry.
    case entry(EventRecord)
    /// Entries that were forgotten.
    case gap(AuditGap)
    /// Something that no version of UCM has written, under this event's number.
    case unreadable(event: Int64)
}

/// How far somebody has read the audit log.
public struct AuditPosition: Hashable, Sendable {
    /// The number of the last event.
    var event = Int64.min
    /// The number of the last entry of each chain.
    var sequences: [Int64: Int64] = [:]

    /// The beginning.
    public init() {}
}

/// A part of the audit log.
public struct AuditPage: Sendable {
    /// What stands there.
    public var items: [AuditItem]
    /// Where the next part begins.
    public var end: AuditPosition
    /// The last entry of each chain as it is written down; nil unless this is the last part.
    public var heads: [AuditLink]?
}

/// Reading the audit log from its beginning.
extension Registry {
    /// A part of the audit log: some hundred entries, from one snapshot.
    ///
    /// Between two parts a server may go on writing and forgetting.
    ///
    /// - Parameter start: Where it begins.
    /// - Returns: The part.
    /// - Throws: ``RegistryError``.
    public func auditPage(from start: AuditPosition = AuditPosition()) async throws -> AuditPage {
        try await self.database.read { try Self.auditPage(from: start, in: $0) }
    }

    private static func auditPage(from start: AuditPosition, in connection: any SQLConnection) throws -> AuditPage {
        let size = 500
        var reading = AuditReading(position: start, connection: connection)
        var events: [(id: Int64, event: EventRecord?)] = []
        try connection.forEach(
            "SELECT \(EventRecord.columns) FROM event WHERE id > $1 ORDER BY id LIMIT $2",
            [.integer(start.event), .integer(Int64(size))]
        ) { row in
            // What cannot be read was altered, and what comes after it is still to be looked at.
            events.append((try row.integer(0), try? EventRecord(row)))
        }
        for (id, event) in events { try reading.add(event, id) }
        guard events.count < size else { return AuditPage(items: reading.items, end: reading.position) }
        let heads = try connection.query("SELECT chain, sequence, digest FROM audit_chain ORDER BY chain", []).map {
            AuditLink(chain: try $0.integer(0), sequence: try $0.integer(1), digest: try $0.bytes(2))
        }
        for head in heads { try reading.addGap(of: head.chain, before: AuditSequence.after(head.sequence)) }
        return AuditPage(items: reading.items, end: reading.position, heads: heads)
    }

    /// Verifies the audit log inside a transaction.
    ///
    /// - Parameters:
    ///   - connection: The transaction's.
    ///   - progress: Is told how many entries were looked at, again and again.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    static func verifyAudit(
        in connection: any SQLConnection,
        progress: (Int) -> Void = { _ in }
    ) throws -> AuditVerification {
        var verifier = AuditVerifier()
        var position = AuditPosition()
        var count = 0
        while true {
            let page = try Self.auditPage(from: position, in: connection)
            for item in page.items { verifier.add(item) }
            count += page.items.count
            progress(count)
            if let heads = page.heads { return verifier.finish(heads: heads) }
            position = page.end
        }
    }

    /// The last entry of each chain, and how many entries there are.
    ///
    /// - Throws: ``RegistryError``.
    public func auditHeads() async throws -> [(head: AuditLink, entries: Int64)] {
        try await self.database.read { connection in
            try connection.query("SELECT chain, sequence, digest FROM audit_chain ORDER BY chain", []).map { row in
                let head = AuditLink(
                    chain: try row.integer(0), sequence: try row.integer(1), digest: try row.bytes(2))
                let forgotten =
                    try connection.query(
                        "SELECT CAST(COALESCE(sum(last - first + 1), 0) AS BIGINT) FROM audit_gap WHERE chain = $1",
                        [.integer(head.chain)]
                    ).first?.integer(0) ?? 0
                return (head, head.sequence.subtractingReportingOverflow(forgotten).partialValue)
            }
        }
    }

    /// Verifies the audit log.
    ///
    /// Memory is bounded, and a server can go on meanwhile.
    ///
    /// - Parameters:
    ///   - expected: An end that somebody noted earlier, and that has to be there; nil for none.
    ///   - progress: Is told how many entries were looked at, again and again.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``, or `CancellationError`.
    public func verifyAudit(
        expecting expected: AuditLink? = nil,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> AuditVerification {
        var verifier = AuditVerifier(expecting: expected)
        var position = AuditPosition()
        var count = 0
        while true {
            try Task.checkCancellation()
            let page = try await self.auditPage(from: position)
            for item in page.items { verifier.add(item) }
            count += page.items.count
            progress(count)
            if let heads = page.heads { return verifier.finish(heads: heads) }
            position = page.end
        }
    }
}

/// A part of the audit log as it is read, inside the transaction that reads it.
private struct AuditReading {
    private(set) var items: [AuditItem] = []
    private(set) var position: AuditPosition
    private let connection: any SQLConnection
    /// The chains of which something was read.
    private var seen: Set<Int64> = []

    init(position: AuditPosition, connection: any SQLConnection) {
        self.position = position
        self.connection = connection
    }

    mutating func add(_ event: EventRecord?, _ id: Int64) throws {
        self.position.event = id
        guard let event else { return self.items.append(.unreadable(event: id)) }
        if let link = event.link {
            try self.addGap(of: link.chain, before: link.sequence)
            self.position.sequences[link.chain] = link.sequence
        }
        self.items.append(.entry(event))
    }

    /// Adds what was forgotten before an entry, where that is all that lacks there.
    mutating func addGap(of chain: Int64, before sequence: Int64) throws {
        let isFirst = self.seen.insert(chain).inserted
        let last = self.position.sequences[chain] ?? 0
        guard sequence > last, !AuditSequence.follows(sequence, last) else { return }
        let expected = AuditSequence.after(last)
        guard let gap = try Registry.gap(of: chain, at: expected, in: self.connection),
            AuditSequence.follows(sequence, gap.last)
        else { return }
        // What was read with the part before may have been forgotten since then.
        guard gap.first == expected || isFirst && gap.first < expected else { return }
        self.items.append(.gap(AuditGap(chain: chain, first: expected, last: gap.last, digest: gap.digest)))
        self.position.sequences[chain] = gap.last
    }
}
