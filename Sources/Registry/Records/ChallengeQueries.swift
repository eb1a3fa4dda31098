public import Foundation

/// Looking challenges up.
extension Registry {
    /// A challenge by its digest, whatever it is good for; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func challenge(digest: [UInt8], profile: String) async throws -> ChallengeRecord? {
        try await self.challenges("WHERE profile = $1 AND digest = $2", [.text(profile), .bytes(digest)]).first
    }

    /// A challenge by its number, whatever it is good for; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func challenge(_ id: Int64) async throws -> ChallengeRecord? {
        try await self.challenges("WHERE id = $1", [.integer(id)]).first
    }

    /// Whether a request that this key signed waits with a limited challenge, or was granted a certificate with it that can
    /// be given again: for the same names, and neither ended nor revoked.
    ///
    /// - Parameters:
    ///   - challenge: The challenge's number.
    ///   - keyDigest: SHA-256 of the signer's SubjectPublicKeyInfo.
    ///   - namesDigest: SHA-256 of the names that are asked for now.
    ///   - now: The time.
    /// - Returns: Whether there is one.
    /// - Throws: ``RegistryError``.
    public func hasUsed(
        challenge: Int64,
        key keyDigest: [UInt8],
        names namesDigest: [UInt8],
        at now: Date
    ) async throws -> Bool {
        try await self.database.read { connection in
            try !connection.query(
                """
                SELECT 1 FROM challenge_use JOIN request ON request.id = challenge_use.request_id
                    LEFT JOIN certificate ON certificate.id = request.certificate_id
                WHERE challenge_use.challenge_id = $1 AND challenge_use.key_digest = $2 AND (request.status = 'pending'
                    OR (request.status = 'issued' AND challenge_use.names_digest = $3 AND certificate.not_after > $4
                        AND certificate.revoked_at IS NULL))
                LIMIT 1
                """,
                [.integer(challenge), .bytes(keyDigest), .bytes(namesDigest), .date(now)]
            ).isEmpty
        }
    }

    /// Challenges, the newest first, however long it takes to find them.
    ///
    /// - Parameters:
    ///   - profile: The profile; nil for all.
    ///   - date: Only those that are usable at this moment; nil for all.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The challenges.
    /// - Throws: ``RegistryError``.
    public func challenges(
        profile: String?,
        onlyUsableAt date: Date? = nil,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [ChallengeRecord] {
        try await self.challengePage(
            profile: profile, onlyUsableAt: date, after: last, limit: limit, patience: nil
        ).items
    }

    /// Challenges, the newest first, page by page.
    ///
    /// - Parameters:
    ///   - profile: The profile; nil for all.
    ///   - date: Only those that are usable at this moment; nil for all.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops looking; nil for never.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    public func challengePage(
        profile: String?,
        onlyUsableAt date: Date? = nil,
        after last: Int64? = nil,
        limit: Int,
        patience: Duration? = Registry.patience
    ) async throws -> ListPage<ChallengeRecord> {
        var query = ListQuery(.challenges)
        if let profile { query.conditions.add("profile =", .text(profile)) }
        if let date {
            query.conditions.add("revoked_at IS NULL AND (max_uses IS NULL OR uses + reserved < max_uses)")
            let moment = query.conditions.parameter(.date(date))
            query.conditions.add("(expires_at IS NULL OR expires_at > \(moment))")
        }
        return try await self.page(
            query, order: .newestFirst, after: last, limit: limit, patience: patience
        ) { connection, clauses, values in
            try connection.query("SELECT \(ChallengeRecord.columns) FROM challenge \(clauses)", values)
                .map(ChallengeRecord.init)
        }
    }

    /// The static challenges of all profiles that are neither revoked nor, at a moment, expired.
    ///
    /// - Throws: ``RegistryError``.
    public func staticChallenges(at now: Date) async throws -> [ChallengeRecord] {
        try await self.challenges(
            """
            WHERE max_uses IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
            ORDER BY profile, id
            """,
            [.date(now)]
        )
    }

    private func challenges(_ clauses: String, _ values: [SQLValue]) async throws -> [ChallengeRecord] {
        try await self.database.read { connection in
            try connection.query("SELECT \(ChallengeRecord.columns) FROM challenge \(clauses)", values)
                .map(ChallengeRecord.init)
        }
    }
}
