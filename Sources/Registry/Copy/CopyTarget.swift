/// The database into which a registry is copied, before anything is in it.
enum CopyTarget {
    /// What a migration puts in by itself.
    private static let seeds: Set<String> = [Registry.versionTable, "configuration", "audit_chain"]

    /// Refuses a database in which there is something.
    ///
    /// A copy that was cut off before its source was closed is nothing: its source goes on, so it can only be made again.
    ///
    /// - Parameters:
    ///   - connection: The database.
    ///   - name: What it is called.
    /// - Throws: ``CopyError``, ``RegistryError``.
    static func check(_ connection: any SQLConnection, _ name: String) throws {
        let tables: [SQLTable]
        do {
            tables = try connection.tables()
        } catch RegistryError.damaged {
            throw CopyError(.notEmpty, "\(name) holds something else than a registry: name an empty database")
        }
        guard !tables.isEmpty else { return }
        if let closure = try RegistryClosure.find(in: connection) {
            guard closure.isComplete else { return }
            throw CopyError(.notEmpty, "\(name) is not empty: in it \(closure.reason)")
        }
        guard try connection.hasTable(Registry.versionTable) else {
            throw CopyError(.notEmpty, "\(name) holds something else than a registry: name an empty database")
        }
        for table in tables where !Self.seeds.contains(table.name) {
            guard try connection.query("SELECT 1 FROM \(table.quotedName) LIMIT 1", []).isEmpty else {
                throw CopyError(
                    .notEmpty,
                    "\(name) has a registry in it already (there is something in the table \(table.name)): nothing is written "
                        + "over it; name an empty database")
            }
        }
    }

    /// Takes the tables away of a registry in which nothing is.
    static func clear(_ connection: any SQLConnection, _ dialect: SQLDialect) throws {
        if try RegistryClosure.find(in: connection) != nil { try RegistryClosure.open(connection, dialect) }
        let tables = try connection.tables()
        guard !tables.isEmpty else { return }
        if dialect == .postgreSQL {
            try connection.execute("DROP TABLE \(tables.map(\.quotedName).joined(separator: ", "))", [])
            return
        }
        // Rows first: SQLite takes a table with rows to which others refer for a mistake.
        try connection.deferReferences()
        for table in tables { try connection.execute("DELETE FROM \(table.quotedName)", []) }
        for list in RegistryList.indexed where try connection.hasTable(list.searchTable) {
            try connection.execute("DROP TABLE \(SQLTable.quoted(list.searchTable))", [])
        }
        for table in tables { try connection.execute("DROP TABLE \(table.quotedName)", []) }
    }
}
