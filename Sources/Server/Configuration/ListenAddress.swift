/// Where a listener listens: `PORT` for every address, `HOST:PORT` for one, `[ADDRESS]:PORT` for IPv6.
struct ListenAddress: Hashable, Sendable {
    var host: String
    var port: Int

    init?(_ text: String) {
        let (host, port): (Substring, Substring) =
            text.lastIndex(of: ":").map { (text[..<$0], text[text.index(after: $0)...]) } ?? ("0.0.0.0", text[...])
        guard let number = Int(port), (0...65_535).contains(number), !host.isEmpty else { return nil }
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
        self.port = number
    }
}
