public import Foundation

/// Revoking certificates and taking holds back.
extension Registry {
    /// How many certificates are revoked in one transaction, so that no enrolment waits for all of them.
    private static let revocationStep = 500

    /// Revokes certificates, 500 in a transaction.
    ///
    /// One that is on hold can be revoked for good, as of the day of the hold; one that is revoked for good never changes.
    /// If a transaction fails, what was revoked in those before stays so, and it can be done again.
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
        try await self.inSteps(ids, otherwise: .unknown) { batch in
            try batch.change(.certificateRevoked, by: order.decider, note: order.note, at: now) { revocation in
                guard let revocation else {
                    return (.revoked, Revocation(date: now, reason: order.reason, invalidityDate: order.invalidityDate))
                }
                guard revocation.isHold, order.reason != Revocation.hold else {
                    return (.alreadyRevoked(revocation), nil)
                }
                let final = Revocation(
                    date: revocation.date,
                    reason: order.reason,
                    invalidityDate: order.invalidityDate ?? revocation.invalidityDate
                )
                return (.revoked, final)
            }
        }
    }

    /// Takes holds back, 500 in a transaction.
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
        by decider: Decider,
        note: String,
        at now: Date
    ) async throws -> [(id: Int64, outcome: ReleaseOutcome)] {
        try await self.inSteps(ids, otherwise: .unknown) { batch in
            try batch.change(.certificateReleased, by: decider, note: note, at: now) { revocation in
                guard let revocation, revocation.isHold else { return (.notHeld(revocation), nil) }
                return (.released, .some(nil))
            }
        }
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
        try CertificateCounting.move(
            id, from: .none, to: reason == Revocation.hold ? .held : .revoked, in: connection)
        try connection.execute(
            "UPDATE certificate SET revocation_sequence = $1 WHERE id = $2",
            [.integer(RevocationBatch.nextSequence(of: row.integer(0), in: connection)), .integer(id)]
        )
        return true
    }

    /// Changes many certificates, some at a time, in the order of their numbers: so two who change the same never wait for
    /// each other.
    private func inSteps<Outcome: Sendable>(
        _ ids: [Int64],
        otherwise missing: Outcome,
        _ body: @escaping @Sendable (RevocationBatch) throws -> [Int64: Outcome]
    ) async throws -> [(id: Int64, outcome: Outcome)] {
        var rest = Set(ids).sorted()[...]
        var outcomes: [Int64: Outcome] = [:]
        while !rest.isEmpty {
            let step = Array(rest.prefix(Self.revocationStep))
            rest = rest.dropFirst(step.count)
            let found = try await self.database.write { connection in
                // A CA that is revoked issues nothing more, which running servers have to notice. It comes first, as with
                // whoever else changes what they have loaded.
                if try Self.areAuthorities(step, in: connection) { try Self.noteChange(in: connection) }
                return try body(RevocationBatch(locking: step, in: connection))
            }
            outcomes.merge(found) { first, _ in first }
        }
        return ids.map { ($0, outcomes[$0] ?? missing) }
    }

    /// Whether a CA's certificate is among some.
    private static func areAuthorities(_ ids: [Int64], in connection: any SQLConnection) throws -> Bool {
        let ids = Set(ids)
        return try connection.query("SELECT id FROM certificate WHERE \(Self.isAuthority)", [])
            .contains { try ids.contains($0.integer(0)) }
    }
}
