import CertificateAuthority
import Enrollment

/// Where a request came through, as proxies have written it down: first the client, then one proxy after the other,
/// but for the last one, which is at the other end of the connection.
struct ForwardedHops {
    /// The addresses; nil for a hop that is no IP address: `unknown`, an obfuscated name, nothing, or garbage.
    let addresses: [IPAddress?]

    /// How many hops are read, from the end; all in front of them are one that is unreadable.
    static let maximumHops = 32
    /// How many bytes all lines together may have; where they have more, nothing is read.
    static let maximumLength = 8192

    /// Reads `X-Forwarded-For`, which has no standard.
    ///
    /// It has addresses with commas between, IPv6 with brackets or without, a port behind or not. It knows no quotes.
    ///
    /// - Parameter lines: The values of the header fields, which are one list.
    init(xForwardedFor lines: [String]) {
        self.init(lines, hasQuotes: false) { Self.address($0, canBeBareIPv6: true) }
    }

    /// Reads `Forwarded`.
    ///
    /// ```
    /// Forwarded          = 1#forwarded-element
    /// forwarded-element  = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
    /// forwarded-pair     = token "=" value
    /// value              = token / quoted-string
    ///
    /// node               = nodename [ ":" node-port ]
    /// nodename           = IPv4address / "[" IPv6address "]" / "unknown" / obfnode
    /// node-port          = port / obfport
    /// ```
    /// RFC 7239 §4 and §6. The characters that a token cannot have are taken without quotes too, as many proxies write
    /// them; blanks are also taken around semicolons.
    ///
    /// - Parameter lines: The values of the header fields, which are one list.
    init(forwarded lines: [String]) {
        self.init(lines, hasQuotes: true) { element in
            guard let node = Self.node(in: element) else { return nil }
            return Self.address(node[...], canBeBareIPv6: false)
        }
    }

    private init(_ lines: [String], hasQuotes: Bool, _ address: (ArraySlice<UInt8>) -> IPAddress?) {
        let bytes = Array(lines.joined(separator: ",").utf8.prefix(Self.maximumLength + 1))
        guard bytes.count <= Self.maximumLength else {
            self.addresses = [nil]
            return
        }
        let elements = Self.split(bytes[...], at: UInt8(ascii: ","), hasQuotes: hasQuotes)
        let addresses = elements.suffix(Self.maximumHops).map { address($0)?.unmapped }
        self.addresses = elements.count > addresses.count ? [nil] + addresses : addresses
    }

    /// The value of `for` in an element; nil where it is not there once, or the element is not what the grammar says.
    private static func node(in element: ArraySlice<UInt8>) -> [UInt8]? {
        var node: [UInt8]?
        for pair in Self.split(element, at: UInt8(ascii: ";"), hasQuotes: true) where !pair.isEmpty {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), let value = Self.value(pair[(equals + 1)...])
            else { return nil }
            guard pair[..<equals].elementsEqual("for".utf8, by: { $0 | 0x20 == $1 }) else { continue }
            guard node == nil else { return nil }
            node = value
        }
        return node
    }

    /// A value without its quotes; nil where they are not around all of it.
    private static func value(_ written: ArraySlice<UInt8>) -> [UInt8]? {
        guard written.first == UInt8(ascii: "\"") else {
            return written.contains { "\"\\ \t".utf8.contains($0) } ? nil : Array(written)
        }
        var value: [UInt8] = []
        var rest = written.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            case UInt8(ascii: "\""): return rest.isEmpty ? value : nil
            default: value.append(byte)
            }
        }
        return nil
    }

    /// The parts between separators that are not in quotes, without the blanks around them.
    ///
    /// Quotes that nobody closes go on to the end, so that nothing behind them is taken for something else.
    private static func split(
        _ bytes: ArraySlice<UInt8>,
        at separator: UInt8,
        hasQuotes: Bool
    ) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var (isQuoted, isEscaped) = (false, false)
        for (index, byte) in zip(bytes.indices, bytes) {
            if isEscaped {
                isEscaped = false
            } else if hasQuotes, byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte == separator {
                parts.append(bytes[start..<index])
                start = index + 1
            }
        }
        parts.append(bytes[start...])
        return parts.map { part in
            let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
            let end = part.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? part.startIndex
            return part[..<end].drop(while: isBlank)
        }
    }

    /// An address with a port or without.
    private static func address(_ node: ArraySlice<UInt8>, canBeBareIPv6: Bool) -> IPAddress? {
        if node.first == UInt8(ascii: "[") {
            guard let end = node.firstIndex(of: UInt8(ascii: "]")), Self.isPort(node[(end + 1)...]) else { return nil }
            return Self.address(node[..<end].dropFirst(), ofBytes: 16)
        }
        if canBeBareIPv6, let address = Self.address(node, ofBytes: 16) { return address }
        let end = node.firstIndex(of: UInt8(ascii: ":")) ?? node.endIndex
        return Self.isPort(node[end...]) ? Self.address(node[..<end], ofBytes: 4) : nil
    }

    private static func address(_ text: ArraySlice<UInt8>, ofBytes count: Int) -> IPAddress? {
        // A NUL would end the string for the function that reads addresses, and hide what is behind it.
        guard text.allSatisfy({ "0123456789abcdefABCDEF.:".utf8.contains($0) }),
            let address = IPAddress(String(decoding: text, as: UTF8.self)), address.bytes.count == count
        else { return nil }
        return address
    }

    /// Whether this is nothing, or a colon with a port or an obfuscated one behind it.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: ":") else { return text.isEmpty }
        let port = text.dropFirst()
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        if port.first == UInt8(ascii: "_") {
            return port.count > 1
                && port.allSatisfy { isDigit($0) || (0x61...0x7a).contains($0 | 0x20) || "._-".utf8.contains($0) }
        }
        return (1...5).contains(port.count) && port.allSatisfy(isDigit)
    }
}
