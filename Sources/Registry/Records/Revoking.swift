public import Foundation

/// Revoking certificates and taking holds back.
extension Registry {
    /// How many certificates are revoked in one transaction, so that no enrolment waits for all of them.
    private static let revocationStep = 500

    /// Revokes certificates, many in a transaction.
    ///
    /// One that is on hold can be revoked for good, as of the day of the hold; one that is revoked for good never changes.
    /// If one of several transactions fails, what was revoked in those before stays so, and it can be done again.
    ///
    /// - Parameters:
    ///   - ids: The certificates.
    ///   - order: Why, and who says so.
    ///   - now: The time.
    /// - Returns: What came of each, in their order.
    /// - Throws: ``RegistryError``.
    public func revoke(
        _ ids: [Int64],
        _ order: RevocationOrder,
        at now: Date
    ) async throws -> [(id: Int64, outcome: RevocationOutcome)] {
        try await self.inSteps(ids) { id, change in try change.revoke(id, order, at: now) }
    }

    /// Takes holds back, many in a transaction.
    ///
    /// - Parameters:
    ///   - ids: The certificates.
    ///   - decider: Who does it.
    ///   - note: What the events say.
    ///   - now: The time.
    /// - Returns: What came of each, in their order.
    /// - Throws: ``RegistryError``.
    public func release(
        _ ids: [Int64],
        by decider: String,
        note: String,
        at now: Date
    ) async throws -> [(id: Int64, outcome: ReleaseOutcome)] {
        try await self.inSteps(ids) { id, change in try change.release(id, by: decider, note: note, at: now) }
    }

    /// Revokes a certificate, without an event.
    ///
    /// - Parameters:
    ///   - id: The certificate's number.
    ///   - reason: The CRLReason (RFC 5280 §5.3.1).
    ///   - now: The time.
    /// - Returns: Whether it was not revoked before.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func revoke(_ id: Int64, reason: Int, at now: Date) async throws -> Bool {
        try await self.database.write { try Self.revoke(id, reason: reason, at: now, in: $0) }
    }

    @discardableResult
    static func revoke(_ id: Int64, reason: Int, at now: Date, in connection: any SQLConnection) throws -> Bool {
        let row = try connection.query(
            """
            UPDATE certificate SET revoked_at = $1, revocation_reason = $2 WHERE id = $3 AND revoked_at IS NULL
            RETURNING authority_id
            """,
            [.date(now), .integer(Int64(reason)), .integer(id)]
        ).first
        guard let row else { return false }
        try RevocationBatch.number([id], of: row.integer(0), in: connection)
        return true
    }

    private func inSteps<Outcome: Sendable>(
        _ ids: [Int64],
        _ body: @escaping @Sendable (Int64, inout RevocationBatch) throws -> Outcome
    ) async throws -> [(id: Int64, outcome: Outcome)] {
        var outcomes: [(id: Int64, outcome: Outcome)] = []
        outcomes.reserveCapacity(ids.count)
        var start = ids.startIndex
        while start < ids.endIndex {
            let end = ids.index(start, offsetBy: Self.revocationStep, limitedBy: ids.endIndex) ?? ids.endIndex
            let step = Array(ids[start..<end])
            let found = try await self.database.write { connection in
                var change = RevocationBatch(connection: connection)
                var found: [Int64: [Outcome]] = [:]
                // In the order of their numbers, so that two who change the same do not wait for each other.
                for id in step.sorted() { found[id, default: []].append(try body(id, &change)) }
                try change.number()
                return found
            }
            var position: [Int64: Int] = [:]
            for id in step {
                let index = position[id, default: 0]
                position[id] = index + 1
                if let same = found[id], same.indices.contains(index) { outcomes.append((id, same[index])) }
            }
            start = end
        }
        return outcomes
    }
}

/// Revocations and releases inside the transaction that records them.
///
/// All of a CA's get one number, which is the CA's count of such changes: by it a list knows what it has seen. The CA's
/// row comes last and stays locked until the commit, so numbers appear in their order.
struct RevocationBatch {
    let connection: any SQLConnection
    /// What was changed, by its CA.
    private var changed: [Int64: [Int64]] = [:]

    init(connection: any SQLConnection) {
        self.connection = connection
    }

    mutating func revoke(_ id: Int64, _ order: RevocationOrder, at now: Date) throws -> RevocationOutcome {
        let isHold = order.reason == Revocation.hold
        let row = try self.connection.query(
            """
            UPDATE certificate SET revoked_at = COALESCE(revoked_at, $1), revocation_reason = $2,
                invalidity_date = COALESCE($3, invalidity_date)
            WHERE id = $4 AND (revoked_at IS NULL\(isHold ? "" : " OR revocation_reason = \(Revocation.hold)"))
            RETURNING authority_id, profile, subject
            """,
            [
                .date(now), .integer(Int64(order.reason)), .date(ifPresent: order.invalidityDate), .integer(id),
            ]
        ).first
        if let row {
            try self.note(id, row, .certificateRevoked, by: order.decider, note: order.note, at: now)
            return .revoked
        }
        switch try self.revocation(of: id) {
        case .some(let revocation?): return .alreadyRevoked(revocation)
        case .some(nil): throw RegistryError.damaged("certificate \(id) is neither revoked nor can it be")
        case nil: return .unknown
        }
    }

    mutating func release(_ id: Int64, by decider: String, note: String, at now: Date) throws -> ReleaseOutcome {
        let row = try self.connection.query(
            """
            UPDATE certificate SET revoked_at = NULL, revocation_reason = NULL, invalidity_date = NULL
            WHERE id = $1 AND revoked_at IS NOT NULL AND revocation_reason = \(Revocation.hold)
            RETURNING authority_id, profile, subject
            """,
            [.integer(id)]
        ).first
        if let row {
            try self.note(id, row, .certificateReleased, by: decider, note: note, at: now)
            return .released
        }
        return try self.revocation(of: id).map { .notHeld($0) } ?? .unknown
    }

    /// Gives what was changed its number.
    func number() throws {
        for (authority, ids) in self.changed.sorted(by: { $0.key < $1.key }) {
            try Self.number(ids, of: authority, in: self.connection)
        }
    }

    /// Gives changed certificates of a CA their number.
    static func number(_ ids: [Int64], of authority: Int64, in connection: any SQLConnection) throws {
        let row = try connection.query(
            """
            UPDATE authority SET revocation_changes = revocation_changes + 1 WHERE id = $1
            RETURNING revocation_changes
            """,
            [.integer(authority)]
        ).first
        guard let sequence = try row?.integer(0) else {
            throw RegistryError.damaged("there is no CA \(authority)")
        }
        for id in ids {
            try connection.execute(
                "UPDATE certificate SET revocation_sequence = $1 WHERE id = $2", [.integer(sequence), .integer(id)])
        }
    }

    private mutating func note(
        _ id: Int64,
        _ row: SQLRow,
        _ kind: EventKind,
        by decider: String,
        note: String,
        at now: Date
    ) throws {
        self.changed[try row.integer(0), default: []].append(id)
        try Registry.record(
            NewEvent(
                kind,
                by: decider,
                profile: row.textIfPresent(1),
                certificate: id,
                subject: row.text(2),
                detail: note
            ),
            at: now,
            in: self.connection
        )
    }

    /// The revocation of a certificate: nil in nil where there is no certificate.
    private func revocation(of id: Int64) throws -> Revocation?? {
        try self.connection.query(
            "SELECT revoked_at, revocation_reason, invalidity_date FROM certificate WHERE id = $1", [.integer(id)]
        ).first.map { try Revocation($0, at: 0) }
    }
}
