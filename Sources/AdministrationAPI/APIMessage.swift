/// A request to the API as the command line and the pages send it.
public struct APIMessage: Sendable {
    /// The method.
    public var method: String
    /// The parts of the path below `/api/v1`, as they are, without percent signs.
    public var path: [String]
    /// The parameters of the query.
    public var query: [(name: String, value: String)]
    /// The revision that has to be the present one; nil for any.
    public var ifMatch: String?
    /// The body; nil for none.
    public var body: JSONValue?

    /// Makes a request.
    public init(
        _ method: String,
        _ path: [String],
        query: [(name: String, value: String)] = [],
        ifMatch: String? = nil,
        body: JSONValue? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.ifMatch = ifMatch
        self.body = body
    }

    /// The path and query as they stand in a URL.
    public var target: String {
        let path = APIPath.root + "/" + self.path.map(APIPath.escaped).joined(separator: "/")
        let query = self.query.map { "\(APIPath.escaped($0.name))=\(APIPath.escaped($0.value))" }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }
}
