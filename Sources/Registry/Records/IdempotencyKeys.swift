public import Foundation

/// What is known of a request that somebody repeats under the same key.
public enum IdempotentRequest: Hashable, Sendable {
    /// Nobody has sent it yet; whoever asks does it now.
    case new
    /// Somebody is doing it, or it was cut off.
    case begun(at: Date)
    /// It was done, and this was answered, encrypted.
    case done(reply: [UInt8])
    /// The key belongs to another request.
    case other
}

/// Requests that are done once, however often they are sent.
extension Registry {
    /// For how long a key is remembered, in seconds.
    public static let idempotencyLifetime: TimeInterval = 86_400

    /// Begins a request, unless it was begun before and not too long ago.
    ///
    /// - Parameters:
    ///   - key: The key that its sender has chosen.
    ///   - scope: Whose key it is.
    ///   - digest: SHA-256 of the request.
    ///   - now: The time.
    /// - Returns: What is known of it.
    /// - Throws: ``RegistryError``.
    public func begin(key: String, of scope: String, digest: [UInt8], at now: Date) async throws -> IdempotentRequest {
        try await self.database.write { connection in
            let count = try connection.execute(
                """
                INSERT INTO idempotency_key (scope, name, request_digest, created_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (scope, name) DO UPDATE
                SET request_digest = excluded.request_digest, reply = NULL, created_at = excluded.created_at
                WHERE idempotency_key.created_at < $5
                """,
                [
                    .text(scope), .text(key), .bytes(digest), .date(now),
                    .date(now.addingTimeInterval(-Self.idempotencyLifetime)),
                ]
            )
            guard count == 0 else { return .new }
            let rows = try connection.query(
                "SELECT request_digest, reply, created_at FROM idempotency_key WHERE scope = $1 AND name = $2",
                [.text(scope), .text(key)]
            )
            guard let row = rows.first, try row.bytes(0) == digest else { return .other }
            return try row.bytesIfPresent(1).map { .done(reply: $0) } ?? .begun(at: row.date(2))
        }
    }

    /// Notes what was answered; nil where nothing was done, so that it can be sent again.
    ///
    /// - Throws: ``RegistryError``.
    public func finish(key: String, of scope: String, reply: [UInt8]?) async throws {
        let name = [SQLValue.text(scope), .text(key)]
        if let reply {
            try await self.change(
                "UPDATE idempotency_key SET reply = $1 WHERE scope = $2 AND name = $3", [.bytes(reply)] + name)
        } else {
            try await self.change("DELETE FROM idempotency_key WHERE scope = $1 AND name = $2", name)
        }
    }

    /// Forgets keys that are remembered for long enough, and what was answered to them.
    ///
    /// - Throws: ``RegistryError``.
    public func pruneIdempotencyKeys(at now: Date) async throws {
        try await self.change(
            "DELETE FROM idempotency_key WHERE created_at < $1",
            [.date(now.addingTimeInterval(-Self.idempotencyLifetime))])
    }

    /// Ends all sessions and forgets what was answered to requests, as after a backup was restored.
    ///
    /// - Throws: ``RegistryError``.
    public func endSessions() async throws {
        for table in ["session", "idempotency_key"] { try await self.change("DELETE FROM \(table)", []) }
    }

    private func change(_ sql: String, _ values: [SQLValue]) async throws {
        _ = try await self.database.write { try $0.execute(sql, values) }
    }
}

extension Migrations {
    /// Keys by which requests to the API are done once.
    static let idempotency: [String] = [
        """
        CREATE TABLE idempotency_key (
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            request_digest {bytes} NOT NULL,
            reply {bytes},
            created_at BIGINT NOT NULL,
            PRIMARY KEY (scope, name)
        )
        """,
        "CREATE INDEX idempotency_key_age ON idempotency_key (created_at)",
    ]
}
