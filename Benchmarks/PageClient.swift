import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// A browser without a screen: HTTPS over a connection that is kept alive, with a cookie.
final class PageClient {
    /// What was answered.
    struct Answer {
        let status: UInt
        let headers: HTTPHeaders
        let body: String
        let milliseconds: Double
    }

    private let client: HTTPClient
    private let origin: String
    private var cookie: String?

    init(port: Int) {
        var configuration = HTTPClient.Configuration(
            certificateVerification: .none, redirectConfiguration: .disallow, decompression: .disabled)
        configuration.httpVersion = .http1Only
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.origin = "https://localhost:\(port)"
    }

    func close() throws { try self.client.syncShutdown() }

    /// Signs in, with another password than the initial one.
    func signIn(_ name: String, password: String) throws {
        let first = try self.send(.POST, "/api/v1/session", ["name": name, "password": password])
        try self.keepSession(of: first)
        let csrf = try Self.member("csrfToken", of: first)
        let own = password + "-of-one's-own"
        let changed = try self.send(
            .PUT, "/api/v1/session/password", ["oldPassword": password, "newPassword": own], csrf: csrf)
        guard changed.status / 100 == 2 else { throw BenchmarkError("the password is not changed: \(changed.body)") }
        if changed.headers.first(name: "Set-Cookie") != nil { try self.keepSession(of: changed) }
    }

    private func keepSession(of answer: Answer) throws {
        guard let header = answer.headers.first(name: "Set-Cookie") else {
            throw BenchmarkError("nobody is signed in: \(answer.body)")
        }
        self.cookie = String(header.prefix { $0 != ";" })
    }

    private static func member(_ name: String, of answer: Answer) throws -> String {
        let json = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
        guard let value = json?[name] as? String else { throw BenchmarkError("no \(name) in \(answer.body)") }
        return value
    }

    /// Reads a page or an answer of the API.
    func get(_ path: String) throws -> Answer {
        let answer = try self.send(.GET, path)
        guard answer.status == 200 else { throw BenchmarkError("\(path): status \(answer.status)") }
        return answer
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: [String: String]? = nil,
        csrf: String? = nil
    ) throws -> Answer {
        var headers = HTTPHeaders()
        // As a browser says it.
        headers.add(name: "Accept-Encoding", value: "gzip, deflate, br, zstd")
        if let cookie = self.cookie { headers.add(name: "Cookie", value: cookie) }
        if let csrf { headers.add(name: "X-CSRF-Token", value: csrf) }
        if body != nil { headers.add(name: "Content-Type", value: "application/json") }
        let request = try HTTPClient.Request(
            url: self.origin + path, method: method, headers: headers,
            body: try body.map { .data(try JSONSerialization.data(withJSONObject: $0)) })
        let start = ContinuousClock.now
        let response = try self.client.execute(request: request).wait()
        let duration = ContinuousClock.now - start
        return Answer(
            status: response.status.code, headers: response.headers,
            body: response.body.map { String(buffer: $0) } ?? "", milliseconds: duration / .milliseconds(1))
    }
}
