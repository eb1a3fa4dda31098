import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// A way to the API: over HTTPS, or in this process.
protocol AdministrationWay: Sendable {
    /// Sends a request.
    ///
    /// - Parameters:
    ///   - message: The request.
    ///   - onPiece: Takes what is answered piece by piece where it is long; then the body is empty.
    /// - Returns: What is answered, also where it went wrong.
    /// - Throws: ``ServerUnreachable``, or what the closure throws.
    func send(_ message: APIMessage, onPiece: (([UInt8]) async throws -> Void)?) async throws -> APIAnswered
    func close() async throws
    /// Where it leads, as people say it.
    var place: String { get }
}

/// The data directory itself.
struct DirectWay: AdministrationWay {
    let api: DirectAPI

    func send(_ message: APIMessage, onPiece: (([UInt8]) async throws -> Void)?) async throws -> APIAnswered {
        try await self.api.send(message, onPiece: onPiece)
    }

    func close() throws { try self.api.close() }

    var place: String { "the data directory" }
}

/// What commands ask the API by, and how they write what it answers.
struct AdministrationClient: Sendable {
    let way: any AdministrationWay
    let output: OutputForm

    /// What there is at a path.
    func get(_ path: String..., query: [(String, String?)] = []) async throws -> JSONValue {
        try await self.json("GET", path, query: query)
    }

    /// Does something, or makes something.
    @discardableResult
    func post(_ path: String..., query: [(String, String?)] = [], body: JSONObject? = nil) async throws -> JSONValue {
        try await self.json("POST", path, query: query, body: body)
    }

    /// Changes what is sent, and leaves the rest.
    @discardableResult
    func patch(_ path: String..., body: JSONObject) async throws -> JSONValue {
        try await self.json("PATCH", path, body: body)
    }

    /// Puts something in another one's place.
    @discardableResult
    func put(_ path: String..., body: JSONObject = JSONObject()) async throws -> JSONValue {
        try await self.json("PUT", path, body: body)
    }

    /// Deletes something.
    func delete(_ path: String..., query: [(String, String?)] = []) async throws {
        _ = try await self.json("DELETE", path, query: query)
    }

    /// The entries of a list, as many as are wanted, over as many pages as they are.
    func list(_ path: String..., query: [(String, String?)] = [], limit: Int = .max) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var next: String?
        repeat {
            let count = min(limit - items.count, 1000)
            let page = try await self.json(
                "GET", path, query: query + [("limit", "\(count)"), ("after", next)])
            items += page["items"]?.array ?? []
            next = page["next"]?.text
        } while next != nil && items.count < limit
        return items
    }

    /// A file.
    func file(_ path: String..., query: [(String, String?)] = []) async throws -> [UInt8] {
        try await self.send("GET", path, query: query).body
    }

    /// Something long, piece by piece.
    func stream(
        _ method: String,
        _ path: String...,
        query: [(String, String?)] = [],
        body: JSONObject? = nil,
        _ onPiece: @escaping ([UInt8]) async throws -> Void
    ) async throws {
        _ = try await self.send(method, path, query: query, body: body, onPiece: onPiece)
    }

    /// Writes an answer: as it is for programs, otherwise as the closure does.
    func show(_ value: JSONValue, _ table: () throws -> Void) rethrows {
        switch self.output {
        case .json: Terminal.write(value.prettyText)
        case .table: try table()
        }
    }

    /// Writes a list: as an array for programs, otherwise as the closure does.
    func show(_ items: [JSONValue], _ table: () throws -> Void) rethrows { try self.show(.array(items), table) }

    private func json(
        _ method: String,
        _ path: [String],
        query: [(String, String?)] = [],
        body: JSONObject? = nil
    ) async throws -> JSONValue {
        let answer = try await self.send(method, path, query: query, body: body)
        return answer.body.isEmpty ? .null : try JSONValue(json: answer.body)
    }

    private func send(
        _ method: String,
        _ path: [String],
        query: [(String, String?)],
        body: JSONObject? = nil,
        onPiece: (([UInt8]) async throws -> Void)? = nil
    ) async throws -> APIAnswered {
        let message = APIMessage(
            method, path, query: query.compactMap { name, value in value.map { (name, $0) } },
            body: body.map(JSONValue.object))
        let answer = try await self.way.send(message, onPiece: onPiece)
        guard (200...299).contains(answer.status) else { throw APIFailure(answer) }
        return answer
    }
}
