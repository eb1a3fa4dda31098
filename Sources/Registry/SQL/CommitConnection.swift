/// The connection on which changes are committed together, each in a savepoint of its own.
protocol CommitConnection {
    /// Runs the statements of changes.
    ///
    /// - Parameter totals: What they add to.
    /// - Returns: The connection, as the changes see it.
    func connection(_ totals: RunningTotals) -> any SQLConnection

    /// Begins a transaction, beside which nobody writes.
    func begin() throws

    /// Begins a change.
    func beginChange() throws

    /// Waits for the statements of the changes made so far.
    ///
    /// - Throws: ``RegistryError`` where one of them has failed.
    func finishChanges() throws

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
