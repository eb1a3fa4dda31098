import Synchronization

/// The first message of a TLS client, and what can be seen of the answer without a key (RFC 5246 §7.4).
enum ClientHello {
    /// The handshake type of CertificateRequest.
    static let certificateRequest: UInt8 = 13
    /// The handshake type of ServerHelloDone, the last of the server's first flight.
    static let serverHelloDone: UInt8 = 14

    /// TLS 1.2 only, with ECDHE and AES-128-GCM.
    static let tls12: [UInt8] = {
        let random = [UInt8](repeating: 0x5a, count: 32)
        let suites: [UInt8] = [0xc0, 0x2b, 0xc0, 0x2f]
        let groups: [UInt8] = [0x00, 0x1d, 0x00, 0x17]
        let signatures: [UInt8] = [0x04, 0x03, 0x08, 0x04, 0x04, 0x01]
        let extensions =
            Self.extension(10, Self.sized(groups)) + Self.extension(11, [1, 0])
            + Self.extension(13, Self.sized(signatures))
        let body = [3, 3] + random + [0] + Self.sized(suites) + [1, 0] + Self.sized(extensions)
        let handshake = [1, 0] + Self.sized(body)
        return [22, 3, 1] + Self.sized(handshake)
    }()

    private static func `extension`(_ type: UInt8, _ data: [UInt8]) -> [UInt8] {
        [0, type] + Self.sized(data)
    }

    /// Bytes behind their number in two bytes.
    private static func sized(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes
    }

    /// The types of the handshake messages in whole records.
    static func handshakeTypes(in bytes: [UInt8]) -> [UInt8] {
        var messages: [UInt8] = []
        var records = bytes[...]
        while records.count >= 5, records[records.startIndex] == 22 {
            let length = Int(records[records.startIndex + 3]) << 8 | Int(records[records.startIndex + 4])
            guard records.count >= 5 + length else { break }
            messages += records.dropFirst(5).prefix(length)
            records = records.dropFirst(5 + length)
        }
        var types: [UInt8] = []
        var rest = messages[...]
        while rest.count >= 4 {
            types.append(rest[rest.startIndex])
            let length = rest.dropFirst().prefix(3).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4 + length)
        }
        return types
    }
}

/// What was seen of a handshake.
final class Flight: Sendable {
    private let types = Mutex<[UInt8]>([])

    func set(_ types: [UInt8]) { self.types.withLock { $0 = types } }

    func get() -> [UInt8] { self.types.withLock { $0 } }
}
