import Foundation

/// The names by which clients reach this server.
enum HostNames {
    /// All names for the TLS certificate: those configured, this machine's, and loopback.
    static func all(_ configuration: ServerConfiguration) -> [String] {
        var names: [String] = []
        for name in configuration.hostNames + [Self.machine, "localhost", "127.0.0.1", "::1"]
        where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The name for the URLs that are shown.
    static func preferred(_ configuration: ServerConfiguration, for address: ListenAddress) -> String {
        if let name = configuration.hostNames.first { return name }
        return address.isEverywhere ? Self.machine : address.host
    }

    /// Where the plain listener serves what certificates point to; nil without one, or with one whose port is chosen anew at
    /// each start.
    static func distributionURL(_ configuration: ServerConfiguration) -> String? {
        guard let address = configuration.http, address.port != 0 else { return nil }
        let host = Self.preferred(configuration, for: address)
        let written = host.contains(":") ? "[\(host)]" : host
        return address.port == 80 ? "http://\(written)" : "http://\(written):\(address.port)"
    }

    /// Whether a text can be a DNS name in a certificate and in a URL (RFC 5280 §4.2.1.6, RFC 1123 §2.1).
    static func isName(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    }
            }
    }

    private static var machine: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Only what a certificate can carry as a DNS name.
        return Self.isName(name) ? name.lowercased() : "localhost"
    }
}
