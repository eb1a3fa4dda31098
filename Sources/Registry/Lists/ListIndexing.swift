/// Noting what is in the complete blocks of lists, beside everything else.
extension Registry {
    /// Notes what is in blocks that have become complete, block by block, each in a transaction of its own.
    ///
    /// - Parameter patience: After how long it stops; the next call goes on.
    /// - Returns: How many blocks were noted.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func indexLists(for patience: Duration) async throws -> Int {
        let end = ContinuousClock.now + patience
        var count = 0
        for list in RegistryList.indexed {
            while ContinuousClock.now < end, let block = try await self.nextBlock(of: list) {
                try await self.database.write { try Self.note(block, of: list, in: $0) }
                count += 1
            }
        }
        return count
    }

    /// The first block that is complete and not noted; nil for none.
    ///
    /// The block behind it is complete as well: on PostgreSQL a lower number may be committed after a higher one.
    private func nextBlock(of list: RegistryList) async throws -> Int64? {
        try await self.database.read { connection in
            let noted = try connection.query(
                "SELECT max(block) FROM list_block WHERE list = $1", [.text(list.table)]
            ).first?.integerIfPresent(0)
            let last = try connection.query("SELECT max(id) FROM \(list.table)", []).first?.integerIfPresent(0)
            // What was pruned leaves gaps.
            let next = try connection.query(
                "SELECT min(id) FROM \(list.table) WHERE id >= $1",
                [.integer(noted.map { ListBlock.start($0 + 1) } ?? 0)]
            ).first?.integerIfPresent(0)
            guard let last, let next else { return nil }
            let block = ListBlock.of(next)
            return block + 1 < ListBlock.of(last) ? block : nil
        }
    }

    private static func note(_ block: Int64, of list: RegistryList, in connection: any SQLConnection) throws {
        let table = list.table
        let range = "id >= $1 AND id < $2"
        let bounds: [SQLValue] = [.integer(ListBlock.start(block)), .integer(ListBlock.start(block + 1))]
        let ends = list.end.map { "min(\($0)), max(\($0))" } ?? "NULL, NULL"
        let count = try connection.execute(
            """
            INSERT INTO list_block (list, block, first_at, last_at, first_end, last_end)
            SELECT '\(table)', \(block), min(\(list.time)), max(\(list.time)), \(ends) FROM \(table) WHERE \(range)
            ON CONFLICT (list, block) DO NOTHING
            """,
            bounds
        )
        guard count > 0, let text = list.text, try connection.hasTable(list.searchTable) else { return }
        try connection.execute(
            "INSERT INTO \(list.searchTable) (rowid, text) SELECT id, \(text) FROM \(table) WHERE \(range)", bounds)
    }

    /// Takes the texts of entries that are about to be forgotten out of the index.
    static func forgetTexts(_ ids: [SQLValue], of list: RegistryList, in connection: any SQLConnection) throws {
        guard let text = list.text, !ids.isEmpty, try connection.hasTable(list.searchTable) else { return }
        for id in ids {
            try connection.execute(
                """
                INSERT INTO \(list.searchTable) (\(list.searchTable), rowid, text)
                SELECT 'delete', id, \(text) FROM \(list.table) WHERE id = $1
                    AND id / \(ListBlock.size) IN (SELECT block FROM list_block WHERE list = '\(list.table)')
                """,
                [id]
            )
        }
    }

    /// Forgets what is known of blocks into which numbers may come again, because the last entries are gone.
    static func forgetBlocks(of list: RegistryList, in connection: any SQLConnection) throws {
        let last = try connection.query("SELECT max(id) FROM \(list.table)", []).first?.integerIfPresent(0)
        try connection.execute(
            "DELETE FROM list_block WHERE list = $1 AND block >= $2",
            [.text(list.table), .integer(last.map(ListBlock.of) ?? 0)]
        )
    }
}
