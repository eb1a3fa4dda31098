import Foundation

/// What is looked for in a list.
struct ListQuery: Sendable {
    let list: RegistryList
    /// What entries have to be.
    var conditions = SQLConditions()
    /// What a block has to be for an entry in it to be so.
    var blocks: [(condition: String, value: SQLValue)] = []
    /// Texts that have to be in an entry's text, in small letters.
    var parts: [String] = []
    /// How the column that says when entries end compares with times.
    var ends: [(comparison: String, value: SQLValue)] = []

    init(_ list: RegistryList) { self.list = list }

    /// Entries that came to be in a time.
    mutating func add(since: Date?, until: Date?) {
        let column = "\(self.list.table).\(self.list.time)"
        if let since {
            self.conditions.add("\(column) >=", .date(since))
            self.blocks.append(("last_at >=", .date(since)))
        }
        if let until {
            self.conditions.add("\(column) <", .date(until))
            self.blocks.append(("first_at <", .date(until)))
        }
    }

    /// Entries that end in a time.
    mutating func addEnd(after: Date?, before: Date?) {
        if let after {
            self.ends.append((">=", .date(after)))
            self.blocks.append(("last_end >=", .date(after)))
        }
        if let before {
            self.ends.append(("<", .date(before)))
            self.blocks.append(("first_end <", .date(before)))
        }
    }

    /// All conditions, with those on the end.
    ///
    /// - Parameter isByEnd: Whether the index of ends may find the entries, in no order of their numbers. Otherwise a plus sign
    ///   keeps SQLite from using it: it would sort a million entries where the first page is among the last ones.
    /// - Returns: The conditions.
    func allConditions(isByEnd: Bool) -> SQLConditions {
        var conditions = self.conditions
        for (comparison, value) in self.ends {
            conditions.add("\(isByEnd ? "" : "+")\(self.list.end ?? "") \(comparison)", value)
        }
        return conditions
    }

    /// Counts the entries that end in the time, up to a limit; nil where no time is said.
    func countOfEnds(upTo limit: Int64) -> (sql: String, values: [SQLValue])? {
        guard let end = self.list.end, !self.ends.isEmpty else { return nil }
        var conditions = SQLConditions()
        for (comparison, value) in self.ends { conditions.add("\(end) \(comparison)", value) }
        let limit = conditions.parameter(.integer(limit))
        return (
            "SELECT count(*) FROM (SELECT 1 FROM \(self.list.table) \(conditions.clause) LIMIT \(limit)) AS found",
            conditions.values
        )
    }

    /// Entries whose numbers are in a range.
    ///
    /// - Parameters:
    ///   - range: The numbers.
    ///   - isByEnd: Whether the index of ends finds them.
    ///   - isSearched: Whether the index of texts has all of them.
    ///   - order: In which order.
    ///   - limit: How many at most.
    /// - Returns: What follows the columns and the tables in a statement, and its values.
    func clauses(
        _ range: Range<Int64>,
        isByEnd: Bool,
        isSearched: Bool,
        order: ListOrder,
        limit: Int
    ) -> (sql: String, values: [SQLValue]) {
        var conditions = self.allConditions(isByEnd: isByEnd)
        let id = "\(self.list.table).id"
        let lower = conditions.parameter(.integer(range.lowerBound))
        let upper = conditions.parameter(.integer(range.upperBound))
        let compared = isByEnd ? "+\(id)" : id
        conditions.add("\(compared) >= \(lower) AND \(compared) < \(upper)")
        if isSearched, let match = Trigrams.match(self.parts) {
            let table = self.list.searchTable
            let parameter = conditions.parameter(.text(match))
            conditions.add(
                """
                \(id) IN (SELECT rowid FROM \(table) WHERE \(table) MATCH \(parameter) AND rowid >= \(lower)
                    AND rowid < \(upper))
                """
            )
        }
        let limit = conditions.parameter(.integer(Int64(limit)))
        return (
            "\(conditions.clause) ORDER BY \(id) \(order.direction) LIMIT \(limit)", conditions.values
        )
    }

    /// What blocks are looked for among.
    func blockClauses(_ comparison: String, _ block: Int64) -> (sql: String, values: [SQLValue]) {
        var conditions = SQLConditions()
        conditions.add("list =", .text(self.list.table))
        conditions.add("block \(comparison)", .integer(block))
        for (condition, value) in self.blocks { conditions.add(condition, value) }
        return (conditions.clause, conditions.values)
    }
}
