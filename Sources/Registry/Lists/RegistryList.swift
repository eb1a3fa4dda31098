/// A list that grows without end, in a table that is numbered as it grows.
struct RegistryList: Hashable, Sendable {
    /// The table.
    let table: String
    /// The column that says when an entry came to be; it never changes.
    let time: String
    /// The column that says when it ends, where it does; it never changes.
    let end: String?
    /// What parts are looked for in, in SQL; nil where there is no index of that.
    let text: String?

    static let requests = RegistryList(table: "request", time: "created_at", end: nil, text: "subject")
    static let certificates = RegistryList(
        table: "certificate", time: "created_at", end: "not_after",
        text: "CASE WHEN names = '' THEN subject ELSE names END")
    static let challenges = RegistryList(table: "challenge", time: "created_at", end: nil, text: nil)
    static let events = RegistryList(table: "event", time: "at", end: nil, text: nil)
    static let exchanges = RegistryList(table: "exchange", time: "at", end: nil, text: nil)

    /// Those of whose blocks something is known; challenges are changed and deleted, and need it not.
    static let indexed = [Self.requests, Self.certificates, Self.events, Self.exchanges]

    /// The index of texts, where the database has one.
    var searchTable: String { self.table + "_search" }
}

/// Some numbers of a list that follow one another.
///
/// Of each block that is complete the registry knows between which times its entries lie, so that a search by time looks
/// only where it may find something, and has their texts in an index. It is noted after the fact, so no enrolment pays for
/// it; what is newer than the last block is looked at entry by entry.
enum ListBlock {
    /// How many numbers.
    static let size: Int64 = 1_000

    /// The block that a number is in.
    static func of(_ id: Int64) -> Int64 { id / Self.size }
    /// The first number of a block.
    static func start(_ block: Int64) -> Int64 { block * Self.size }
}
