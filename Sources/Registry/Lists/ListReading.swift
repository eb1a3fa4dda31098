/// Reads a page of a list range by range, inside the transaction that reads it.
///
/// Whatever is looked for, a page takes a moment: ranges grow as long as they are quick, and where the patience is over the
/// page ends and says where it goes on. So neither a filter that fits nothing nor a list of millions keeps anybody waiting.
struct ListReading<Item: ListEntry> {
    let query: ListQuery
    let order: ListOrder
    let connection: any SQLConnection
    /// Reads what clauses find.
    let read: (any SQLConnection, String, [SQLValue]) throws -> [Item]

    /// The size of the first range.
    private static var firstSize: Int64 { 2_000 }
    /// How much larger than the one before a range is at most.
    private static var growth: Int64 { 8 }

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops; nil for the end of the list.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    func page(after last: Int64?, limit: Int, patience: Duration?) throws -> ListPage<Item> {
        guard limit > 0, var rest = try self.numbers(after: last) else { return ListPage(items: [], next: nil) }
        let isByEnd = try self.isByEnd
        let known = try self.known()
        let start = ContinuousClock.now
        var items: [Item] = []
        var size = isByEnd ? .max : Self.firstSize
        while let (range, isKnown) = try self.range(of: size, in: rest, known) {
            let before = ContinuousClock.now
            let clauses = self.query.clauses(
                range, isByEnd: isByEnd, isSearched: isKnown && known.isSearchable, order: self.order,
                limit: limit + 1 - items.count)
            items += try self.read(self.connection, clauses.sql, clauses.values)
            if items.count > limit {
                let found = Array(items.prefix(limit))
                return ListPage(items: found, next: found.last?.id)
            }
            rest =
                self.order == .newestFirst
                ? rest.lowerBound..<range.lowerBound : range.upperBound..<rest.upperBound
            guard !rest.isEmpty else { break }
            let now = ContinuousClock.now
            guard let affordable = Self.size(after: size, took: now - before, of: patience.map { $0 - (now - start) })
            else {
                return ListPage(
                    items: items, next: self.order == .newestFirst ? rest.upperBound : rest.lowerBound - 1)
            }
            size = affordable
        }
        return ListPage(items: items, next: nil)
    }

    /// How large the next range is; nil where there is no time for it.
    private static func size(after size: Int64, took: Duration, of rest: Duration?) -> Int64? {
        let (largest, overflow) = size.multipliedReportingOverflow(by: Self.growth)
        guard let rest else { return overflow ? size : largest }
        let share = rest / max(took, .microseconds(1))
        guard share >= 0.5 else { return nil }
        return overflow ? size : share >= Double(Self.growth) ? largest : Int64(Double(size) * share)
    }

    /// Whether so few entries end in the time that is looked for that they are found by that, and sorted.
    private var isByEnd: Bool {
        get throws {
            guard let count = self.query.countOfEnds(upTo: Self.few + 1) else { return false }
            return try (self.connection.query(count.sql, count.values).first?.integer(0) ?? 0) <= Self.few
        }
    }

    /// How many entries are sorted at most.
    private static var few: Int64 { 2_000 }

    /// The numbers that are left.
    private func numbers(after last: Int64?) throws -> Range<Int64>? {
        let table = self.query.list.table
        guard let first = try self.connection.query("SELECT min(id) FROM \(table)", []).first?.integerIfPresent(0),
            let greatest = try self.connection.query("SELECT max(id) FROM \(table)", []).first?.integerIfPresent(0),
            greatest < .max
        else { return nil }
        var range = first..<greatest + 1
        if let last {
            switch self.order {
            case .newestFirst: range = first..<max(first, min(last, range.upperBound))
            case .oldestFirst: range = max(first, min(last, greatest) + 1)..<range.upperBound
            }
        }
        return range.isEmpty ? nil : range
    }

    // MARK: Blocks

    /// What is known of the list.
    private struct Known {
        /// The first number of which nothing is known.
        var end: Int64
        var isSearchable: Bool
    }

    private func known() throws -> Known {
        let last = try self.connection.query(
            "SELECT max(block) FROM list_block WHERE list = $1", [.text(self.query.list.table)]
        ).first?.integerIfPresent(0)
        guard let last else { return Known(end: .min, isSearchable: false) }
        return Known(
            end: ListBlock.start(last + 1),
            isSearchable: try self.query.list.text != nil && !self.query.parts.isEmpty
                && self.connection.hasTable(self.query.list.searchTable))
    }

    /// The next range, and whether all of it is known; nil where nothing more can be found.
    private func range(of size: Int64, in rest: Range<Int64>, _ known: Known) throws -> (Range<Int64>, Bool)? {
        var rest = rest
        let end = rest.upperBound
        let split = max(rest.lowerBound, min(known.end, rest.upperBound))
        switch self.order {
        case .newestFirst:
            guard split == rest.upperBound else { return (self.last(size, of: split..<rest.upperBound), false) }
            guard let block = try self.block("max", "<=", ListBlock.of(rest.upperBound - 1)) else {
                return self.query.blocks.isEmpty ? (self.last(size, of: rest), true) : nil
            }
            rest = rest.clamped(to: .min..<ListBlock.start(block + 1))
            if let lowest = try self.block("min", "<=", block) {
                rest = rest.clamped(to: ListBlock.start(lowest)..<(.max))
            }
            return rest.isEmpty ? nil : (self.last(size, of: rest), true)
        case .oldestFirst:
            guard split > rest.lowerBound else { return (self.first(size, of: rest), false) }
            rest = rest.lowerBound..<split
            guard let block = try self.block("min", ">=", ListBlock.of(rest.lowerBound)) else {
                guard !self.query.blocks.isEmpty else { return (self.first(size, of: rest), true) }
                return split == end ? nil : (self.first(size, of: split..<end), false)
            }
            return (self.first(size, of: rest.clamped(to: ListBlock.start(block)..<(.max))), true)
        }
    }

    /// The first or last block in which something may be found; nil for none, or where all of them are looked at.
    private func block(_ function: String, _ comparison: String, _ block: Int64) throws -> Int64? {
        guard !self.query.blocks.isEmpty else { return nil }
        let clauses = self.query.blockClauses(comparison, block)
        return try self.connection.query(
            "SELECT \(function)(block) FROM list_block \(clauses.sql)", clauses.values
        ).first?.integerIfPresent(0)
    }

    private func last(_ size: Int64, of range: Range<Int64>) -> Range<Int64> {
        let (start, overflow) = range.upperBound.subtractingReportingOverflow(size)
        return (overflow ? range.lowerBound : max(range.lowerBound, start))..<range.upperBound
    }

    private func first(_ size: Int64, of range: Range<Int64>) -> Range<Int64> {
        let (end, overflow) = range.lowerBound.addingReportingOverflow(size)
        return range.lowerBound..<(overflow ? range.upperBound : min(range.upperBound, end))
    }
}
