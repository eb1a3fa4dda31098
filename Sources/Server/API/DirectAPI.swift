public import Foundation
import HTTPTypes
public import Registry

/// A request to the API as the command line sends it, to a server or to ``DirectAPI``.
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

/// What the API answers.
public struct APIAnswered: Sendable {
    /// The HTTP status.
    public var status: Int
    /// What stands for the present state of the thing; nil where it cannot be edited.
    public var revision: String?
    /// The type of the body without its parameters; nil where there is none.
    public var contentType: String?
    /// The body.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, revision: String? = nil, contentType: String? = nil, body: [UInt8]) {
        self.status = status
        self.revision = revision
        self.contentType = contentType
        self.body = body
    }
}

/// The API without a server: on a data directory, in this process, by whoever can open it.
public struct DirectAPI: Sendable {
    private let api: API
    private let user: String

    /// Opens an installation that is there already.
    ///
    /// - Parameters:
    ///   - configuration: Where it is, and its master key.
    ///   - user: Who acts, for the record.
    /// - Throws: ``StartupError`` and others that are one sentence for whoever started it.
    public init(_ configuration: ServerConfiguration, user: String) async throws {
        self.api = API(administration: try await Administration(configuration), served: nil, logger: nil)
        self.user = user
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - message: The request.
    ///   - onPiece: Takes what is answered piece by piece where it is long; then the body is empty.
    /// - Returns: What is answered, also where it went wrong.
    /// - Throws: What the closure throws, or ``RegistryError``.
    public func send(_ message: APIMessage, onPiece: (([UInt8]) async throws -> Void)? = nil) async throws
        -> APIAnswered
    {
        guard let method = HTTPRequest.Method(message.method) else {
            return APIAnswered(status: 405, body: [])
        }
        let call = APICall(
            method: method,
            path: message.path,
            query: message.query,
            ifMatch: message.ifMatch,
            body: message.body.map { Array($0.compactText.utf8) } ?? [],
            contentType: "application/json",
            principal: .machine(user: self.user),
            now: Date()
        )
        let reply = await self.api.respond(to: call)
        var answer = APIAnswered(
            status: reply.status.code,
            revision: reply.headers[.eTag]?.trimmingCharacters(in: CharacterSet(charactersIn: "\"")),
            body: []
        )
        switch reply.body {
        case .none: break
        case .json(let value): (answer.contentType, answer.body) = ("application/json", Array(value.prettyText.utf8))
        case .bytes(let bytes, let type): (answer.contentType, answer.body) = (type, bytes)
        case .stream(let type, let write):
            answer.contentType = type
            var whole: [UInt8] = []
            try await write { piece in
                if let onPiece { try await onPiece(piece) } else { whole += piece }
            }
            answer.body = whole
        }
        return answer
    }

    /// Writes a backup to a file that is not there yet.
    ///
    /// - Parameters:
    ///   - path: The file, readable for its owner only.
    ///   - passphrase: Opens it again; 12 characters or more.
    ///   - now: The time.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many rows are in it.
    /// - Throws: ``BackupError``, or ``RegistryError``; then there is no file.
    public func backup(
        toFile path: String,
        passphrase: String,
        at now: Date,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        try await self.api.administration.backup(
            toFile: path, passphrase: passphrase, by: Principal.machine(user: self.user).decider, at: now,
            progress: progress)
    }

    /// Ends all connections.
    ///
    /// - Throws: ``RegistryError``.
    public func close() throws { try self.api.administration.close() }
}
