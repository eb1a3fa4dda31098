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

    /// Makes a description.
    public init(name: String, columns: [Column]) {
        self.name = name
        self.columns = columns
    }
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
