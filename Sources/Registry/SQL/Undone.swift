/// Ends a transaction with an answer but without a trace: what it has done so far is undone.
///
/// So a decision can be taken step by step, each by a conditional statement, and still be whole or not at all.
struct Undone<Answer: Sendable>: Error {
    let answer: Answer
}

extension SQLDatabase {
    /// Changes the database in a transaction of its own, which may turn out to change nothing.
    ///
    /// - Returns: What the closure returned, or what it threw as ``Undone``.
    /// - Throws: ``RegistryError``, or what else the closure throws.
    func decide<Answer: Sendable>(
        announced: AnnouncedWrite? = nil,
        _ body: @escaping @Sendable (any SQLConnection) throws -> Answer
    ) async throws -> Answer {
        do {
            return try await self.write(announced: announced, body)
        } catch let undone as Undone<Answer> {
            return undone.answer
        }
    }
}
