/// The order of a list, by the numbers of its records.
public enum ListOrder: Hashable, Sendable, CaseIterable {
    /// The newest first.
    case newestFirst
    /// The oldest first.
    case oldestFirst

    /// How a record's number compares with the last one's of the page before.
    var comparison: String { self == .newestFirst ? "<" : ">" }
    /// The word behind ORDER BY.
    var direction: String { self == .newestFirst ? "DESC" : "ASC" }
}
