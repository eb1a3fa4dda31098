/// What a statement gave that was sent by ``SQLConnection/send(_:_:)``; whoever looks at it waits for it.
public protocol SQLAnswer {
    /// The rows.
    ///
    /// - Throws: ``RegistryError`` where it failed, or one that was sent before it.
    func rows() throws -> [SQLRow]

    /// The number of rows that were changed.
    ///
    /// - Throws: ``RegistryError`` where it failed, or one that was sent before it.
    func changedRows() throws -> Int
}
