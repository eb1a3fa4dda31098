/// A key by which a master key is known to be the right one.
public struct SealedProbe: Hashable, Sendable {
    /// The name of the CA.
    public var name: String
    /// Its private key, encrypted under the master key.
    public var sealedKey: [UInt8]
}

extension Registry {
    /// The key of the first CA, from a database of whatever version, before it is migrated.
    ///
    /// So a wrong master key is found out before anything is changed; nothing is changed here either.
    ///
    /// - Parameter database: The database.
    /// - Returns: The key; nil in a database in which nothing was ever recorded.
    /// - Throws: ``RegistryError``.
    public static func sealedProbe(in database: any SQLDatabase) async throws -> SealedProbe? {
        if let found = try? await database.read({ [try Self.sealedProbe($0)] }) { return found.first ?? nil }
        // There is no table, or it cannot be read, which must not be taken for the same. Every database is asked in another
        // way whether a table is there, but all can make it where it is not, and then undo that.
        return try await database.decide { connection -> SealedProbe? in
            try connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", [])
            let version = try connection.query("SELECT version FROM schema_version", []).first?.integer(0) ?? 0
            let known = Migrations.steps.count
            guard version <= known else { throw RegistryError.tooNew(found: Int(version), known: known) }
            throw Undone(answer: version > 0 ? try Self.sealedProbe(connection) : nil)
        }
    }

    private static func sealedProbe(_ connection: any SQLConnection) throws -> SealedProbe? {
        try connection.query("SELECT name, sealed_key FROM authority ORDER BY id LIMIT 1", []).first.map { row in
            SealedProbe(name: try row.text(0), sealedKey: try row.bytes(1))
        }
    }
}
