/// The row at which a result is being read; what is read from it costs nothing but the value itself.
///
/// It is another row afterwards, so nobody keeps it.
public protocol SQLCurrentRow {
    /// The integer in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    func integerIfPresent(_ column: Int) throws(RegistryError) -> Int64?

    /// The text in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    func textIfPresent(_ column: Int) throws(RegistryError) -> String?

    /// The bytes in a column; nil for NULL.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    func bytesIfPresent(_ column: Int) throws(RegistryError) -> [UInt8]?
}

extension SQLCurrentRow {
    /// The integer in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func integer(_ column: Int) throws(RegistryError) -> Int64 {
        guard let value = try self.integerIfPresent(column) else { throw .mismatch(column, "an integer") }
        return value
    }

    /// The text in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func text(_ column: Int) throws(RegistryError) -> String {
        guard let value = try self.textIfPresent(column) else { throw .mismatch(column, "a text") }
        return value
    }

    /// The bytes in a column.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where there is something else.
    public func bytes(_ column: Int) throws(RegistryError) -> [UInt8] {
        guard let value = try self.bytesIfPresent(column) else { throw .mismatch(column, "bytes") }
        return value
    }
}

extension RegistryError {
    /// A column of a result that holds something else than it should.
    static func mismatch(_ column: Int, _ expected: String) -> RegistryError {
        .damaged("column \(column) of a result is not \(expected)")
    }
}
