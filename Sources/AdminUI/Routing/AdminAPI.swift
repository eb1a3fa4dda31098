public import AdministrationAPI

/// A file that the API answers piece by piece.
public struct APIDownload: Sendable {
    /// What it is, as a media type.
    public var type: String
    /// Hands out its pieces in their order.
    public var write: @Sendable (_ piece: ([UInt8]) async throws -> Void) async throws -> Void

    /// Makes a file.
    public init(
        type: String,
        write: @escaping @Sendable (_ piece: ([UInt8]) async throws -> Void) async throws -> Void
    ) {
        self.type = type
        self.write = write
    }
}

/// What the API answers to a page.
public struct APIResult: Sendable {
    /// The HTTP status.
    public var status: Int
    /// What stands for the present state of the thing; nil where it cannot be edited.
    public var revision: String?
    /// What is answered, or the problem.
    public var value: JSONValue
    /// A cookie that the browser is to keep or to forget.
    public var cookie: String?
    /// A file, where one is answered piece by piece.
    public var download: APIDownload?

    /// Makes a result.
    public init(
        status: Int,
        revision: String? = nil,
        value: JSONValue,
        cookie: String? = nil,
        download: APIDownload? = nil
    ) {
        self.status = status
        self.revision = revision
        self.value = value
        self.cookie = cookie
        self.download = download
    }

    /// Whether what was asked for is done.
    public var isSuccess: Bool { (200..<300).contains(self.status) }
}

/// The REST API, asked by whoever looks at a page: pages have no power that the API lacks, and may do what it lets them.
public protocol AdminAPI: Sendable {
    /// Sends a request, and answers also what went wrong.
    func send(_ message: APIMessage) async -> APIResult
}

/// What the API has refused, with the status and the sentence for a page.
struct APIRefusal: Error {
    let result: APIResult

    /// The stable code of the problem.
    var code: String { self.result.value["code"]?.text ?? "internal-error" }
    /// What happened and what to do.
    var detail: String { self.result.value["detail"]?.text ?? "The server has failed; its log says why." }

    /// What is wrong with single values, by their names.
    var faults: [String: String] {
        let errors = self.result.value["errors"]?.array ?? []
        return Dictionary(
            errors.compactMap { error in error["field"]?.text.map { ($0, error["detail"]?.text ?? "") } },
            uniquingKeysWith: { first, _ in first })
    }
}

extension AdminAPI {
    /// Reads something.
    ///
    /// - Throws: ``APIRefusal``.
    func get(_ path: String..., query: [(String, String?)] = []) async throws(APIRefusal) -> APIResult {
        let query = query.compactMap { name, value in value.map { (name: name, value: $0) } }
        return try await self.done(APIMessage("GET", path, query: query))
    }

    /// Does something.
    ///
    /// - Throws: ``APIRefusal``.
    @discardableResult
    func done(_ message: APIMessage) async throws(APIRefusal) -> APIResult {
        let result = await self.send(message)
        guard result.isSuccess else { throw APIRefusal(result: result) }
        return result
    }
}
