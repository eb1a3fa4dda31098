/// A table as the database itself describes it.
public struct SQLTable: Hashable, Sendable {
    /// One of its columns.
    public struct Column: Hashable, Sendable {
        /// The name.
        public var name: String
        /// What is in it, besides NULL.
        public var kind: SQLColumnKind
        /// Whether the database numbers the rows by it.
        public var isIdentity: Bool

        /// Makes a description.
        public init(name: String, kind: SQLColumnKind, isIdentity: Bool = false) {
            self.name = name
            self.kind = kind
            self.isIdentity = isIdentity
        }
    }

    /// The name.
    public var name: String
    /// The columns, in their order.
    public var columns: [Column]
    /// The columns of its primary key, in their order; none where it has none, or where that is not known.
    public var key: [String]

    /// Makes a description.
    public init(name: String, columns: [Column], key: [String] = []) {
        self.name = name
        self.columns = columns
        self.key = key
    }

    /// Whether two have the same columns, in whatever order.
    func hasSameColumns(as other: SQLTable) -> Bool {
        func all(_ table: SQLTable) -> [String: SQLColumnKind] {
            Dictionary(table.columns.map { ($0.name, $0.kind) }) { first, _ in first }
        }
        return self.columns.count == other.columns.count && all(self) == all(other)
    }

    /// The name as both databases take it, whatever word it is.
    var quotedName: String { Self.quoted(self.name) }

    /// The columns as both databases take them, separated by commas.
    var quotedColumns: String { self.columns.map { Self.quoted($0.name) }.joined(separator: ", ") }

    /// Puts a row in, with a value for each column.
    var insertion: String {
        let values = self.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        return "INSERT INTO \(self.quotedName) (\(self.quotedColumns)) VALUES (\(values))"
    }

    /// A name as both databases take it, whatever word it is.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}

/// What a column holds, whatever a database calls that.
public enum SQLColumnKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Integers of 64 bits.
    case integer = 1
    /// Texts.
    case text = 2
    /// Strings of bytes.
    case bytes = 3
}

extension SQLCurrentRow {
    /// What is in a column of a kind.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    func value(_ column: Int, _ kind: SQLColumnKind) throws(RegistryError) -> SQLValue {
        switch kind {
        case .integer: .integer(ifPresent: try self.integerIfPresent(column))
        case .text: .text(ifPresent: try self.textIfPresent(column))
        case .bytes: .bytes(ifPresent: try self.bytesIfPresent(column))
        }
    }
}
