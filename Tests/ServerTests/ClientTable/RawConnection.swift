import HummingbirdTesting
import NIOCore
import NIOPosix

/// A TCP connection over which a test says exactly what a client says.
enum RawConnection {
    /// Sends bytes and reads until the server closes the connection, or a test has enough.
    ///
    /// - Parameters:
    ///   - bytes: What is sent.
    ///   - port: Where the server listens on this machine.
    ///   - isEnough: Whether what was received is all that is wanted.
    /// - Returns: What was received.
    /// - Throws: What the connection throws.
    static func exchange(
        _ bytes: [UInt8],
        port: Int,
        until isEnough: ([UInt8]) -> Bool = { _ in false }
    ) async throws -> [UInt8] {
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(10))
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var received: [UInt8] = []
            for try await part in inbound {
                received += part.readableBytesView
                if isEnough(received) { break }
            }
            return received
        }
    }
}

/// An answer as it comes over the wire.
struct RawResponse {
    let statusLine: String
    /// By their names in small letters.
    let headers: [String: String]
    let body: [UInt8]

    /// Reads an answer that ends with the connection.
    init(_ bytes: [UInt8]) {
        let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        let lines = String(decoding: bytes[..<(end?.lowerBound ?? bytes.endIndex)], as: UTF8.self)
            .split(separator: "\r\n")
        self.statusLine = lines.first.map(String.init) ?? ""
        self.headers = lines.dropFirst().reduce(into: [:]) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        self.body = end.map { Array(bytes[$0.upperBound...]) } ?? []
    }

    /// The number in the status line.
    var status: Int? {
        let words = self.statusLine.split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}

extension TestServer {
    /// Sends an HTTP request as it is written, over a connection of its own; the server has to close it.
    func raw(_ head: String, body: [UInt8] = []) async throws -> RawResponse {
        guard let port = self.client.port else { return RawResponse([]) }
        return RawResponse(try await RawConnection.exchange(Array(head.utf8) + body, port: port))
    }
}
