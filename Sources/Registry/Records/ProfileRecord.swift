public import Foundation

/// A SCEP endpoint.
public struct ProfileRecord: Hashable, Sendable {
    /// The name, which is in the URL; the default profile's is `default`.
    public var name: String
    /// The CA that issues.
    public var authority: Int64
    /// The settings, as JSON.
    public var settings: String

    /// Makes a record.
    public init(name: String, authority: Int64, settings: String) {
        self.name = name
        self.authority = authority
        self.settings = settings
    }
}

extension Registry {
    /// All profiles, by name.
    ///
    /// - Throws: ``RegistryError``.
    public func profiles() async throws -> [ProfileRecord] {
        try await self.database.read { connection in
            try connection.query("SELECT name, authority_id, settings FROM profile ORDER BY name", []).map { row in
                ProfileRecord(name: try row.text(0), authority: try row.integer(1), settings: try row.text(2))
            }
        }
    }

    /// Records a new profile.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - challenges: Its challenges, each a different one.
    ///   - creator: Who makes it.
    ///   - now: The time.
    /// - Returns: Whether there was none of its name; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ profile: ProfileRecord,
        challenges: [NewChallenge],
        by creator: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            guard
                try connection.query("SELECT 1 FROM profile WHERE name = $1", [.text(profile.name)]).isEmpty
            else { return false }
            try Self.noteChange(in: connection)
            try Self.checkIsUsable(profile.authority, in: connection)
            try Self.insert(profile, challenges, by: creator, at: now, in: connection)
            return true
        }
    }

    /// Replaces a profile's CA and settings.
    ///
    /// - Parameters:
    ///   - profile: The profile as it shall be.
    ///   - old: The profile as it was read.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether it still was as it was read; otherwise nothing changes, so that two who change a profile at the
    ///   same time do not undo each other's work.
    /// - Throws: ``RegistryError``.
    public func update(
        _ profile: ProfileRecord,
        from old: ProfileRecord,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            let count = try connection.execute(
                """
                UPDATE profile SET authority_id = $1, settings = $2
                WHERE name = $3 AND authority_id = $4 AND settings = $5
                """,
                [
                    .integer(profile.authority), .text(profile.settings), .text(profile.name), .integer(old.authority),
                    .text(old.settings),
                ]
            )
            guard count > 0 else { return false }
            try Self.noteChange(in: connection)
            if profile.authority != old.authority { try Self.checkIsUsable(profile.authority, in: connection) }
            try Self.record(.profileChanged, from: old, to: profile, by: decider, at: now, in: connection)
            return true
        }
    }

    /// Deletes a profile with its challenges; its requests and certificates stay.
    ///
    /// - Parameters:
    ///   - name: The profile.
    ///   - old: The profile as it was read, if it has to be so still; nil where that does not matter.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether there was one of that name, as it was read; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func deleteProfile(
        _ name: String,
        from old: ProfileRecord? = nil,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.decide { connection in
            // First, so that whoever changes it waits until this is over.
            try Self.noteChange(in: connection)
            try connection.execute(
                "DELETE FROM challenge_use WHERE challenge_id IN (SELECT id FROM challenge WHERE profile = $1)",
                [.text(name)]
            )
            // What waits has no reservation any more; the number may become another challenge's.
            try connection.execute(
                "UPDATE request SET challenge_id = NULL WHERE profile = $1 AND status = 'pending'", [.text(name)])
            try connection.execute("DELETE FROM challenge WHERE profile = $1", [.text(name)])
            let deleted = try connection.query(
                "DELETE FROM profile WHERE name = $1 RETURNING authority_id, settings", [.text(name)]
            ).first
            guard let deleted else { throw Undone(answer: false) }
            let record = ProfileRecord(name: name, authority: try deleted.integer(0), settings: try deleted.text(1))
            guard old == nil || old == record else { throw Undone(answer: false) }
            try Self.record(.profileDeleted, from: record, to: nil, by: decider, at: now, in: connection)
            return true
        }
    }

    /// Makes sure that a CA is neither retired nor revoked: the last line of defence against somebody who does that at the
    /// same time.
    ///
    /// - Throws: ``RegistryError/failed(_:)``.
    static func checkIsUsable(_ authority: Int64, in connection: any SQLConnection) throws {
        try Self.checkIsUsable(authority, answer: Self.sendCheck(of: authority, in: connection))
    }

    /// Asks whether a CA is retired or revoked, for ``checkIsUsable(_:answer:)``.
    static func sendCheck(of authority: Int64, in connection: any SQLConnection) throws -> any SQLAnswer {
        try connection.send(
            """
            SELECT 1 FROM authority WHERE id = $1 AND (retired_at IS NOT NULL OR EXISTS (
                SELECT 1 FROM certificate WHERE \(Self.isAuthority) AND certificate.revoked_at IS NOT NULL
                    AND certificate.encoded = authority.certificate))
            """,
            [.integer(authority)]
        )
    }

    /// Makes sure that a CA is neither retired nor revoked, by what was asked before.
    ///
    /// - Throws: ``RegistryError/failed(_:)``.
    static func checkIsUsable(_ authority: Int64, answer: any SQLAnswer) throws {
        guard try answer.rows().isEmpty else {
            throw RegistryError.failed("CA \(authority) is retired or revoked and issues nothing: choose another one")
        }
    }

    static func insert(
        _ profile: ProfileRecord,
        _ challenges: [NewChallenge],
        by creator: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO profile (name, authority_id, settings) VALUES ($1, $2, $3)",
            [.text(profile.name), .integer(profile.authority), .text(profile.settings)]
        )
        try Self.record(.profileCreated, from: nil, to: profile, by: creator, at: now, in: connection)
        for challenge in challenges {
            guard try Self.insert(challenge, by: creator, at: now, in: connection) != nil else {
                throw RegistryError.failed("the profile \(profile.name) would have a challenge twice")
            }
        }
    }

    private static func record(
        _ kind: EventKind,
        from old: ProfileRecord?,
        to new: ProfileRecord?,
        by actor: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        guard let name = new?.name ?? old?.name else { return }
        var event = NewEvent(kind, by: actor, profile: name, object: "profile \(name)")
        event.before = try old.map { try Self.state(of: $0, in: connection) }
        event.after = try new.map { try Self.state(of: $0, in: connection) }
        try Self.record(event, at: now, in: connection)
    }

    private static func state(of profile: ProfileRecord, in connection: any SQLConnection) throws -> AuditState {
        [
            "authority": .text(try Self.name(of: profile.authority, in: connection)),
            "settings": .json(orText: profile.settings),
        ]
    }
}

extension Registry {
    /// A number that changes with everything that a running server has in memory: CAs, their keys, profiles.
    ///
    /// - Throws: ``RegistryError``.
    public func configurationRevision() async throws -> Int64 {
        try await self.database.read { connection in
            try connection.query("SELECT revision FROM configuration", []).first?.integer(0) ?? 0
        }
    }

    static func noteChange(in connection: any SQLConnection) throws {
        try connection.execute("UPDATE configuration SET revision = revision + 1", [])
    }
}
