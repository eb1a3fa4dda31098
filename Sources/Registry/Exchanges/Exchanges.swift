public import Foundation

/// The exchange log: what clients asked by SCEP and were answered.
///
/// It is no audit log: a row may be missing, and old ones are forgotten.
extension Registry {
    /// Writes exchanges down, all in one transaction, and counts further ones on rows that are there.
    ///
    /// - Parameters:
    ///   - exchanges: What is new, in its order.
    ///   - further: How many further exchanges rows stand for, by their numbers; rows that are gone are left out.
    /// - Returns: The numbers of the new rows, in their order.
    /// - Throws: ``RegistryError``; then nothing is written.
    @discardableResult
    public func record(_ exchanges: [NewExchange], counting further: [Int64: Int] = [:]) async throws -> [Int64] {
        let rows = exchanges.map(\.contentValues)
        return try await self.database.write { connection in
            let answers = try rows.map { try connection.send(Self.exchangeInsertion, $0) }
            for (id, count) in further.sorted(by: { $0.key < $1.key }) {
                try connection.send(
                    "UPDATE exchange SET occurrences = occurrences + $1 WHERE id = $2",
                    [.integer(Int64(count)), .integer(id)]
                )
            }
            return try answers.map { try Self.identity($0.rows()) }
        }
    }

    private static let exchangeInsertion = """
        INSERT INTO exchange (\(ExchangeRecord.content))
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        RETURNING id
        """

    /// Exchanges, however long it takes to find them.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those behind the one with this number; nil for all.
    ///   - order: In which order.
    ///   - limit: How many at most.
    /// - Returns: The exchanges.
    /// - Throws: ``RegistryError``.
    public func exchanges(
        _ filter: ExchangeFilter = ExchangeFilter(),
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int
    ) async throws -> [ExchangeRecord] {
        try await self.exchangePage(filter, after: last, order: order, limit: limit, patience: nil).items
    }

    /// Exchanges, page by page; with the oldest first and the number of the last one that was seen, those since then.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those behind the one with this number; nil for all.
    ///   - order: In which order.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops looking; nil for never.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    public func exchangePage(
        _ filter: ExchangeFilter,
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int,
        patience: Duration? = Registry.patience
    ) async throws -> ListPage<ExchangeRecord> {
        try await self.page(
            filter.query, order: order, after: last, limit: limit, patience: patience
        ) { connection, clauses, values in
            var exchanges: [ExchangeRecord] = []
            try connection.forEach("SELECT id, \(ExchangeRecord.content) FROM exchange \(clauses)", values) { row in
                exchanges.append(try ExchangeRecord(row))
            }
            return exchanges
        }
    }

    /// How often exchanges failed, and why.
    ///
    /// - Parameter date: Only those that came at this or later.
    /// - Returns: The causes, in a word each, and for how many exchanges; the most frequent first.
    /// - Throws: ``RegistryError``.
    public func exchangeFailures(since date: Date) async throws -> [(cause: String, count: Int)] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT cause, CAST(sum(occurrences) AS BIGINT) FROM exchange
                WHERE cause IS NOT NULL AND at >= $1
                GROUP BY cause ORDER BY 2 DESC, cause
                """,
                [.date(date)]
            ).map { (cause: try $0.text(0), count: Int(clamping: try $0.integer(1))) }
        }
    }

    /// Forgets old exchanges.
    ///
    /// The newest one stays however old it is, so that a number is never another one's later: whoever follows the log asks
    /// for what is behind the last number that he has seen.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many may stay; the newest do.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func prune(exchangesBefore date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let old = try await self.database.deleteInSteps(
            """
            DELETE FROM exchange WHERE id IN
                (SELECT id FROM exchange WHERE at < $1 AND id < (SELECT max(id) FROM exchange) ORDER BY at, id LIMIT $2)
            """,
            [.date(date)]
        )
        // Numbers follow one another, so there are no more rows than the numbers have room for.
        let surplus = try await self.database.deleteInSteps(
            """
            DELETE FROM exchange WHERE id IN
                (SELECT id FROM exchange WHERE id <= (SELECT max(id) FROM exchange) - $1 ORDER BY id LIMIT $2)
            """,
            [.integer(Int64(max(maximum, 1)))]
        )
        return old + surplus
    }
}
