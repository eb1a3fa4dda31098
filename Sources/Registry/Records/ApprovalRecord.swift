public import Foundation

/// Somebody's approval of a request.
public struct ApprovalRecord: Hashable, Sendable {
    /// Who approves.
    public var decider: String
    /// On what terms, as text: approvals count together only where they are on the same.
    public var terms: String
    /// When.
    public var date: Date
}

/// What came of an approval.
public enum ApprovalOutcome: Hashable, Sendable {
    /// The certificate is issued.
    case issued
    /// The approval is recorded; so many are there on these terms, which is not enough. Nothing is issued.
    case recorded(have: Int)
    /// Nothing is recorded: there is no such request, or it does not wait any more.
    case notWaiting
    /// Nothing is recorded: the time in which somebody might have decided on it is over.
    case expired
}

extension Registry {
    /// Approves a request that waits, and issues its certificate where that was the last approval it needed.
    ///
    /// The certificate is recorded only if enough different people, this one among them, approve on the same terms; what
    /// was signed too early is thrown away. Who approves again, on other terms, takes the earlier approval back. The
    /// challenge that was reserved is used, whatever became of it meanwhile.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - certificate: What it is granted on these terms.
    ///   - decider: Who approves it.
    ///   - terms: On what terms: whatever makes the certificate another one than the request alone would.
    ///   - needed: How many different people have to approve.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func approve(
        _ id: Int64,
        _ certificate: NewCertificate,
        by decider: Decider,
        terms: String,
        needed: Int,
        at now: Date
    ) async throws -> ApprovalOutcome {
        try await self.database.write { connection in
            guard let waiting = try WaitingRequest(locking: id, in: connection) else { return .notWaiting }
            guard !waiting.isOver(at: now) else { return .expired }
            let have = try Self.recordApproval(of: id, by: decider, terms: terms, at: now, in: connection)
            let count = needed > 1 ? "\(have) of \(needed)" : nil
            let detail = [count, terms.isEmpty ? nil : terms].compactMap(\.self).joined(separator: ": ")
            guard have >= needed else {
                let after: AuditState = ["state": "pending", "approvals": .integer(Int64(have))]
                let event = waiting.event(.approvalGiven, by: decider, detail: detail, after: after)
                try Self.record(event, at: now, in: connection)
                return .recorded(have: have)
            }
            try Self.checkIsUsable(waiting.authority, in: connection)
            let issued = try Self.insert(certificate, authority: waiting.authority, at: now, in: connection)
            try connection.execute(
                """
                UPDATE request SET status = 'issued', certificate_id = $1, decided_by = $2, decided_at = $3
                WHERE id = $4
                """,
                [.integer(issued), .decider(decider), .date(now), .integer(id)]
            )
            if let challenge = waiting.challenge {
                try Self.useReserved(challenge, from: waiting.clientAddress, at: now, in: connection)
            }
            let event = waiting.event(
                .approved, by: decider, certificate: issued, detail: detail, after: ["state": "issued"])
            try Self.record(event, at: now, in: connection)
            return .issued
        }
    }

    /// The approvals that a request has, the oldest first; those of one that is decided on stay.
    ///
    /// - Throws: ``RegistryError``.
    public func approvals(of request: Int64) async throws -> [ApprovalRecord] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT decider, terms, created_at FROM approval WHERE request_id = $1 ORDER BY created_at, decider",
                [.integer(request)]
            ).map { ApprovalRecord(decider: try $0.text(0), terms: try $0.text(1), date: try $0.date(2)) }
        }
    }

    /// Records somebody's approval in the place of an earlier one of his.
    ///
    /// - Returns: How many approve on these terms.
    private static func recordApproval(
        of request: Int64,
        by decider: Decider,
        terms: String,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int {
        try connection.execute(
            """
            INSERT INTO approval (request_id, decider, terms, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (request_id, decider) DO UPDATE SET terms = excluded.terms, created_at = excluded.created_at
            """,
            [.integer(request), .decider(decider), .text(terms), .date(now)]
        )
        return Int(
            try connection.query(
                "SELECT count(*) FROM approval WHERE request_id = $1 AND terms = $2", [.integer(request), .text(terms)]
            ).first?.integer(0) ?? 0
        )
    }
}
