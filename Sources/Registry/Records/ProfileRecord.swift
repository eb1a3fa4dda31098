public import Foundation

/// A SCEP endpoint.
public struct ProfileRecord: Hashable, Sendable {
    /// The name, which is in the URL; the default profile's is `default`.
    public var name: String
    /// The CA that issues.
    public var authority: Int64
    /// The settings, as JSON.
    public var settings: String
    /// The digests of the challenges that are valid.
    public var challenges: [[UInt8]]

    /// Makes a record.
    public init(name: String, authority: Int64, settings: String, challenges: [[UInt8]]) {
        self.name = name
        self.authority = authority
        self.settings = settings
        self.challenges = challenges
    }
}

extension Registry {
    /// All profiles, by name.
    ///
    /// - Throws: ``RegistryError``.
    public func profiles() async throws -> [ProfileRecord] {
        try await self.database.read { connection in
            let challenges = try connection.query("SELECT profile, digest FROM challenge ORDER BY id", []).map {
                (profile: try $0.text(0), digest: try $0.bytes(1))
            }
            return try connection.query("SELECT name, authority_id, settings FROM profile ORDER BY name", []).map {
                row in
                let name = try row.text(0)
                return ProfileRecord(
                    name: name,
                    authority: try row.integer(1),
                    settings: try row.text(2),
                    challenges: challenges.filter { $0.profile == name }.map(\.digest)
                )
            }
        }
    }

    /// Records a new profile.
    ///
    /// - Returns: Whether there was none of its name; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(_ profile: ProfileRecord, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            guard
                try connection.query("SELECT 1 FROM profile WHERE name = $1", [.text(profile.name)]).isEmpty
            else { return false }
            try Self.insert(profile, at: now, in: connection)
            try Self.noteChange(in: connection)
            return true
        }
    }

    /// Replaces a profile's CA and settings, and its challenges where they are other ones.
    ///
    /// - Parameters:
    ///   - profile: The profile as it shall be.
    ///   - old: The profile as it was read.
    ///   - now: The time.
    /// - Returns: Whether it still was as it was read; otherwise nothing changes, so that two who change a profile at the
    ///   same time do not undo each other's work.
    /// - Throws: ``RegistryError``.
    public func update(_ profile: ProfileRecord, from old: ProfileRecord, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            guard try Self.challenges(of: profile.name, in: connection) == old.challenges else { return false }
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
            if profile.challenges != old.challenges {
                try connection.execute("DELETE FROM challenge WHERE profile = $1", [.text(profile.name)])
                try Self.insertChallenges(of: profile, at: now, in: connection)
            }
            try Self.noteChange(in: connection)
            return true
        }
    }

    private static func challenges(of profile: String, in connection: any SQLConnection) throws -> [[UInt8]] {
        try connection.query("SELECT digest FROM challenge WHERE profile = $1 ORDER BY id", [.text(profile)])
            .map { try $0.bytes(0) }
    }

    /// Deletes a profile with its challenges; its requests and certificates stay.
    ///
    /// - Returns: Whether there was one of that name.
    /// - Throws: ``RegistryError``.
    public func deleteProfile(_ name: String) async throws -> Bool {
        try await self.database.write { connection in
            try connection.execute("DELETE FROM challenge WHERE profile = $1", [.text(name)])
            let count = try connection.execute("DELETE FROM profile WHERE name = $1", [.text(name)])
            try Self.noteChange(in: connection)
            return count > 0
        }
    }

    static func insert(_ profile: ProfileRecord, at now: Date, in connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO profile (name, authority_id, settings) VALUES ($1, $2, $3)",
            [.text(profile.name), .integer(profile.authority), .text(profile.settings)]
        )
        try Self.insertChallenges(of: profile, at: now, in: connection)
    }

    private static func insertChallenges(
        of profile: ProfileRecord,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        for digest in profile.challenges {
            try connection.execute(
                "INSERT INTO challenge (profile, digest, created_at) VALUES ($1, $2, $3)",
                [.text(profile.name), .bytes(digest), .date(now)]
            )
        }
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
