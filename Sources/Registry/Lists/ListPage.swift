/// A part of a list.
///
/// It may have fewer entries than were asked for, or none, and still not be the last: reading stops where it has looked at
/// much without finding enough, and goes on where it was with the next page.
public struct ListPage<Item: Sendable>: Sendable {
    /// What was found.
    public var items: [Item]
    /// Behind which number the list goes on; nil where this is its end.
    public var next: Int64?

    /// Makes a page.
    public init(items: [Item], next: Int64?) {
        (self.items, self.next) = (items, next)
    }

    /// The page with its entries as something else.
    public func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> ListPage<Other> {
        ListPage<Other>(items: try self.items.map(transform), next: self.next)
    }
}

/// What a list is made of: something with a number that grows.
protocol ListEntry: Sendable {
    /// The number in the registry.
    var id: Int64 { get }
}

extension RequestRecord: ListEntry {}
extension CertificateSummary: ListEntry {}
extension ChallengeRecord: ListEntry {}
extension EventRecord: ListEntry {}
extension ExchangeRecord: ListEntry {}
