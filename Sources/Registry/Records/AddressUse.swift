public import Foundation

/// How much came from an address to a node, of what is limited.
public struct AddressUse: Hashable, Sendable {
    /// The name of the limit.
    public var limit: String
    /// The address, or the network that counts as one.
    public var address: String
    /// How much.
    public var count: Int

    /// Makes a record.
    public init(limit: String, address: String, count: Int) {
        self.limit = limit
        self.address = address
        self.count = count
    }
}

/// What nodes tell each other of the addresses that they count, so that a limit is one limit however many nodes there are.
extension Registry {
    /// How much is read at once; what is more comes the next time.
    private static let maximumUses = 10_000

    /// Tells other nodes what came from addresses.
    ///
    /// - Parameters:
    ///   - uses: What is new.
    ///   - node: Who tells it.
    ///   - now: The time.
    /// - Throws: ``RegistryError``; then nothing is told.
    public func tell(_ uses: [AddressUse], by node: String, at now: Date) async throws {
        guard !uses.isEmpty else { return }
        try await self.database.write { connection in
            for use in uses {
                try connection.execute(
                    "INSERT INTO address_use (node, limit_name, address, count, at) VALUES ($1, $2, $3, $4, $5)",
                    [
                        .text(node), .text(use.limit), .address(use.address), .integer(Int64(use.count)), .date(now),
                    ])
            }
        }
    }

    /// What other nodes have told.
    ///
    /// - Parameters:
    ///   - node: Who asks.
    ///   - last: The number of the last one that he knows; nil for those since a date.
    ///   - date: Older ones do not count any more.
    /// - Returns: What came, and the number of the last of it.
    /// - Throws: ``RegistryError``.
    public func uses(toldTo node: String, after last: Int64?, since date: Date) async throws -> (
        uses: [AddressUse], last: Int64?
    ) {
        try await self.database.read { connection in
            var (uses, last): ([AddressUse], Int64?) = ([], last)
            let rows = try connection.query(
                """
                SELECT id, node, limit_name, address, count FROM address_use WHERE id > $1 AND at >= $2
                ORDER BY id LIMIT $3
                """,
                [.integer(last ?? 0), .date(date), .integer(Int64(Self.maximumUses))])
            for row in rows {
                last = try row.integer(0)
                guard try row.text(1) != node else { continue }
                uses.append(
                    AddressUse(limit: try row.text(2), address: try row.text(3), count: Int(try row.integer(4))))
            }
            return (uses, last)
        }
    }

    /// Forgets what nodes told before a date.
    ///
    /// - Throws: ``RegistryError``.
    public func pruneAddressUse(before date: Date) async throws {
        _ = try await self.database.write { connection in
            try connection.execute("DELETE FROM address_use WHERE at < $1", [.date(date)])
        }
    }
}
