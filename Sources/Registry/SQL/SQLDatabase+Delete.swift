extension SQLDatabase {
    /// Deletes many rows in transactions of some milliseconds each, so that no enrolment waits for all of them.
    ///
    /// - Parameters:
    ///   - sql: Deletes at most as many rows as its last parameter says.
    ///   - values: The other parameters.
    /// - Returns: How many were deleted.
    /// - Throws: ``RegistryError``.
    func deleteInSteps(_ sql: String, _ values: [SQLValue]) async throws -> Int {
        let step = 500
        var total = 0
        while true {
            let count = try await self.write { try $0.execute(sql, values + [.integer(Int64(step))]) }
            total += count
            if count < step { return total }
        }
    }
}
