public import AdministrationAPI
public import Foundation
import HTTPTypes
public import Registry

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
