extension Registry {
    /// How long a page is looked for before it is answered as it is: short enough that whoever waits does not notice.
    public static let patience = Duration.milliseconds(20)

    /// A page of a list.
    ///
    /// - Parameters:
    ///   - query: What is looked for.
    ///   - order: In which order.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    ///   - patience: After how long reading stops; nil for the end of the list.
    ///   - read: Reads the entries that clauses find.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    func page<Item: ListEntry>(
        _ query: ListQuery,
        order: ListOrder,
        after last: Int64?,
        limit: Int,
        patience: Duration?,
        _ read: @escaping @Sendable (any SQLConnection, String, [SQLValue]) throws -> [Item]
    ) async throws -> ListPage<Item> {
        try await self.database.read { connection in
            try ListReading(query: query, order: order, connection: connection, read: read)
                .page(after: last, limit: min(limit, Int(Int32.max)), patience: patience)
        }
    }

    /// How many entries of a list are as they have to be.
    func count(_ query: ListQuery, atMost maximum: Int?) async throws -> Int {
        var conditions = query.allConditions(isByEnd: true)
        let table = query.list.table
        let sql =
            maximum.map { maximum in
                let limit = conditions.parameter(.integer(Int64(max(maximum, 0))))
                return "SELECT count(*) FROM (SELECT 1 FROM \(table) \(conditions.clause) LIMIT \(limit)) AS found"
            } ?? "SELECT count(*) FROM \(table) \(conditions.clause)"
        return try await self.database.read { [conditions] connection in
            Int(try connection.query(sql, conditions.values).first?.integer(0) ?? 0)
        }
    }
}
