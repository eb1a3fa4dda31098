/// How far a dump or a restoration is.
public struct DumpProgress: Hashable, Sendable {
    /// How many rows are done.
    public var rows: Int64
    /// How many there are.
    public var total: Int64

    /// After how many rows somebody is told how far it is.
    static let step: Int64 = 1_000
}

/// Everything that a registry holds, written down row by row.
extension Registry {
    /// What a migration keeps for itself; a dump says it in its beginning.
    static let versionTable = "schema_version"

    /// What a dump leaves out, and a restoration leaves empty: the schema's version, the exchange log, which says what went on
    /// and not what there is, and which anybody can fill, what is known of blocks of lists, which is found anew, what nodes told each
    /// other in the last minute, and that the registry has moved.
    static let undumpedTables: Set<String> = [
        Self.versionTable, "exchange", Self.blockTable, Self.usesTable, RegistryClosure.table,
    ]

    /// What nodes told each other in the last minute.
    static let usesTable = "address_use"

    /// What is known of blocks of lists, which is found anew.
    static let blockTable = "list_block"

    /// Writes everything down as it is at one moment, while others go on.
    ///
    /// Which tables and columns there are is what the database itself says, so none is forgotten but those of
    /// ``undumpedTables``.
    ///
    /// - Parameters:
    ///   - sink: Takes the dump block by block. What it throws ends it.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many rows there are.
    /// - Throws: ``DumpError``, ``RegistryError``, or what the sink throws.
    public func dump(
        to sink: @escaping @Sendable ([UInt8]) throws -> Void,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        try await Self.dump(self.database, to: sink, progress: progress)
    }

    /// The same of a database of whatever schema.
    static func dump(
        _ database: any SQLDatabase,
        to sink: @escaping @Sendable ([UInt8]) throws -> Void,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        try await database.read { connection in
            let tables = try connection.tables().filter { !Self.undumpedTables.contains($0.name) }
            let total = try tables.reduce(0) { try $0 + Self.count($1, in: connection) }
            var writer = DumpWriter(to: sink)
            try writer.begin(schemaVersion: Migrations.version(connection), rows: total)
            var rows: Int64 = 0
            for table in tables {
                let before = rows
                try writer.begin(table)
                try connection.forEach(Self.selection(of: table), []) { row in
                    try writer.row(row, of: table)
                    rows += 1
                    if rows % DumpProgress.step == 0 { progress(DumpProgress(rows: rows, total: total)) }
                }
                try writer.endTable(rows: rows - before)
            }
            try writer.end(tables: tables.count, rows: rows)
            progress(DumpProgress(rows: rows, total: total))
            return rows
        }
    }

    /// Fills an empty database from a dump, in one transaction, and brings it up to this version's schema.
    ///
    /// - Parameters:
    ///   - source: Gives some bytes of the dump more each time, and none at the end.
    ///   - database: The database, in which nothing is yet. Where this fails it is not to be used.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many rows there were.
    /// - Throws: ``DumpError``, ``RegistryError``, or what the source throws.
    public static func restore(
        from source: @escaping @Sendable () throws -> [UInt8],
        into database: any SQLDatabase,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        let beginning = DumpBeginning(source)
        let version = try DumpReader(from: beginning.next).schemaVersion
        guard version > 0 else { throw DumpError(.malformed, "the dump is of a database without a schema") }
        guard version <= Migrations.steps.count else {
            throw RegistryError.tooNew(found: version, known: Migrations.steps.count)
        }
        try await Migrations.run(on: database, upTo: version)
        let rows = try await database.write { connection in
            try Self.fill(connection, from: DumpReader(from: beginning.replaying), progress: progress)
        }
        try await Migrations.run(on: database)
        return rows
    }

    private static func fill(
        _ connection: any SQLConnection,
        from reader: DumpReader,
        progress: (DumpProgress) -> Void
    ) throws -> Int64 {
        var reader = reader
        let tables = try connection.tables().filter { !Self.undumpedTables.contains($0.name) }
        try connection.deferReferences()
        // What a migration has put in is in the dump too.
        for table in tables { try connection.execute("DELETE FROM \(table.quotedName)", []) }
        var missing = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
        var insertion = ""
        var current: SQLTable?
        var rows: Int64 = 0
        while let part = try reader.next() {
            switch part {
            case .table(let table):
                guard let known = missing.removeValue(forKey: table.name), known.hasSameColumns(as: table) else {
                    throw DumpError(
                        .unsupported,
                        "the table \(table.name) is not the one of schema \(reader.schemaVersion): the dump is of another "
                            + "program"
                    )
                }
                (current, insertion) = (table, table.insertion)
            case .row(let values):
                try connection.execute(insertion, values)
                rows += 1
                if rows % DumpProgress.step == 0 {
                    progress(DumpProgress(rows: rows, total: max(rows, reader.announcedRows)))
                }
            case .tableEnd(let count):
                guard let table = current, try Self.count(table, in: connection) == count else {
                    throw DumpError(.incomplete, "the database has taken fewer rows than the dump has")
                }
            }
        }
        guard missing.isEmpty else {
            throw DumpError(.incomplete, "the dump lacks \(missing.keys.sorted().joined(separator: ", "))")
        }
        try connection.continueIdentities(of: tables)
        progress(DumpProgress(rows: rows, total: rows))
        return rows
    }

    private static func count(_ table: SQLTable, in connection: any SQLConnection) throws -> Int64 {
        try connection.query("SELECT count(*) FROM \(table.quotedName)", []).first?.integer(0) ?? 0
    }

    private static func selection(of table: SQLTable) -> String {
        // In the order in which they are put in again: that is the quickest.
        let order = table.columns.first(where: \.isIdentity).map { " ORDER BY \(SQLTable.quoted($0.name))" } ?? ""
        return "SELECT \(table.quotedColumns) FROM \(table.quotedName)\(order)"
    }
}
