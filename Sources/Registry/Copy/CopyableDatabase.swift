/// What somebody who copies a registry needs of a database.
public enum CopyAccess: Hashable, Sendable {
    /// One snapshot, while others go on.
    case reading
    /// All of it, while nobody else writes.
    case writing
}

/// A database that a registry can be copied from and to.
public protocol CopyableDatabase: SQLDatabase {
    /// Does something in one transaction, on a connection of its own and on the thread that asks, however long it takes.
    ///
    /// When it returns, what was changed is on disk; when it throws, nothing has changed, but for
    /// ``RegistryError/outcomeUnknown(_:)``.
    ///
    /// - Parameters:
    ///   - access: What is needed. Whoever writes is waited for some seconds.
    ///   - body: What is done.
    /// - Returns: What the closure returned.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func alone<T>(_ access: CopyAccess, _ body: (any SQLConnection) throws -> T) throws -> T
}
