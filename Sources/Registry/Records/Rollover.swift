public import Foundation

/// The passage from one CA to the next (RFC 8894 §5.1).
public struct Rollover: Hashable, Sendable {
    /// The next CA.
    public var successor: Int64
    /// When profiles change over to it.
    public var switchAt: Date
    /// What GetNextCACert answers.
    public var answers: RolloverAnswers
}

/// What GetNextCACert answers, made once.
public struct RolloverAnswers: Hashable, Sendable {
    /// For profiles in RA mode: the next RA and the next CA.
    public var withRA: [UInt8]
    /// For profiles in CA mode: the next CA alone.
    public var alone: [UInt8]

    /// Makes a record.
    public init(withRA: [UInt8], alone: [UInt8]) {
        self.withRA = withRA
        self.alone = alone
    }
}

extension Registry {
    /// Records the CA that follows another one, with the keys that work for it.
    ///
    /// - Parameters:
    ///   - authority: The next CA.
    ///   - serviceKeys: The keys, each with its certificate, which this CA issued.
    ///   - predecessor: The CA that it follows.
    ///   - switchAt: When profiles change over to it.
    ///   - answers: What GetNextCACert answers until then.
    ///   - creator: Who makes it.
    ///   - now: The time.
    /// - Returns: The next CA's number; nil where the other CA has a successor already or is retired, or the name is taken
    ///   by a CA or a request for one.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ authority: NewAuthority,
        serviceKeys: [(key: ServiceKey, certificate: NewCertificate)],
        following predecessor: Int64,
        switchAt: Date,
        answers: RolloverAnswers,
        by creator: Decider = Decider.server,
        at now: Date
    ) async throws -> Int64? {
        try await self.database.decide { connection -> Int64? in
            try Self.noteChange(in: connection)
            let canBeFollowed = try connection.query(
                "SELECT name FROM authority WHERE id = $1 AND successor_id IS NULL AND retired_at IS NULL",
                [.integer(predecessor)]
            ).first
            guard let canBeFollowed, try Self.isFree(authority.name, in: connection) else {
                throw Undone(answer: Int64?.none)
            }
            let id = try Self.insert(authority, by: creator, at: now, in: connection)
            for (key, certificate) in serviceKeys {
                try Self.insert(key, certificate: certificate, authority: id, at: now, in: connection)
            }
            try Self.setSuccessor(id, of: predecessor, switchAt: switchAt, answers, in: connection)
            let name = try canBeFollowed.text(0)
            let event = NewEvent(
                .authorityCreated,
                by: creator,
                object: "CA \(authority.name)",
                detail: "CA \(authority.name), number \(id), follows CA \(name)",
                after: [
                    "state": "active", "number": .integer(id), "follows": .text(name), "switchAt": .date(switchAt),
                ]
            )
            try Self.record(event, at: now, in: connection)
            return id
        }
    }

    /// Lets a CA that is there follow another one.
    ///
    /// - Parameters:
    ///   - authority: The next CA.
    ///   - predecessor: The CA that it follows.
    ///   - switchAt: When profiles change over to it.
    ///   - answers: What GetNextCACert answers until then.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: Whether it does; not where either is retired, the other one has a successor already, or this one follows
    ///   or leads to one of the two already. Then nothing changes.
    /// - Throws: ``RegistryError``.
    public func appoint(
        _ authority: Int64,
        following predecessor: Int64,
        switchAt: Date,
        answers: RolloverAnswers,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.decide { connection -> Bool in
            try Self.noteChange(in: connection)
            // Neither is anybody's successor yet, nor has the next one its own, so no circle can come of it.
            let names = try connection.query(
                """
                SELECT name FROM authority WHERE id IN ($1, $2) AND retired_at IS NULL AND successor_id IS NULL
                    AND NOT EXISTS (SELECT 1 FROM authority AS other WHERE other.successor_id = $1)
                ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END
                """,
                [.integer(authority), .integer(predecessor)]
            )
            guard names.count == 2 else { throw Undone(answer: false) }
            try Self.setSuccessor(authority, of: predecessor, switchAt: switchAt, answers, in: connection)
            let (next, followed) = (try names[0].text(0), try names[1].text(0))
            let event = NewEvent(
                .authorityChanged,
                by: decider,
                object: "CA \(next)",
                detail: "CA \(next), number \(authority), follows CA \(followed)",
                before: [:],
                after: ["follows": .text(followed), "switchAt": .date(switchAt)]
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }

    private static func setSuccessor(
        _ successor: Int64,
        of authority: Int64,
        switchAt: Date,
        _ answers: RolloverAnswers,
        in connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE authority SET successor_id = $1, switch_at = $2, next_with_ra = $3, next_alone = $4 WHERE id = $5
            """,
            [
                .integer(successor), .date(switchAt), .bytes(answers.withRA), .bytes(answers.alone),
                .integer(authority),
            ]
        )
    }

    /// Replaces what GetNextCACert answers, when the RA that signs it is another one.
    ///
    /// - Throws: ``RegistryError``.
    public func update(_ answers: RolloverAnswers, ofRolloverOf authority: Int64) async throws {
        try await self.database.write { connection in
            try connection.execute(
                "UPDATE authority SET next_with_ra = $1, next_alone = $2 WHERE id = $3 AND successor_id IS NOT NULL",
                [.bytes(answers.withRA), .bytes(answers.alone), .integer(authority)]
            )
            try Self.noteChange(in: connection)
        }
    }

    /// Sets another time for a rollover that has not happened yet.
    ///
    /// - Parameters:
    ///   - authority: The CA that another one follows.
    ///   - date: When profiles change over to that.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: Whether there is one.
    /// - Throws: ``RegistryError``.
    public func reschedule(
        rolloverOf authority: Int64,
        to date: Date,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            try Self.noteChange(in: connection)
            let old = try connection.query(
                "SELECT name, switch_at FROM authority WHERE id = $1", [.integer(authority)]
            ).first
            let count = try connection.execute(
                """
                UPDATE authority SET switch_at = $1 WHERE id = $2 AND successor_id IS NOT NULL
                    AND (is_default = 1 OR EXISTS (SELECT 1 FROM profile WHERE authority_id = $3))
                """,
                [.date(date), .integer(authority), .integer(authority)]
            )
            guard count > 0, let old else { return false }
            let name = try old.text(0)
            let event = NewEvent(
                .authorityChanged,
                by: decider,
                object: "CA \(name)",
                detail: "CA \(name), number \(authority), is followed at another time",
                before: ["switchAt": try old.dateIfPresent(1).map(AuditValue.date)],
                after: ["switchAt": .date(date)]
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }

    /// Moves the profiles of those CAs whose time is over to the next CA, which also becomes the default where they were.
    ///
    /// - Returns: The profiles that were moved.
    /// - Throws: ``RegistryError``.
    public func switchAuthorities(at now: Date) async throws -> [String] {
        let due = "successor_id IS NOT NULL AND switch_at <= $1"
        let isDue = try await self.database.read { connection in
            try !connection.query(
                """
                SELECT 1 FROM authority WHERE \(due)
                    AND (is_default = 1 OR EXISTS (SELECT 1 FROM profile WHERE profile.authority_id = authority.id))
                LIMIT 1
                """,
                [.date(now)]
            ).isEmpty
        }
        guard isDue else { return [] }
        return try await self.database.write { connection in
            try Self.noteChange(in: connection)
            let moved = try connection.query(
                """
                UPDATE profile SET authority_id =
                    (SELECT successor_id FROM authority WHERE authority.id = profile.authority_id)
                WHERE authority_id IN (SELECT id FROM authority WHERE \(due)) RETURNING name
                """,
                [.date(now)]
            ).map { try $0.text(0) }
            let following = try connection.query(
                "SELECT successor_id FROM authority WHERE is_default = 1 AND \(due)", [.date(now)]
            ).first
            let old = try Self.defaultName(in: connection)
            if let next = try following?.integer(0) { try Self.makeDefault(next, in: connection) }
            let details = [
                moved.isEmpty ? nil : "profiles changed over to the next CA: \(moved.sorted().joined(separator: ", "))",
                try following.map { "CA \(try $0.integer(0)) is the default" },
            ]
            let detail = details.compactMap(\.self).joined(separator: "; ")
            // Another server may have done it a moment before.
            guard !detail.isEmpty else { return [] }
            let event = NewEvent(
                .authorityChanged,
                by: Decider.server,
                detail: detail,
                before: ["default": old.map(AuditValue.text)],
                after: [
                    "default": try Self.defaultName(in: connection).map(AuditValue.text),
                    "profiles": moved.isEmpty ? nil : .list(moved.sorted().map(AuditValue.text)),
                ]
            )
            try Self.record(event, at: now, in: connection)
            return moved
        }
    }
}
