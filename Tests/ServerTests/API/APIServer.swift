import AdministrationAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Registry
@testable import Server

/// Whoever calls the API.
enum APICaller: Hashable, Sendable {
    case nobody
    case token(String)
    /// A browser; without a CSRF token, a page of somebody else's in it.
    case session(secret: String, csrfToken: String?)

    var headers: HTTPFields {
        switch self {
        case .nobody: return [:]
        case .token(let secret): return [.authorization: "Bearer \(secret)"]
        case .session(let secret, let token):
            var headers: HTTPFields = [.cookie: "\(SessionCookie.name)=\(secret)"]
            if let token, let name = HTTPField.Name("X-CSRF-Token") { headers[name] = token }
            return headers
        }
    }
}

/// What the API has answered.
struct APIReceived: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: self.bytes, as: UTF8.self) }
    /// The body; null where it is no JSON.
    var json: JSONValue { (try? JSONValue(json: self.bytes)) ?? .null }
    var tag: String? { self.headers[.eTag] }
    /// The code of the problem; nil where there is none.
    var code: String? { self.status.kind == .successful ? nil : self.json["code"]?.text }
    /// The fields that were wrong.
    var fields: [String] { (self.json["errors"]?.array ?? []).compactMap { $0["field"]?.text } }
    /// A member of each item.
    func items(_ name: String) -> [JSONValue] { (self.json["items"]?.array ?? []).map { $0[name] ?? .null } }
}

/// An installation behind its API; every answer is held against what OpenAPI says of it.
struct APIServer: Sendable {
    static let password = "Fichte unter Regen 9"

    let live: LiveInstallation
    let people: People
    let client: any TestClientProtocol
    /// Somebody who may do everything, by a token.
    private(set) var root = APICaller.nobody

    /// Runs a test with a new installation.
    static func run(_ body: @escaping @Sendable (APIServer) async throws -> Void) async throws {
        try await LiveInstallation.serve { live, client in
            var server = APIServer(
                live: live, people: People(administration: live.administration), client: client)
            let role = Role(name: "everything", permissions: Set(Permission.allCases))
            try await live.administration.createRole(role, by: server.people.machine, at: Date())
            try await server.people.add("root", "everything", at: Date())
            server.root = try await server.token(of: "root")
            try await body(server)
        }
    }

    /// Makes a token for an account that is there, with all that it may do unless a test says otherwise.
    func token(of name: String, _ scopes: Set<Permission>? = nil) async throws -> APICaller {
        let account = try await self.people.account(name, at: Date())
        let role = try await self.live.administration.role(account.role, by: self.people.machine, at: Date()).role
        let order = TokenOrder(name: UUID().uuidString, scopes: scopes ?? role.permissions, at: Date())
        let made = try await self.live.administration.createToken(
            order, for: name, by: self.people.machine, at: Date())
        return .token(made.secret)
    }

    /// Signs somebody in who is there, without asking the API.
    func session(of name: String) async throws -> APICaller {
        let signIn = try await self.people.signIn(name, at: Date())
        return .session(secret: signIn.secret, csrfToken: signIn.csrfToken)
    }

    /// Makes an account and signs it in.
    func enter(_ name: String, _ role: String) async throws -> APICaller {
        try await self.people.add(name, role, at: Date())
        return try await self.session(of: name)
    }

    /// Sends a request.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        by caller: APICaller? = nil,
        _ body: JSONValue? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReceived {
        try await self.send(
            method, path, by: caller, bytes: body.map { Array($0.compactText.utf8) } ?? [], headers: headers,
            sourceLocation: sourceLocation)
    }

    /// Sends a request with whatever body.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        by caller: APICaller? = nil,
        bytes: [UInt8],
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReceived {
        var all = (caller ?? self.root).headers
        if !bytes.isEmpty { all[.contentType] = "application/json" }
        for field in headers { all[field.name] = field.value }
        let response = try await self.client.execute(
            uri: APIPath.root + path, method: method, headers: all, body: ByteBuffer(bytes: bytes))
        let received = APIReceived(status: response.status, headers: response.headers, bytes: response.bytes)
        let faults = APIContract.faults(of: received, to: method, path)
        #expect(
            faults.isEmpty, "\(method.rawValue) \(path): \(faults) in \(received.text.prefix(2_000))",
            sourceLocation: sourceLocation)
        return received
    }

    func get(
        _ path: String,
        by caller: APICaller? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReceived {
        try await self.send(.get, path, by: caller, headers: headers, sourceLocation: sourceLocation)
    }

    /// Sends a request that has to go well.
    @discardableResult
    func done(
        _ method: HTTPRequest.Method,
        _ path: String,
        by caller: APICaller? = nil,
        _ body: JSONValue? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReceived {
        let received = try await self.send(
            method, path, by: caller, body, headers: headers, sourceLocation: sourceLocation)
        #expect(
            received.status.kind == .successful, "\(method.rawValue) \(path): \(received.text.prefix(2_000))",
            sourceLocation: sourceLocation)
        return received
    }
}

extension HTTPFields {
    /// The revision that has to be the present one.
    static func match(_ tag: String?) -> HTTPFields { tag.map { [.ifMatch: $0] } ?? [:] }

    /// A key under which a creation is done once.
    static func key(_ key: String) -> HTTPFields {
        HTTPField.Name("Idempotency-Key").map { [$0: key] } ?? [:]
    }
}
