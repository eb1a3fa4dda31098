import Foundation

/// A SCEP endpoint's settings.
public struct ProfileRecord: Hashable, Sendable {
    /// The name, which is in the URL; the default profile's is `default`.
    public var name: String
    /// The CA that issues.
    public var authority: Int64
    /// Who answers: `ra` or `ca`.
    public var mode: String
    /// Which algorithms are accepted: `modern`, `compatible` or `legacy`.
    public var algorithmLevel: String
    /// Whether everybody may enrol, without any challenge.
    public var isOpen: Bool
    /// The digests of the challenges that are valid.
    public var challenges: [[UInt8]]

    /// Makes a record.
    public init(
        name: String,
        authority: Int64,
        mode: String,
        algorithmLevel: String,
        isOpen: Bool,
        challenges: [[UInt8]]
    ) {
        self.name = name
        self.authority = authority
        self.mode = mode
        self.algorithmLevel = algorithmLevel
        self.isOpen = isOpen
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
            return try connection.query(
                "SELECT name, authority_id, mode, algorithm_level, is_open FROM profile ORDER BY name",
                []
            ).map { row in
                let name = try row.text(0)
                return ProfileRecord(
                    name: name,
                    authority: try row.integer(1),
                    mode: try row.text(2),
                    algorithmLevel: try row.text(3),
                    isOpen: try row.integer(4) != 0,
                    challenges: challenges.filter { $0.profile == name }.map(\.digest)
                )
            }
        }
    }

    static func insert(_ profile: ProfileRecord, at now: Date, in connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO profile (name, authority_id, mode, algorithm_level, is_open) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(profile.name), .integer(profile.authority), .text(profile.mode), .text(profile.algorithmLevel),
                .bool(profile.isOpen),
            ]
        )
        for digest in profile.challenges {
            try connection.execute(
                "INSERT INTO challenge (profile, digest, created_at) VALUES ($1, $2, $3)",
                [.text(profile.name), .bytes(digest), .date(now)]
            )
        }
    }
}
