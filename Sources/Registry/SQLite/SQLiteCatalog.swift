import GRDB

/// What SQLite knows of its own tables, and what takes other words in other databases.
extension SQLiteConnection {
    func tables() throws -> [SQLTable] {
        try self.query(
            """
            SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> 'sqlite_'
            ORDER BY name
            """, []
        ).map { row in
            let name = try row.text(0)
            var key: [(position: Int64, name: String)] = []
            let columns = try self.query(
                "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid", [.text(name)]
            ).map { row in
                let type = try row.text(1)
                if try row.integer(2) > 0 { key.append((try row.integer(2), try row.text(0))) }
                guard let kind = Self.kind(type) else {
                    throw RegistryError.damaged("the table \(name) has a column of the type \(type)")
                }
                return SQLTable.Column(
                    name: try row.text(0),
                    kind: kind,
                    isIdentity: try type == "INTEGER" && row.integer(2) == 1
                )
            }
            key.sort { $0.position < $1.position }
            return SQLTable(name: name, columns: columns, key: key.map(\.name))
        }
    }

    func hasTable(_ name: String) throws -> Bool {
        try !self.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", [.text(name)]).isEmpty
    }

    func deferReferences() throws {
        try self.execute("PRAGMA defer_foreign_keys = ON", [])
    }

    /// Nothing has to be done: a new row gets the number behind the highest one.
    func continueIdentities(of tables: [SQLTable]) throws {}

    private static func kind(_ type: String) -> SQLColumnKind? {
        switch type {
        case "INTEGER", "BIGINT": .integer
        case "TEXT": .text
        case "BLOB": .bytes
        default: nil
        }
    }
}

extension SQLiteDatabase {
    /// Looks through the whole file for damage, and for references that lead nowhere.
    public func check() async throws -> [String] {
        try await self.read { connection in
            let damage = try connection.query("PRAGMA quick_check(20)", []).map { try $0.text(0) }
            let references = try connection.query(
                "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent", []
            ).map { row in
                "\(try row.integer(2)) rows of the table \(try row.text(0)) refer to rows of \(try row.text(1)) that are not there"
            }
            return damage.filter { $0 != "ok" } + references
        }
    }
}
