import AdministrationAPI
import HTTPTypes

/// Who may use a route.
enum APIAccess: Hashable, Sendable {
    /// Everybody who reaches the server.
    case anyone
    /// Everybody who is signed in, also with an initial password that is to be changed first.
    case signedIn
    /// Everybody who has no initial password any more.
    case member
    /// Who has a permission.
    case permission(Permission)
}

/// What a route answers when it goes well.
struct APIAnswer: Sendable {
    let status: HTTPResponse.Status
    let summary: String
    /// The types of content, and the schema where it is JSON.
    let content: [(type: String, schema: Schema)]
    var headers: [(name: String, summary: String)] = []

    static func json(_ schema: Schema, _ summary: String) -> APIAnswer { Self.json(schema, .ok, summary) }

    static func json(_ schema: Schema, _ status: HTTPResponse.Status, _ summary: String) -> APIAnswer {
        APIAnswer(status: status, summary: summary, content: [("application/json", schema)])
    }

    static func nothing(_ summary: String) -> APIAnswer {
        APIAnswer(status: .noContent, summary: summary, content: [])
    }
}

/// One thing that can be done through the API.
///
/// What is served, what is checked and what OpenAPI says come from here, so that none of them can be forgotten.
struct APIRoute: Sendable {
    let method: HTTPRequest.Method
    /// The path below `/api/v1`, with the names of its parameters in braces.
    let path: String
    /// The operationId.
    let name: String
    /// The group in the documentation.
    let group: String
    let summary: String
    let access: APIAccess
    /// What the parameters in the path are.
    var pathParameters: [(name: String, summary: String)] = []
    var query: [APIParameter] = []
    /// What may be sent; nil where nothing is.
    var input: Schema?
    var inputExample: JSONValue?
    /// How many bytes may be sent.
    var maximumBody = 256 << 10
    let answer: APIAnswer
    /// The problems that it may have besides those that every route may have.
    var problems: [APIProblem.Code] = []
    /// Whether it can be repeated under an Idempotency-Key.
    var isCreation = false
    /// Whether it heeds If-Match.
    var isEdit = false
    /// Whether it may read everything that there is for a query; a few of those are done at a time.
    var readsMuch: @Sendable ([(name: String, value: String)]) -> Bool = { _ in false }
    let run: @Sendable (APIRequest) async throws -> APIReply

    /// Whatever the query, it may read everything that there is.
    static let always: @Sendable ([(name: String, value: String)]) -> Bool = { _ in true }

    /// The parts of the path.
    var segments: [String] { self.path.split(separator: "/").map(String.init) }
}
