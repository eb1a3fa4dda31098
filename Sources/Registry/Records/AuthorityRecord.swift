public import Foundation

/// A CA: its certificate, and its key as ciphertext.
public struct AuthorityRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The name, unique.
    public var name: String
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]
    /// The CA that follows, once there is one.
    public var rollover: Rollover?
}

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

/// A CA that is to be recorded.
public struct NewAuthority: Hashable, Sendable {
    /// The name, unique.
    public var name: String
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]

    /// Makes a record.
    public init(name: String, certificate: [UInt8], sealedKey: [UInt8]) {
        self.name = name
        self.certificate = certificate
        self.sealedKey = sealedKey
    }
}

extension Registry {
    /// All CAs, the oldest first.
    ///
    /// - Throws: ``RegistryError``.
    public func authorities() async throws -> [AuthorityRecord] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT id, name, certificate, sealed_key, successor_id, switch_at, next_with_ra, next_alone
                FROM authority ORDER BY id
                """,
                []
            ).map { row in
                AuthorityRecord(
                    id: try row.integer(0),
                    name: try row.text(1),
                    certificate: try row.bytes(2),
                    sealedKey: try row.bytes(3),
                    rollover: try row.integerIfPresent(4).map {
                        Rollover(
                            successor: $0,
                            switchAt: try row.date(5),
                            answers: RolloverAnswers(withRA: try row.bytes(6), alone: try row.bytes(7))
                        )
                    }
                )
            }
        }
    }

    /// Records the CA that follows another one, with its RA.
    ///
    /// - Parameters:
    ///   - authority: The next CA.
    ///   - serviceKey: Its RA's key and certificate.
    ///   - predecessor: The CA that it follows.
    ///   - switchAt: When profiles change over to it.
    ///   - answers: What GetNextCACert answers until then.
    ///   - now: The time.
    /// - Returns: The next CA's number; nil where the other CA has a successor already, or the name is taken.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ authority: NewAuthority,
        serviceKey: (key: ServiceKey, certificate: NewCertificate),
        following predecessor: Int64,
        switchAt: Date,
        answers: RolloverAnswers,
        at now: Date
    ) async throws -> Int64? {
        try await self.database.write { connection in
            let isFree = try connection.query(
                """
                SELECT 1 FROM authority WHERE id = $1 AND successor_id IS NULL
                    AND NOT EXISTS (SELECT 1 FROM authority WHERE name = $2)
                """,
                [.integer(predecessor), .text(authority.name)]
            )
            guard !isFree.isEmpty else { return nil }
            let id = try Self.insert(authority, at: now, in: connection)
            try Self.insert(serviceKey.key, certificate: serviceKey.certificate, authority: id, at: now, in: connection)
            try connection.execute(
                """
                UPDATE authority SET successor_id = $1, switch_at = $2, next_with_ra = $3, next_alone = $4 WHERE id = $5
                """,
                [
                    .integer(id), .date(switchAt), .bytes(answers.withRA), .bytes(answers.alone),
                    .integer(predecessor),
                ]
            )
            try Self.noteChange(in: connection)
            return id
        }
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
    /// - Returns: Whether there is one.
    /// - Throws: ``RegistryError``.
    public func reschedule(rolloverOf authority: Int64, to date: Date) async throws -> Bool {
        try await self.database.write { connection in
            let count = try connection.execute(
                """
                UPDATE authority SET switch_at = $1 WHERE id = $2 AND successor_id IS NOT NULL
                    AND EXISTS (SELECT 1 FROM profile WHERE authority_id = $3)
                """,
                [.date(date), .integer(authority), .integer(authority)]
            )
            try Self.noteChange(in: connection)
            return count > 0
        }
    }

    /// Moves the profiles of those CAs whose time is over to the next CA.
    ///
    /// - Returns: The profiles that were moved.
    /// - Throws: ``RegistryError``.
    public func switchAuthorities(at now: Date) async throws -> [String] {
        let due = "SELECT id FROM authority WHERE successor_id IS NOT NULL AND switch_at <= $1"
        let isDue = try await self.database.read { connection in
            try !connection.query(
                "SELECT 1 FROM profile WHERE authority_id IN (\(due)) LIMIT 1", [.date(now)]
            ).isEmpty
        }
        guard isDue else { return [] }
        return try await self.database.write { connection in
            let moved = try connection.query(
                """
                UPDATE profile SET authority_id =
                    (SELECT successor_id FROM authority WHERE authority.id = profile.authority_id)
                WHERE authority_id IN (\(due)) RETURNING name
                """,
                [.date(now)]
            )
            try Self.noteChange(in: connection)
            return try moved.map { try $0.text(0) }
        }
    }

    static func insert(_ authority: NewAuthority, at now: Date, in connection: any SQLConnection) throws -> Int64 {
        try Self.identity(
            connection.query(
                """
                INSERT INTO authority (name, certificate, sealed_key, created_at) VALUES ($1, $2, $3, $4) RETURNING id
                """,
                [.text(authority.name), .bytes(authority.certificate), .bytes(authority.sealedKey), .date(now)]
            )
        )
    }

    /// The number that the database gave to a new row.
    static func identity(_ rows: [SQLRow]) throws(RegistryError) -> Int64 {
        guard let row = rows.first else { throw .damaged("a new row got no number") }
        return try row.integer(0)
    }
}
