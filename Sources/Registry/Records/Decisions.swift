public import Foundation

/// Ends of waiting: a request is rejected, or nobody decides on it in time.
extension Registry {
    /// Rejects a request that waits.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects it.
    ///   - now: The time.
    /// - Returns: Whether it still waited, and its time was not over.
    /// - Throws: ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: Decider, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            guard let waiting = try WaitingRequest(locking: id, in: connection), !waiting.isOver(at: now) else {
                return false
            }
            try connection.execute(
                "UPDATE request SET status = 'rejected', reason = $1, decided_by = $2, decided_at = $3 WHERE id = $4",
                [.text(reason), .decider(decider), .date(now), .integer(id)]
            )
            try Self.release(waiting.challenge, in: connection)
            let after: AuditState = ["state": "rejected", "reason": .text(reason)]
            try Self.record(
                waiting.event(.rejected, by: decider, detail: reason, after: after), at: now, in: connection)
            return true
        }
    }

    /// Ends the waiting of those requests whose time is over.
    ///
    /// - Parameter now: The time.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError``.
    public func expireRequests(at now: Date) async throws -> [Int64] {
        var expired: [Int64] = []
        while true {
            // Some at a time, so that no enrolment waits for all of them.
            let due = try await self.database.read { connection in
                try connection.query(
                    """
                    SELECT id FROM request WHERE status = 'pending' AND expires_at <= $1 ORDER BY expires_at, id LIMIT 200
                    """,
                    [.date(now)]
                ).map { try $0.integer(0) }
            }
            guard !due.isEmpty else { return expired }
            expired += try await self.database.write { connection in
                try due.filter { try Self.expire($0, at: now, in: connection) }
            }
        }
    }

    /// Ends the waiting of a request if its time is over.
    static func expire(_ id: Int64, at now: Date, in connection: any SQLConnection) throws -> Bool {
        guard let waiting = try WaitingRequest(locking: id, in: connection), waiting.isOver(at: now) else {
            return false
        }
        try connection.execute(
            "UPDATE request SET status = 'expired', decided_at = $1 WHERE id = $2", [.date(now), .integer(id)])
        try Self.release(waiting.challenge, in: connection)
        let event = waiting.event(.expired, by: Decider.server, after: ["state": "expired"])
        try Self.record(event, at: now, in: connection)
        return true
    }
}

/// A request that waits, and will until the transaction is over: whoever else wants to decide on it has to wait.
struct WaitingRequest {
    let id: Int64
    let profile: String
    let authority: Int64
    let challenge: Int64?
    let clientAddress: String
    let subject: String
    private let expiresAt: Int64?
    /// What the audit log says of one that waits.
    static let state: AuditState = ["state": "pending"]

    /// Locks a request; nil where it does not wait, or not any more.
    init?(locking id: Int64, in connection: any SQLConnection) throws {
        let seen = try connection.query(
            "SELECT challenge_id FROM request WHERE id = $1 AND status = 'pending'", [.integer(id)]
        ).first
        guard let seen else { return nil }
        try Registry.lock(
            seen.integerIfPresent(0).map { ChallengeUse(id: $0, isLimited: true) }, in: connection)
        let row = try connection.query(
            """
            UPDATE request SET reason = reason WHERE id = $1 AND status = 'pending'
            RETURNING profile, authority_id, challenge_id, client_address, subject, expires_at
            """,
            [.integer(id)]
        ).first
        guard let row else { return nil }
        self.id = id
        self.profile = try row.text(0)
        self.authority = try row.integer(1)
        self.challenge = try row.integerIfPresent(2)
        self.clientAddress = try row.text(3)
        self.subject = try row.text(4)
        self.expiresAt = try row.integerIfPresent(5)
    }

    /// Whether the time in which somebody may decide on it is over.
    func isOver(at now: Date) -> Bool {
        self.expiresAt.map { $0 <= now.milliseconds } ?? false
    }

    /// What is remembered of a decision on it.
    func event(
        _ kind: EventKind,
        by actor: Decider,
        certificate: Int64? = nil,
        detail: String = "",
        after: AuditState
    ) -> NewEvent {
        NewEvent(
            kind,
            by: actor,
            profile: self.profile,
            request: self.id,
            challenge: self.challenge,
            certificate: certificate,
            clientAddress: self.clientAddress,
            subject: self.subject,
            detail: detail,
            before: Self.state,
            after: after
        )
    }
}
