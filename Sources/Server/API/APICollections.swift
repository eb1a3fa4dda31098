import AdministrationAPI
import Foundation
import Registry

/// What lists have in common: `items`, and `next` for the page that follows.
enum APIList {
    static let limit = QueryParameter(
        "limit", ValueKind<Int>.integer(1...1000), "How many at most; 100 where nothing is said.")
    static let after = QueryParameter("after", ValueKind<Int64>.number, "The value of next of the page before.")
    static let afterName = QueryParameter(
        "after", ValueKind<String>.text(1...300), "The value of next of the page before.")
    static let order = QueryParameter(
        "sort", ValueKind<Order>.choice, "id, or -id for the newest first, which is usual.")

    enum Order: String, CaseIterable, Sendable {
        case ascending = "id"
        case descending = "-id"

        var order: ListOrder { self == .ascending ? .oldestFirst : .newestFirst }
    }

    /// The parameters of a list by numbers.
    static let paging = [Self.after.parameter, Self.limit.parameter]
    /// The parameters of a list by names.
    static let pagingByName = [Self.afterName.parameter, Self.limit.parameter]

    /// What a list answers.
    static func answer(_ item: String, _ summary: String) -> APIAnswer {
        .json(
            .object(
                [
                    ("items", .array(of: .named(item))),
                    (
                        "next",
                        Schema.string().orNull.described(
                            "What to send as after for the next page; null on the last one. A page may have few items, or "
                                + "none, and still be followed by another: much is looked through page by page.")
                    ),
                ], required: ["items", "next"]), summary)
    }

    /// A page of a list that is read from the registry.
    static func page<Item: Sendable>(_ page: ListPage<Item>, _ fields: FieldSet<Item>) -> APIReply {
        .json([
            "items": .array(page.items.map(fields.json)), "next": .text(ifPresent: page.next.map { "\($0)" }),
        ])
    }

    /// A page of a list of which one more than asked for was read, by which it is known whether another one follows.
    static func page<Item>(
        _ found: [Item],
        limit: Int,
        _ fields: FieldSet<Item>,
        next: (Item) -> String
    ) -> APIReply {
        let items = found.prefix(limit)
        return .json([
            "items": .array(items.map(fields.json)),
            "next": .text(ifPresent: found.count > limit ? items.last.map(next) : nil),
        ])
    }

    /// A page of a list that is in memory as a whole.
    static func page<Item>(
        _ all: [Item],
        for request: APIRequest,
        _ fields: FieldSet<Item>,
        name: (Item) -> String
    ) throws -> APIReply {
        let last = try request.query(Self.afterName)
        let sorted = all.sorted { name($0) < name($1) }.filter { item in last.map { name(item) > $0 } ?? true }
        let limit = try request.query(Self.limit) ?? 100
        return Self.page(Array(sorted.prefix(limit + 1)), limit: limit, fields, next: name)
    }
}

extension APIRequest {
    /// How many entries a list has at most.
    var limit: Int { get throws(APIProblem) { try self.query(APIList.limit) ?? 100 } }
}
