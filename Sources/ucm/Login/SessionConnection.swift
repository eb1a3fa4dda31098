import AdministrationAPI
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Server

/// A session with a server, for as long as signing in takes.
final class SessionConnection {
    /// CA certificates that are trusted besides those of the system, as PEM.
    let trusted: String?
    private let url: String
    private let client: HTTPClient
    private var cookie: String?
    private var csrfToken: String?

    init(url: String, trusting trusted: String?) throws {
        self.url = url
        self.trusted = trusted
        self.client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try RemoteAPI.configuration(trusting: trusted))
    }

    /// Signs in; a code is asked for where one is needed.
    func signIn(_ user: String, _ password: String, code: String?) async throws -> JSONValue {
        var body = JSONObject([("name", .string(user)), ("password", .string(password))])
        body["code"] = code.map(JSONValue.string)
        do {
            return try await self.begin(body)
        } catch let failure as APIFailure where failure.code == "code-needed" && code == nil {
            body["code"] = .string(try SecretPrompt.ask("Code: "))
            return try await self.begin(body)
        }
    }

    private func begin(_ body: JSONObject) async throws -> JSONValue {
        let answer = try await self.send("POST", ["session"], .object(body))
        self.csrfToken = answer["csrfToken"]?.text
        return answer
    }

    /// Sends a request, and reads what is answered.
    func send(_ method: String, _ path: [String], _ body: JSONValue?) async throws -> JSONValue {
        var request = HTTPClientRequest(url: self.url + APIMessage(method, path).target)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "User-Agent", value: "ucm/\(ProgramVersion.current)")
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        if let csrfToken { request.headers.add(name: "X-CSRF-Token", value: csrfToken) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.compactText))
        }
        let response: HTTPClientResponse
        let bytes: [UInt8]
        do {
            response = try await self.client.execute(request, timeout: .seconds(60))
            bytes = Array(try await response.body.collect(upTo: 4 << 20).readableBytesView)
        } catch {
            throw ServerUnreachable(url: self.url, reason: "\(error)")
        }
        guard (200...299).contains(response.status.code) else {
            throw APIFailure(APIAnswered(status: Int(response.status.code), body: bytes))
        }
        if let cookie = response.headers.first(name: "Set-Cookie")?.split(separator: ";").first {
            self.cookie = String(cookie)
        }
        return bytes.isEmpty ? .null : try JSONValue(json: bytes)
    }

    func close() async throws { try await self.client.shutdown() }
}
