extension PostgreSQLDatabase {
    /// Reads everything, which fails where the server finds damage, and looks for references that lead nowhere.
    public func check() async throws -> [String] {
        try await self.read { connection in
            var findings = try Self.invalidIndexes(connection)
            for table in try connection.tables() {
                do {
                    try connection.forEach("SELECT * FROM \"\(table.name)\"", []) { _ in }
                } catch {
                    // The transaction is over with that: nothing more can be read in it.
                    return findings + ["the table \(table.name) cannot be read: \(error)"]
                }
            }
            for reference in try Self.references(connection) {
                findings += try Self.missing(reference, connection)
            }
            return findings
        }
    }

    private struct Reference {
        var table: String
        var column: String
        var parent: String
        var parentColumn: String
    }

    private static func invalidIndexes(_ connection: any SQLConnection) throws -> [String] {
        try connection.query(
            """
            SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND NOT indisvalid ORDER BY relname
            """, []
        ).map { "the index \(try $0.text(0)) is not valid: REINDEX INDEX \(try $0.text(0))" }
    }

    private static func references(_ connection: any SQLConnection) throws -> [Reference] {
        try connection.query(
            """
            SELECT child.relname, own.attname, parent.relname, other.attname
            FROM pg_constraint
                JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
                JOIN pg_attribute AS own ON own.attrelid = conrelid AND own.attnum = conkey[1]
                JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = confkey[1]
            WHERE contype = 'f' AND child.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            ORDER BY child.relname, own.attname
            """, []
        ).map { row in
            Reference(
                table: try row.text(0), column: try row.text(1), parent: try row.text(2),
                parentColumn: try row.text(3))
        }
    }

    private static func missing(_ reference: Reference, _ connection: any SQLConnection) throws -> [String] {
        let count =
            try connection.query(
                """
                SELECT count(*) FROM "\(reference.table)" AS child WHERE child."\(reference.column)" IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM "\(reference.parent)" AS parent
                        WHERE parent."\(reference.parentColumn)" = child."\(reference.column)")
                """, []
            ).first?.integer(0) ?? 0
        guard count > 0 else { return [] }
        return [
            "\(count) rows of the table \(reference.table) refer to rows of \(reference.parent) that are not there"
        ]
    }
}
