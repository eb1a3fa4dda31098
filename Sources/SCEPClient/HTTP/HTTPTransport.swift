import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// HTTP/1.1 over TCP or TLS.
///
/// Each exchange has a connection of its own: an enrolment has three or four, with minutes between the polls.
public struct HTTPTransport: SCEPTransport {
    /// Which servers are believed over https.
    public enum ServerTrust: Hashable, Sendable {
        /// Those whose certificates the system trusts.
        case system
        /// Those, and what is signed by one of these certificates, each encoded.
        case systemAnd([[UInt8]])
        /// All, which protects against nobody who can change what is sent. SCEP's messages are protected by themselves.
        case anyone
    }

    private let tls: TLSConfiguration

    /// Makes a transport.
    ///
    /// - Parameter trust: Which servers are believed over https.
    /// - Throws: ``SCEPClientError`` with code `input` where a certificate cannot be read.
    public init(trust: ServerTrust = .system) throws(SCEPClientError) {
        self.tls = try Self.tls(trust)
    }

    /// How TLS connections are made.
    static func tls(_ trust: ServerTrust) throws(SCEPClientError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        switch trust {
        case .system: break
        case .systemAnd(let certificates):
            do {
                let roots = try certificates.map { try NIOSSLCertificate(bytes: $0, format: .der) }
                tls.additionalTrustRoots = [.certificates(roots)]
            } catch {
                throw SCEPClientError(.input, "A certificate to trust over https is not readable: \(error)")
            }
        case .anyone: tls.certificateVerification = .none
        }
        return tls
    }

    /// How a client of AsyncHTTPClient's behaves.
    static func configuration(tls: TLSConfiguration, timeout: Duration) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            // Sooner than the whole exchange ends, so that it is said that nobody answered at all.
            timeout: HTTPClient.Configuration.Timeout(connect: TimeAmount(timeout / 2))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Sends a request over a new connection.
    public func send(_ request: TransportRequest) async throws(SCEPClientError) -> TransportAnswer {
        let configuration = Self.configuration(tls: self.tls, timeout: request.timeout)
        return try await Self.translatingErrors(of: request) {
            try await HTTPClient.withHTTPClient(configuration: configuration) {
                try await Self.exchange(request, by: $0)
            }
        }
    }

    /// Carries out an exchange within its time; what goes wrong becomes an error of this client's.
    static func translatingErrors(
        of request: TransportRequest,
        _ body: @escaping @Sendable () async throws -> TransportAnswer
    ) async throws(SCEPClientError) -> TransportAnswer {
        do {
            return try await Self.limited(to: request.timeout, body)
        } catch let error as SCEPClientError {
            throw error
        } catch {
            throw Self.failure(error, url: request.url)
        }
    }

    /// Sends a request and takes the whole answer.
    static func exchange(_ request: TransportRequest, by client: HTTPClient) async throws -> TransportAnswer {
        var message = HTTPClientRequest(url: request.url)
        message.headers.add(name: "User-Agent", value: "ucm-scep")
        if let body = request.body {
            message.method = .POST
            message.headers.add(name: "Content-Type", value: "application/x-pki-message")
            message.body = .bytes(body)
        }
        let response = try await client.execute(message, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: request.maximumAnswerSize)
        return TransportAnswer(
            status: Int(response.status.code),
            contentType: response.headers.first(name: "Content-Type"),
            location: response.headers.first(name: "Location"),
            retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) },
            body: Array(body.readableBytesView)
        )
    }

    /// Ends an exchange that takes too long, wherever it is: a server may also send its answer byte by byte.
    private static func limited(
        to limit: Duration,
        _ body: @escaping @Sendable () async throws -> TransportAnswer
    ) async throws -> TransportAnswer {
        try await withThrowingTaskGroup(of: TransportAnswer?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                throw SCEPClientError(
                    .noAnswer,
                    "There was no whole answer within \(limit.components.seconds) seconds: the server is down, "
                        + "overloaded, or behind a firewall."
                )
            }
            return answer
        }
    }

    private static func failure(_ error: any Error, url: String) -> SCEPClientError {
        let place = url.prefix { $0 != "?" }
        return switch error {
        case is NIOTooManyBytesError:
            SCEPClientError(.tooLarge, "The answer is larger than this client takes: this is no SCEP server.")
        case let error as HTTPClientError where error == .connectTimeout || error == .getConnectionFromPoolTimeout:
            SCEPClientError(.unreachable, "\(place) cannot be reached: there is no answer from its address.")
        case let error as HTTPClientError where error == .tlsHandshakeTimeout:
            SCEPClientError(.unreachable, "\(place) does not finish a TLS handshake: is this port https?")
        case let error as HTTPClientError where error == .invalidURL || error == .emptyHost:
            SCEPClientError(.url, "\(place) is not a URL that can be reached.")
        case let error as NIOSSLError:
            SCEPClientError(.unreachable, "There is no TLS connection to \(place): \(Self.cause(of: error)).")
        case let error as NIOSSLExtraError:
            SCEPClientError(
                .unreachable,
                "The TLS certificate of \(place) does not fit: \(error). The URL has to have the name that is in it."
            )
        case let error as IOError where Self.isBeforeConnection(error.errnoCode):
            SCEPClientError(.unreachable, "\(place) cannot be reached: \(String(cString: strerror(error.errnoCode))).")
        case let error as NIOConnectionError:
            SCEPClientError(.unreachable, "\(place) cannot be reached: \(Self.cause(of: error)).")
        default:
            SCEPClientError(.noAnswer, "There was no whole answer from \(place): \(error).")
        }
    }

    /// What one of the addresses that were tried said.
    private static func cause(of error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty { return "there is no such host" }
        return error.connectionErrors.map { failure in
            (failure.error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(failure.error)"
        }.joined(separator: "; ")
    }

    /// Why a TLS handshake failed, as far as it can be put simply.
    private static func cause(of error: NIOSSLError) -> String {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return
                "its certificate is not trusted. Name the CA of that certificate, or use http: SCEP protects its messages "
                + "by itself"
        }
        if text.contains("WRONG_VERSION_NUMBER") { return "this port does not speak TLS; try http" }
        return text
    }

    /// What the system says where a connection could not be made; nothing was sent.
    private static func isBeforeConnection(_ code: CInt) -> Bool {
        [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ENETDOWN, EHOSTDOWN].contains(code)
    }
}
