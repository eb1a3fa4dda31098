import CryptographicMessageSyntax

/// Steps from one DER element to the next without looking inside.
///
/// ``BERBounds`` refuses what has more elements than any message, and a CRL may have millions.
struct DERCursor {
    /// The identifier octet of an element.
    struct Tag: RawRepresentable, Equatable {
        var rawValue: UInt8

        static let integer = Tag(rawValue: 0x02)
        static let bitString = Tag(rawValue: 0x03)
        static let utcTime = Tag(rawValue: 0x17)
        static let generalizedTime = Tag(rawValue: 0x18)
        static let sequence = Tag(rawValue: 0x30)
        static let context0 = Tag(rawValue: 0xa0)
    }

    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) {
        self.rest = octets
    }

    /// Whether the next element has a tag.
    func isNext(_ tag: Tag) -> Bool { self.rest.first == tag.rawValue }

    /// The tag of the Time that is next; where there is none, what it could have.
    var timeTag: Tag { self.isNext(.generalizedTime) ? .generalizedTime : .utcTime }

    /// Steps over the next element and returns its content.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    mutating func content(tagged tag: Tag, of what: String) throws(CMSError) -> ArraySlice<UInt8> {
        try self.step(tag, what).content
    }

    /// Steps over the next element and returns all of it.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    mutating func element(tagged tag: Tag, of what: String) throws(CMSError) -> ArraySlice<UInt8> {
        try self.step(tag, what).element
    }

    /// Makes sure that nothing follows.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    func requireEnd(of what: String) throws(CMSError) {
        guard self.rest.isEmpty else { throw CMSError(.malformed, "unexpected bytes at the end of \(what)") }
    }

    private mutating func step(
        _ tag: Tag,
        _ what: String
    ) throws(CMSError) -> (element: ArraySlice<UInt8>, content: ArraySlice<UInt8>) {
        let start = self.rest
        guard self.rest.popFirst() == tag.rawValue else {
            throw CMSError(.malformed, "\(what) is missing or has another tag")
        }
        guard let length = self.popLength(), length <= self.rest.count else {
            throw CMSError(.malformed, "\(what) has a length that is not DER, or is truncated")
        }
        let content = self.rest.prefix(length)
        self.rest = self.rest.dropFirst(length)
        return (start.prefix(start.count - self.rest.count), content)
    }

    /// A length of up to four octets, as short as can be (X.690 §10.1); nil for anything else.
    private mutating func popLength() -> Int? {
        guard let first = self.rest.popFirst() else { return nil }
        guard first >= 0x80 else { return Int(first) }
        let octets = self.rest.prefix(Int(first & 0x7f))
        guard (1...4).contains(octets.count), octets.count == Int(first & 0x7f), octets.first != 0 else { return nil }
        self.rest = self.rest.dropFirst(octets.count)
        let length = octets.reduce(0) { $0 << 8 | Int($1) }
        return length >= 0x80 ? length : nil
    }
}
