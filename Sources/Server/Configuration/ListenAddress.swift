/// Where a listener listens: `PORT` for every address, `HOST:PORT` for one, `[ADDRESS]:PORT` for IPv6.
struct ListenAddress: Hashable, Sendable {
    var host: String
    var port: Int

    /// Whether it is every address of this machine.
    var isEverywhere: Bool { self.host == "0.0.0.0" || self.host == "::" }

    /// - Parameters:
    ///   - text: As somebody wrote it.
    ///   - defaultHost: What is meant where only a port is given.
    init?(_ text: String, defaultHost: String = "0.0.0.0") {
        let (host, port): (Substring, Substring) =
            text.lastIndex(of: ":").map { (text[..<$0], text[text.index(after: $0)...]) } ?? (
                defaultHost[...], text[...]
            )
        // Int would also take a sign.
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port) else { return nil }
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
        guard !self.host.isEmpty else { return nil }
        self.port = Int(number)
    }
}
