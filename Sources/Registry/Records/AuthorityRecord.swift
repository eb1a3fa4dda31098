import Foundation

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
            try connection.query("SELECT id, name, certificate, sealed_key FROM authority ORDER BY id", []).map { row in
                AuthorityRecord(
                    id: try row.integer(0),
                    name: try row.text(1),
                    certificate: try row.bytes(2),
                    sealedKey: try row.bytes(3)
                )
            }
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
