/// That a registry takes no changes, because it has moved, or because it is a copy that is not finished yet.
///
/// The database itself refuses every change, by triggers on every table, so it does not matter what program makes it and
/// since when that runs. A registry that is open has none of them, and pays nothing.
struct RegistryClosure: Hashable, Sendable {
    /// Where it is said; only a closed registry has this table.
    static let table = "registry_closed"

    /// The SQLSTATE with which PostgreSQL refuses.
    static let state = "UCM01"

    /// Which copy it comes from: both sides have the same.
    var copy: String
    /// Whether all of it is there: then it has moved, otherwise it is a copy that is not finished.
    var isComplete: Bool
    /// Why nothing is changed, and what to do.
    var reason: String

    /// What is said; nil where the registry is open.
    static func find(in database: any SQLDatabase) async throws -> RegistryClosure? {
        try await database.read { try Self.find(in: $0) }
    }

    static func find(in connection: any SQLConnection) throws -> RegistryClosure? {
        guard try connection.hasTable(Self.table) else { return nil }
        return try connection.query("SELECT copy, is_complete, reason FROM \(Self.table)", []).first.map { row in
            RegistryClosure(
                copy: try row.text(0), isComplete: try row.integer(1) != 0, reason: try row.text(2))
        }
    }

    /// Has the database refuse every change from the end of the transaction on.
    func close(_ connection: any SQLConnection, _ dialect: SQLDialect) throws {
        let tables = try connection.tables().map(\.name)
        let creation =
            "CREATE TABLE \(Self.table) (copy TEXT NOT NULL, is_complete BIGINT NOT NULL, reason TEXT NOT NULL)"
        guard let sql = dialect.statement(creation) else { return }
        try connection.execute(sql, [])
        try connection.execute(
            "INSERT INTO \(Self.table) (copy, is_complete, reason) VALUES ($1, $2, $3)",
            [.text(self.copy), .bool(self.isComplete), .text(self.reason)])
        for statement in self.closing(tables, dialect) { try connection.execute(statement, []) }
    }

    /// Lets the database take changes again.
    static func open(_ connection: any SQLConnection, _ dialect: SQLDialect) throws {
        if dialect == .postgreSQL {
            // With its triggers.
            try connection.execute("DROP FUNCTION \(Self.table)() CASCADE", [])
        } else {
            let triggers = try connection.query(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, $1) = $2",
                [.integer(Int64(Self.table.utf8.count)), .text(Self.table)])
            for trigger in triggers {
                try connection.execute("DROP TRIGGER \(SQLTable.quoted(try trigger.text(0)))", [])
            }
        }
        try connection.execute("DROP TABLE \(Self.table)", [])
    }

    private func closing(_ tables: [String], _ dialect: SQLDialect) -> [String] {
        guard dialect == .postgreSQL else {
            // SQLite tells what is done apart, and takes the reason only as a literal.
            let reason = "'" + self.reason.storable.replacing("'", with: "''") + "'"
            return tables.flatMap { table in
                ["INSERT", "UPDATE", "DELETE"].map { change in
                    """
                    CREATE TRIGGER \(SQLTable.quoted("\(Self.table)_\(table)_\(change)")) BEFORE \(change) ON \
                    \(SQLTable.quoted(table)) BEGIN SELECT RAISE(ABORT, \(reason)); END
                    """
                }
            }
        }
        let function = """
            CREATE FUNCTION \(Self.table)() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION USING ERRCODE = '\(Self.state)', MESSAGE = (SELECT reason FROM \(Self.table));
            END $$
            """
        return [function]
            + tables.map { table in
                """
                CREATE TRIGGER \(Self.table) BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON \(SQLTable.quoted(table)) \
                FOR EACH STATEMENT EXECUTE FUNCTION \(Self.table)()
                """
            }
    }
}
