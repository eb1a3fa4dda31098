public import Foundation

/// Forgetting requests that led to nothing.
extension Registry {
    /// Forgets requests in whose place their devices sent other ones, and those that expired without ever having had a
    /// challenge, of which anybody can cause as many as he likes.
    ///
    /// What was issued or rejected stays, and so does what somebody has rejected or approved before it was replaced.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many may stay; the newest do.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func prune(idleRequestsBefore date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let surplus = try await self.database.read { connection in
            try connection.query(
                """
                SELECT created_at FROM request WHERE \(Self.isForgettable)
                ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $1
                """,
                [.integer(Int64(max(maximum, 0)))]
            ).first?.integer(0)
        }
        let end = max(date.milliseconds, surplus.map { $0 + 1 } ?? .min)
        var pruned = 0
        while true {
            // Some at a time, so that no enrolment waits for all of them.
            let count = try await self.database.write { try Self.pruneIdle(before: end, in: $0) }
            pruned += count
            guard count == Self.pruningStep else { return pruned }
        }
    }

    private static let pruningStep = 500

    /// What a device's next request must not take out of the records is what somebody decided on the one before; one that
    /// expired is forgotten where it had no challenge, for anybody can cause it.
    private static let isForgettable = """
        (status = 'replaced' AND decided_by IS NULL OR status = 'expired' AND challenge_id IS NULL)
            AND certificate_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM approval WHERE approval.request_id = request.id)
        """

    private static func pruneIdle(before end: Int64, in connection: any SQLConnection) throws -> Int {
        let ids = try connection.query(
            """
            SELECT id FROM request WHERE \(Self.isForgettable) AND created_at < $1
            ORDER BY created_at, id LIMIT $2
            """,
            [.integer(end), .integer(Int64(Self.pruningStep))]
        ).map { SQLValue.integer(try $0.integer(0)) }
        try Self.forgetTexts(ids, of: .requests, in: connection)
        for id in ids {
            try connection.execute("DELETE FROM challenge_use WHERE request_id = $1", [id])
            _ = try Self.forget("request_id = $1", [id], in: connection)
            try connection.execute("DELETE FROM request WHERE id = $1", [id])
        }
        if !ids.isEmpty { try Self.forgetBlocks(of: .requests, in: connection) }
        return ids.count
    }
}
