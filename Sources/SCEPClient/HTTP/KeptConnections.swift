import AsyncHTTPClient
import NIOCore
import NIOSSL

/// HTTP/1.1 over connections that are kept and used again, for many exchanges with one server.
public struct KeptConnections: SCEPTransport {
    private let client: HTTPClient

    private init(_ client: HTTPClient) {
        self.client = client
    }

    /// Lets somebody use connections, and closes them afterwards.
    ///
    /// - Parameters:
    ///   - count: How many there are at most at the same time.
    ///   - trust: Which servers are believed over https.
    ///   - timeout: How long one exchange may take; a connection has to be there in half of it.
    ///   - body: What uses them.
    /// - Returns: What the body returns.
    /// - Throws: ``SCEPClientError`` with code `input` where a certificate cannot be read, and what the body throws.
    public static func with<Result: Sendable>(
        _ count: Int,
        trust: HTTPTransport.ServerTrust = .system,
        timeout: Duration,
        _ body: @Sendable (KeptConnections) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPTransport.configuration(tls: try HTTPTransport.tls(trust), timeout: timeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = count
        // Sooner than most servers close an idle connection, on which a request could be lost.
        configuration.connectionPool.idleTimeout = .seconds(20)
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await body(KeptConnections(client))
        }
    }

    /// Sends a request over a connection that is free, or over a new one.
    public func send(_ request: TransportRequest) async throws(SCEPClientError) -> TransportAnswer {
        let client = self.client
        return try await HTTPTransport.translatingErrors(of: request) {
            try await HTTPTransport.exchange(request, by: client)
        }
    }
}
