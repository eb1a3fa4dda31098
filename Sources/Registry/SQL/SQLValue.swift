/// A value that goes into a statement or comes out of a row.
public enum SQLValue: Hashable, Sendable {
    /// NULL.
    case null
    /// An integer of 64 bits.
    case integer(Int64)
    /// A text; a driver stores U+FFFD for U+0000, for which not every database has a place.
    case text(String)
    /// A string of bytes.
    case bytes([UInt8])

    /// A text, or NULL.
    public static func text(ifPresent text: String?) -> SQLValue {
        text.map(SQLValue.text) ?? .null
    }

    /// An integer, or NULL.
    public static func integer(ifPresent integer: Int64?) -> SQLValue {
        integer.map(SQLValue.integer) ?? .null
    }

    /// A string of bytes, or NULL.
    public static func bytes(ifPresent bytes: [UInt8]?) -> SQLValue {
        bytes.map(SQLValue.bytes) ?? .null
    }

    /// A truth value, which is stored as 0 or 1.
    public static func bool(_ value: Bool) -> SQLValue {
        .integer(value ? 1 : 0)
    }
}

/// A row of a result.
public struct SQLRow: Sendable {
    private let values: [SQLValue]

    init(_ values: [SQLValue]) {
        self.values = values
    }

    /// The integer in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func integer(_ column: Int) throws(RegistryError) -> Int64 {
        guard case .integer(let value)? = self.value(column) else { throw .mismatch(column, "an integer") }
        return value
    }

    /// The text in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func text(_ column: Int) throws(RegistryError) -> String {
        guard case .text(let value)? = self.value(column) else { throw .mismatch(column, "a text") }
        return value
    }

    /// The bytes in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func bytes(_ column: Int) throws(RegistryError) -> [UInt8] {
        guard case .bytes(let value)? = self.value(column) else { throw .mismatch(column, "bytes") }
        return value
    }

    /// The integer in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func integerIfPresent(_ column: Int) throws(RegistryError) -> Int64? {
        self.value(column) == .null ? nil : try self.integer(column)
    }

    /// The text in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func textIfPresent(_ column: Int) throws(RegistryError) -> String? {
        self.value(column) == .null ? nil : try self.text(column)
    }

    /// The bytes in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func bytesIfPresent(_ column: Int) throws(RegistryError) -> [UInt8]? {
        self.value(column) == .null ? nil : try self.bytes(column)
    }

    private func value(_ column: Int) -> SQLValue? {
        self.values.indices.contains(column) ? self.values[column] : nil
    }
}
