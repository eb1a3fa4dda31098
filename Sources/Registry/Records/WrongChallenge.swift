public import Foundation

/// A challenge that nobody has given out.
///
/// It counts once for an address, however often it comes: a device that is set up wrong repeats itself and guesses nothing.
public struct WrongChallenge: Hashable, Sendable {
    /// From where it came.
    public var address: String
    /// The profile.
    public var profile: String
    /// Its keyed digest.
    public var digest: [UInt8]

    /// Makes a record.
    public init(address: String, profile: String, digest: [UInt8]) {
        self.address = address
        self.profile = profile
        self.digest = digest
    }
}

/// An address from which wrong challenges came.
public struct GuessingAddress: Hashable, Sendable {
    /// The address.
    public var address: String
    /// How many different ones came.
    public var count: Int
    /// When the latest of them came for the first time.
    public var latest: Date
    /// For which profiles, by name.
    public var profiles: [String]
}

/// Wrong challenges, by which guessing is noticed.
extension Registry {
    /// Records that a request was refused, and the wrong challenge where it had one.
    ///
    /// - Parameters:
    ///   - event: What is remembered of it.
    ///   - wrong: The wrong challenge; nil where that was not the reason.
    ///   - now: The time.
    /// - Returns: Whether the wrong challenge is one more: the first of its kind from there for this profile.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func recordRefusal(_ event: NewEvent, wrongChallenge wrong: WrongChallenge?, at now: Date) async throws
        -> Bool
    {
        try await self.database.write { connection in
            try Self.record(event, at: now, in: connection)
            guard let wrong else { return false }
            return try Self.insert(wrong, at: now, in: connection)
        }
    }

    /// Records the wrong challenge of a request that was granted for another reason.
    ///
    /// - Returns: Whether it is one more: the first of its kind from there for this profile.
    /// - Throws: ``RegistryError``.
    public func record(_ wrong: WrongChallenge, at now: Date) async throws -> Bool {
        try await self.database.write { try Self.insert(wrong, at: now, in: $0) }
    }

    private static func insert(
        _ wrong: WrongChallenge,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO wrong_challenge (address, profile, digest, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (address, profile, digest) DO NOTHING
            """,
            [.address(wrong.address), .text(wrong.profile), .bytes(wrong.digest), .date(now)]
        ) > 0
    }

    /// When the latest wrong challenges from an address came for the first time, the newest first; at most 100.
    ///
    /// - Throws: ``RegistryError``.
    public func wrongChallenges(from address: String, since date: Date) async throws -> [Date] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT at FROM wrong_challenge WHERE address = $1 AND at >= $2 ORDER BY at DESC LIMIT 100",
                [.address(address), .date(date)]
            ).map { try $0.date(0) }
        }
    }

    /// When wrong challenges came for the first time from the addresses that sent the most, the newest first.
    ///
    /// - Parameters:
    ///   - date: Those that came before do not count.
    ///   - least: How many different ones an address has to have sent.
    ///   - limit: How many addresses at most.
    /// - Returns: The times, by address.
    /// - Throws: ``RegistryError``.
    public func wrongChallenges(
        since date: Date,
        atLeast least: Int,
        limit: Int
    ) async throws -> [String: [Date]] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT address, at FROM wrong_challenge WHERE at >= $1 AND address IN
                    (SELECT address FROM wrong_challenge WHERE at >= $1 GROUP BY address HAVING count(*) >= $2
                     ORDER BY count(*) DESC LIMIT $3)
                ORDER BY at DESC
                """,
                [.date(date), .integer(Int64(least)), .integer(Int64(limit))]
            ).reduce(into: [:]) { found, row in found[try row.text(0), default: []].append(try row.date(1)) }
        }
    }

    /// How many different wrong challenges came for a profile, counted for each address.
    ///
    /// - Throws: ``RegistryError``.
    public func wrongChallengeCount(profile: String, since date: Date) async throws -> Int {
        try await self.database.read { connection in
            Int(
                try connection.query(
                    "SELECT count(*) FROM wrong_challenge WHERE profile = $1 AND at >= $2",
                    [.text(profile), .date(date)]
                ).first?.integer(0) ?? 0
            )
        }
    }

    /// The addresses from which wrong challenges came, those with the most first.
    ///
    /// - Parameters:
    ///   - date: Those that came before do not count.
    ///   - limit: How many addresses at most.
    /// - Returns: The addresses.
    /// - Throws: ``RegistryError``.
    public func guessingAddresses(since date: Date, limit: Int = 100) async throws -> [GuessingAddress] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT address, count(*), max(at) FROM wrong_challenge WHERE at >= $1 GROUP BY address
                ORDER BY count(*) DESC, max(at) DESC, address LIMIT $2
                """,
                [.date(date), .integer(Int64(limit))]
            ).map { row in
                let profiles = try connection.query(
                    "SELECT DISTINCT profile FROM wrong_challenge WHERE address = $1 AND at >= $2 ORDER BY profile",
                    [.text(try row.text(0)), .date(date)]
                )
                return GuessingAddress(
                    address: try row.text(0),
                    count: Int(try row.integer(1)),
                    latest: try row.date(2),
                    profiles: try profiles.map { try $0.text(0) }
                )
            }
        }
    }

    /// Forgets the wrong challenges from an address, which may then enrol again.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: How many there were.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func clearWrongChallenges(from address: String, by decider: Decider, at now: Date) async throws -> Int {
        try await self.database.write { connection in
            let count = try connection.execute("DELETE FROM wrong_challenge WHERE address = $1", [.address(address)])
            guard count > 0 else { return 0 }
            try Self.record(
                NewEvent(
                    .addressCleared,
                    by: decider,
                    clientAddress: address,
                    detail: "wrong challenges: \(count)",
                    before: ["wrongChallenges": .integer(Int64(count))],
                    after: ["wrongChallenges": 0]
                ),
                at: now,
                in: connection
            )
            return count
        }
    }

    /// Forgets old wrong challenges.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many may stay; the newest do.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func pruneWrongChallenges(before date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let old = try await self.database.deleteInSteps(
            """
            DELETE FROM wrong_challenge WHERE (address, profile, digest) IN
                (SELECT address, profile, digest FROM wrong_challenge WHERE at < $1 LIMIT $2)
            """,
            [.date(date)]
        )
        let surplus = try await self.database.read { connection -> [SQLValue]? in
            let count = try connection.query("SELECT count(*) FROM wrong_challenge", []).first?.integer(0) ?? 0
            guard count > maximum else { return nil }
            return try connection.query(
                """
                SELECT at, address, profile, digest FROM wrong_challenge
                ORDER BY at DESC, address DESC, profile DESC, digest DESC LIMIT 1 OFFSET $1
                """,
                [.integer(Int64(max(maximum, 0)))]
            ).first.map { row in
                [
                    .integer(try row.integer(0)), .text(try row.text(1)), .text(try row.text(2)),
                    .bytes(try row.bytes(3)),
                ]
            }
        }
        guard let surplus else { return old }
        return try await old
            + self.database.deleteInSteps(
                """
                DELETE FROM wrong_challenge WHERE (address, profile, digest) IN
                    (SELECT address, profile, digest FROM wrong_challenge
                     WHERE (at, address, profile, digest) <= ($1, $2, $3, $4) LIMIT $5)
                """,
                surplus
            )
    }
}
