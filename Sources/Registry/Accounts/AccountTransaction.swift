public import Foundation

/// What is looked up and changed of accounts, roles, sessions and tokens in one transaction.
///
/// Who may do what is decided by others: in the transaction, so that what the decision rests on cannot change before it is
/// carried out.
public struct AccountTransaction {
    let connection: any SQLConnection
    /// The time.
    public let now: Date

    /// A setting of the installation; nil where nobody has set it.
    ///
    /// - Throws: ``RegistryError``.
    public func setting(_ name: String) throws -> String? {
        try self.connection.query("SELECT value FROM setting WHERE name = $1", [.text(name)]).first?.text(0)
    }

    /// Records an event.
    ///
    /// - Throws: ``RegistryError``.
    public func record(_ event: NewEvent) throws {
        try Registry.record(event, at: self.now, in: self.connection)
    }
}

extension Registry {
    /// Looks at accounts, in one consistent snapshot.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - body: What is looked up; it changes nothing.
    /// - Returns: What the closure returned.
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func readAccounts<Answer: Sendable>(
        at now: Date,
        _ body: @escaping @Sendable (AccountTransaction) throws -> Answer
    ) async throws -> Answer {
        try await self.database.read { try body(AccountTransaction(connection: $0, now: now)) }
    }

    /// Changes accounts, one change after the other.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - body: What is changed; when it throws, nothing has changed.
    /// - Returns: What the closure returned.
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func changeAccounts<Answer: Sendable>(
        at now: Date,
        _ body: @escaping @Sendable (AccountTransaction) throws -> Answer
    ) async throws -> Answer {
        try await self.database.write { connection in
            // Changes nothing, but on every kind of database the next one waits here until this one is over: so no two
            // take the last administrator away together, and nobody gets more guesses by sending them together.
            try connection.execute("UPDATE configuration SET revision = revision", [])
            return try body(AccountTransaction(connection: connection, now: now))
        }
    }
}
