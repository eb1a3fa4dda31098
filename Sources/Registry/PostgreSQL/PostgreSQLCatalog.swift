/// What PostgreSQL knows of its own tables, and what takes other words in other databases.
extension PostgreSQLConnection {
    func tables() throws -> [SQLTable] {
        var tables: [SQLTable] = []
        var key: [(position: Int64, name: String)] = []
        let columns = try self.query(
            """
            SELECT pg_class.relname, attname, format_type(atttypid, NULL), attidentity <> '',
                array_position(indkey::int2[], attnum)
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                LEFT JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
            WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p') AND attnum > 0
                AND NOT attisdropped
            ORDER BY pg_class.relname, attnum
            """, []
        )
        for column in columns {
            let (name, type) = (try column.text(0), try column.text(2))
            guard let kind = Self.kind(type) else {
                throw RegistryError.damaged("the table \(name) has a column of the type \(type)")
            }
            if tables.last?.name != name {
                tables.append(SQLTable(name: name, columns: []))
                key = []
            }
            tables[tables.count - 1].columns.append(
                SQLTable.Column(name: try column.text(1), kind: kind, isIdentity: try column.integer(3) == 1))
            guard let position = try column.integerIfPresent(4) else { continue }
            key.append((position, try column.text(1)))
            tables[tables.count - 1].key = key.sorted { $0.position < $1.position }.map(\.name)
        }
        return tables
    }

    func hasTable(_ name: String) throws -> Bool {
        try !self.query(
            """
            SELECT 1 FROM pg_class
            WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p') AND relname = $1
            """, [.text(name)]
        ).isEmpty
    }

    func deferReferences() throws {
        try self.takeTime()
        try self.session.run("SET CONSTRAINTS ALL DEFERRED")
    }

    func settleReferences() throws { try self.session.run("SET CONSTRAINTS ALL IMMEDIATE") }

    func continueIdentities(of tables: [SQLTable]) throws {
        for table in tables {
            for column in table.columns where column.isIdentity {
                let (name, identity) = (table.quotedName, SQLTable.quoted(column.name))
                _ = try self.query(
                    """
                    SELECT setval(pg_get_serial_sequence($1, $2), COALESCE(max(\(identity)), 0) + 1, false) FROM \(name)
                    """,
                    [.text(name), .text(column.name)]
                )
            }
        }
    }

    private static func kind(_ type: String) -> SQLColumnKind? {
        switch type {
        case "bigint": .integer
        case "text": .text
        case "bytea": .bytes
        default: nil
        }
    }
}
