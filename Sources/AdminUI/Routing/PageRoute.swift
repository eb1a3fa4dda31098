import AdministrationAPI
import Foundation

/// What a page is given: the request, what stands in its path, and who asks.
struct PageContext: Sendable {
    let request: PageRequest
    /// What stands in the path for the names in braces.
    let parameters: [String: String]
    let visitor: Visitor

    var api: any AdminAPI { self.request.api }
    var now: Date { self.request.now }
    var query: PageFields { self.request.query }
    var form: PageFields { self.request.form }

    func parameter(_ name: String) -> String { self.parameters[name] ?? "" }

    /// Whether the visitor may do something.
    func may(_ permission: String) -> Bool { self.visitor.may(permission) }
}

/// A page, or what a form of it does.
struct PageRoute: Sendable {
    let method: String
    /// The path below ``AdminPages/root``, with names in braces.
    let path: String
    /// What the visitor has to be allowed to do; nil where being signed in is enough.
    let permission: String?
    let run: @Sendable (PageContext) async throws -> PageResponse

    static func page(
        _ path: String,
        _ permission: String? = nil,
        _ run: @escaping @Sendable (PageContext) async throws -> PageResponse
    ) -> PageRoute { PageRoute(method: "GET", path: path, permission: permission, run: run) }

    static func form(
        _ path: String,
        _ permission: String? = nil,
        _ run: @escaping @Sendable (PageContext) async throws -> PageResponse
    ) -> PageRoute { PageRoute(method: "POST", path: path, permission: permission, run: run) }

    /// What stands in a path for the names in braces; nil where it is another route's.
    func match(_ path: [String]) -> [String: String]? {
        PathPattern.values(in: path, of: self.path.split(separator: "/").map(String.init))
    }
}
