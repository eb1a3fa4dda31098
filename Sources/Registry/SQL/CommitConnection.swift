/// The connection on which changes are committed together, each in a savepoint of its own.
protocol CommitConnection {
    /// Runs the statements of the changes.
    var connection: any SQLConnection { get }

    /// Whether changes are first tried without anything to go back to, which each of them would pay for.
    ///
    /// Where one fails, all of them are undone, and done again each with a beginning of its own.
    var triesTogether: Bool { get }

    /// Begins a transaction, beside which nobody writes.
    func begin() throws

    /// Begins a change.
    func beginChange() throws

    /// Ends a change, which stays part of the transaction.
    func endChange() throws

    /// Undoes a change, and nothing else of the transaction.
    func undoChange() throws

    /// Ends the transaction; what it changed is on disk afterwards.
    ///
    /// - Throws: ``RegistryError/outcomeUnknown(_:)`` where it may be on disk or not.
    func commit() throws

    /// Undoes the transaction, if it is not over yet.
    func rollBack()
}
