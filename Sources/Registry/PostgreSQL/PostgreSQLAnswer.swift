/// What a statement gives that is on its way to the server together with others.
final class PostgreSQLAnswer: SQLAnswer {
    private let session: PostgreSQLSession
    /// What came back; nil before it has, and where it has failed.
    var result: PostgreSQLResult?

    init(session: PostgreSQLSession) { self.session = session }

    func rows() throws -> [SQLRow] { try self.received().rows() }

    func changedRows() throws -> Int { try self.received().changedRows }

    /// What came back, for which the others are waited for as well.
    func received() throws(RegistryError) -> PostgreSQLResult {
        if self.result == nil { try self.session.settle() }
        guard let result = self.result else { throw .failed("a statement that was sent before has failed") }
        return result
    }
}
