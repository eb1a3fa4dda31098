import Foundation

/// An IP address as certificates carry it: 4 or 16 bytes in network order (RFC 5280 §4.2.1.6).
public struct IPAddress: Hashable, Sendable {
    /// The address in network order.
    public let bytes: [UInt8]

    /// Takes the bytes of an address; nil where there are not 4 or 16.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads an address in its usual notation; nil where it is none, a host name for example.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in its usual, shortest notation.
    public var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = self.bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, self.bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
