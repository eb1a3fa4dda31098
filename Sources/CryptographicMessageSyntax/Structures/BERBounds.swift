/// A walk over the tags and lengths of a BER encoding that allocates nothing but a short stack.
///
/// It runs before the real parser so that hostile bytes cost no memory: a parser that builds a tree needs some
/// hundred bytes for each two-byte element, and recursion has to end somewhere. It also finds the end of the first
/// element, so that trailing bytes can be told from a truncated message.
package enum BERBounds {
    /// How deep elements may nest.
    ///
    /// A CertRep with its envelope opened layer by layer stays below 20.
    static let maximumDepth = 32

    /// How many elements one encoding may hold.
    ///
    /// A pkiMessage with a long CSR has about 300.
    static let maximumElements = 20_000

    /// Checks that the first element is complete and within bounds.
    ///
    /// - Parameter bytes: BER, possibly with bytes behind the first element.
    /// - Returns: The number of bytes of the first element.
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    package static func lengthOfFirstElement(in bytes: ArraySlice<UInt8>) throws(CMSError) -> Int {
        try self.lengthOfFirstElement(in: bytes.span)
    }

    private static func lengthOfFirstElement(in bytes: Span<UInt8>) throws(CMSError) -> Int {
        /// Where each open element ends; nil for one of indefinite length.
        var open: [Int?] = []
        open.reserveCapacity(Self.maximumDepth + 1)
        var position = 0
        var elements = 0
        repeat {
            while let end = open.last, let end, end == position { open.removeLast() }
            if open.isEmpty, elements > 0 { break }
            elements += 1
            guard elements <= Self.maximumElements else {
                throw CMSError(.tooComplex, "more than \(Self.maximumElements) ASN.1 elements")
            }
            let limit = open.last(where: { $0 != nil }).flatMap { $0 } ?? bytes.count
            let start = position
            let header = try Self.header(of: bytes, at: &position, limit: limit)
            if header.isEndOfContents {
                guard let last = open.last, last == nil else {
                    throw CMSError(.malformed, "end-of-contents out of place at byte \(start)")
                }
                open.removeLast()
                continue
            }
            if let length = header.length {
                guard length <= limit - position else {
                    throw CMSError(
                        .malformed,
                        "truncated: the element at byte \(start) has \(length) bytes, \(limit - position) are there"
                    )
                }
                if header.isConstructed { open.append(position + length) } else { position += length }
            } else {
                open.append(nil)
            }
            guard open.count <= Self.maximumDepth else {
                throw CMSError(.tooComplex, "ASN.1 nested deeper than \(Self.maximumDepth) levels")
            }
        } while true
        return position
    }

    private struct Header {
        var isConstructed: Bool
        var isEndOfContents: Bool
        /// The length of the content; nil where it is indefinite.
        var length: Int?
    }

    private static func header(
        of bytes: Span<UInt8>,
        at position: inout Int,
        limit: Int
    ) throws(CMSError) -> Header {
        let identifier = try Self.octet(of: bytes, at: &position, limit: limit)
        if identifier & 0x1f == 0x1f {
            var tagBytes = 1
            while try Self.octet(of: bytes, at: &position, limit: limit) & 0x80 != 0 {
                tagBytes += 1
                guard tagBytes <= 4 else { throw CMSError(.malformed, "an ASN.1 tag of more than four bytes") }
            }
        }
        let isConstructed = identifier & 0x20 != 0
        let first = try Self.octet(of: bytes, at: &position, limit: limit)
        var length = 0
        switch first {
        case 0x00...0x7f:
            length = Int(first)
        case 0x80:
            guard isConstructed else { throw CMSError(.malformed, "a primitive element of indefinite length") }
            return Header(isConstructed: true, isEndOfContents: false, length: nil)
        default:
            for _ in 0..<(first & 0x7f) {
                guard length < 1 << 32 else { throw CMSError(.malformed, "a length beyond any message") }
                length = length << 8 | Int(try Self.octet(of: bytes, at: &position, limit: limit))
            }
        }
        return Header(isConstructed: isConstructed, isEndOfContents: identifier == 0 && length == 0, length: length)
    }

    private static func octet(of bytes: Span<UInt8>, at position: inout Int, limit: Int) throws(CMSError) -> UInt8 {
        guard position < limit else {
            throw CMSError(.malformed, "truncated in a tag or length at byte \(position)")
        }
        defer { position += 1 }
        return bytes[position]
    }
}
