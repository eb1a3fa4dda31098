/// Secrets that the server keeps under names, encrypted under the master key.
extension Registry {
    /// A secret, encrypted; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func secret(named name: String) async throws -> [UInt8]? {
        try await self.database.read { connection in
            try connection.query("SELECT sealed FROM secret WHERE name = $1", [.text(name)]).first?.bytes(0)
        }
    }

    /// Keeps a secret.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - sealed: The secret, encrypted.
    ///   - isNew: Whether one that is there already stays, so that several who make one at the same time agree.
    /// - Returns: Whether it is kept.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func setSecret(_ name: String, to sealed: [UInt8], onlyIfAbsent isNew: Bool = false) async throws -> Bool {
        try await self.database.write { connection in
            try Self.setSecret(name, to: sealed, onlyIfAbsent: isNew, in: connection)
        }
    }

    @discardableResult
    static func setSecret(
        _ name: String,
        to sealed: [UInt8],
        onlyIfAbsent isNew: Bool = false,
        in connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO secret (name, sealed) VALUES ($1, $2)
            ON CONFLICT (name) DO \(isNew ? "NOTHING" : "UPDATE SET sealed = excluded.sealed")
            """,
            [.text(name), .bytes(sealed)]
        ) > 0
    }
}
