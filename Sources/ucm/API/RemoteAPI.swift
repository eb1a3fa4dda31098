import AdministrationAPI
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Server

/// A server and how one is known to it.
struct RemoteServer: Equatable, Sendable {
    var url: String
    var token: String
    /// CA certificates that are trusted besides those of the system, as PEM; nil for none.
    var trusted: String?
}

/// The API of a server, over HTTPS.
struct RemoteAPI: AdministrationWay {
    private let server: RemoteServer
    private let client: HTTPClient

    init(server: RemoteServer) throws {
        self.server = server
        self.client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try Self.configuration(trusting: server.trusted))
    }

    static func configuration(trusting certificates: String?) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificates {
            tls.additionalTrustRoots = [
                .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8)))
            ]
        }
        return HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .minutes(15)))
    }

    func send(_ message: APIMessage, onPiece: (([UInt8]) async throws -> Void)?) async throws -> APIAnswered {
        var request = HTTPClientRequest(url: self.server.url + message.target)
        request.method = HTTPMethod(rawValue: message.method)
        request.headers.add(name: "Authorization", value: "Bearer \(self.server.token)")
        request.headers.add(name: "User-Agent", value: "ucm/\(ProgramVersion.current)")
        if let ifMatch = message.ifMatch { request.headers.add(name: "If-Match", value: "\"\(ifMatch)\"") }
        if let body = message.body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.compactText))
        }
        let response: HTTPClientResponse
        do {
            response = try await self.client.execute(request, timeout: .minutes(30))
        } catch {
            throw ServerUnreachable(url: self.server.url, reason: "\(error)")
        }
        var answer = APIAnswered(
            status: Int(response.status.code),
            revision: response.headers.first(name: "ETag")?.trimmingCharacters(in: CharacterSet(charactersIn: "\"")),
            contentType: response.headers.first(name: "Content-Type"),
            body: []
        )
        let isStreamed = onPiece != nil && answer.status == 200
        var pieces = response.body.makeAsyncIterator()
        while let buffer = try await self.next(&pieces) {
            let bytes = Array(buffer.readableBytesView)
            if isStreamed, let onPiece { try await onPiece(bytes) } else { answer.body += bytes }
            guard answer.body.count <= 256 << 20 else {
                throw ServerUnreachable(
                    url: self.server.url, reason: "it answers more than anybody reads", isAboutTrust: false)
            }
        }
        return answer
    }

    /// The next piece of an answer; nil at its end.
    private func next(_ pieces: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch {
            throw ServerUnreachable(
                url: self.server.url, reason: "its answer ends early: \(error)", isAboutTrust: false)
        }
    }

    func close() async throws { try await self.client.shutdown() }

    var place: String { self.server.url }
}

/// Why a server could not be asked.
struct ServerUnreachable: Error, CustomStringConvertible {
    let url: String
    let reason: String
    /// Whether it may be that its TLS certificate is not believed.
    var isAboutTrust = true

    var description: String {
        "the server \(self.url) cannot be reached: \(self.reason)"
            + (self.isAboutTrust
                ? "; where its TLS certificate is its own CA's, sign in with ucm login --fingerprint, or give --tls-ca"
                : "")
    }
}
