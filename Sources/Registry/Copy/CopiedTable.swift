import Crypto

/// A table of a registry and what was in it when it was copied.
public struct CopiedTable: Hashable, Sendable {
    /// The name.
    public var name: String
    /// How many rows it has.
    public var rows: Int64
    /// The SHA-256 of all rows in the order of the table's key, as a dump has them.
    public var digest: [UInt8]
}

/// Goes through all rows of a table in the order of its key, and computes their digest on the way.
struct TableReading {
    private final class Hasher {
        var hash = SHA256()
    }

    let table: SQLTable

    /// What is left out: the version, which the migrations write, what is found anew, and that it has moved.
    static func isCopied(_ table: SQLTable) -> Bool {
        ![Registry.versionTable, Registry.blockTable, RegistryClosure.table].contains(table.name)
    }

    /// Reads the table.
    ///
    /// - Parameters:
    ///   - connection: The database.
    ///   - body: Is given each row.
    /// - Returns: What was in it.
    /// - Throws: ``RegistryError``, ``DumpError``, or what the closure throws.
    func read(_ connection: any SQLConnection, _ body: ([SQLValue]) throws -> Void) throws -> CopiedTable {
        let hasher = Hasher()
        var writer = DumpWriter { hasher.hash.update(data: $0) }
        try writer.begin(self.table)
        var rows: Int64 = 0
        try connection.forEach(self.selection, []) { row in
            let values = try self.table.columns.enumerated().map { index, column -> SQLValue in
                // What an older version has stored is compared as the drivers store it now.
                guard case .text(let text) = try row.value(index, column.kind) else {
                    return try row.value(index, column.kind)
                }
                return .text(text.storable)
            }
            try writer.row(values)
            try body(values)
            rows += 1
        }
        try writer.endTable(rows: rows)
        try writer.flush()
        return CopiedTable(name: self.table.name, rows: rows, digest: Array(hasher.hash.finalize()))
    }

    /// How many rows there are.
    func count(_ connection: any SQLConnection) throws -> Int64 {
        try connection.query("SELECT count(*) FROM \(self.table.quotedName)", []).first?.integer(0) ?? 0
    }

    private var selection: String {
        let key = self.table.key.isEmpty ? self.table.columns.map(\.name) : self.table.key
        // Where the databases differ: NULL comes first in one and last in the other.
        let order = key.map { "\(SQLTable.quoted($0)) NULLS FIRST" }.joined(separator: ", ")
        let terms = self.table.key.isEmpty ? order : key.map(SQLTable.quoted).joined(separator: ", ")
        return "SELECT \(self.table.quotedColumns) FROM \(self.table.quotedName) ORDER BY \(terms)"
    }
}
