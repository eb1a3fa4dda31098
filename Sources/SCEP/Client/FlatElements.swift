import CryptographicMessageSyntax

/// The elements of an encoding, one behind the other, without a look into them.
///
/// A CRL of a large CA has more elements than any message may have, so it is read entry by entry. Only DER is read:
/// certificates and CRLs are DER.
struct FlatElements {
    /// An element: its identifier octet, all of it, and what is inside.
    struct Element {
        let tag: UInt8
        let encoded: ArraySlice<UInt8>
        let content: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    /// Reads what is inside an element, or a whole encoding.
    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    /// Whether there is nothing more.
    var isAtEnd: Bool { self.rest.isEmpty }

    /// The next element.
    ///
    /// - Parameters:
    ///   - tag: Which identifier octet it has to have; any where nil.
    ///   - what: Its name, for the error.
    /// - Returns: The element.
    /// - Throws: ``CMSError`` with code `malformed`.
    mutating func require(tag: UInt8? = nil, _ what: String) throws(CMSError) -> Element {
        guard let element = try self.next(), tag == nil || element.tag == tag else {
            throw CMSError(.malformed, "\(what) is missing")
        }
        return element
    }

    /// The next element if it has one of the tags; otherwise nil, and it is still the next.
    mutating func next(tagged tags: UInt8...) throws(CMSError) -> Element? {
        guard let tag = self.rest.first, tags.contains(tag) else { return nil }
        return try self.next()
    }

    /// The next element; nil at the end.
    mutating func next() throws(CMSError) -> Element? {
        guard let tag = self.rest.first else { return nil }
        guard tag & 0x1f != 0x1f, let first = self.rest.dropFirst().first else {
            throw CMSError(.malformed, "an element is cut off, or has a tag that none here has")
        }
        var header = 2
        var length = Int(first)
        if first >= 0x80 {
            let octets = self.rest.dropFirst(2).prefix(Int(first & 0x7f))
            guard (1...4).contains(octets.count), octets.count == Int(first & 0x7f) else {
                throw CMSError(.malformed, "a length that is not DER")
            }
            length = octets.reduce(0) { $0 << 8 | Int($1) }
            header += octets.count
        }
        guard length <= self.rest.count - header else { throw CMSError(.malformed, "an element is cut off") }
        let encoded = self.rest.prefix(header + length)
        self.rest = self.rest.dropFirst(header + length)
        return Element(tag: tag, encoded: encoded, content: encoded.dropFirst(header))
    }
}
