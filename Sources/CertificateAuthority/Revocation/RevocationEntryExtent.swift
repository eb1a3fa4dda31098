/// Where one entry of a CRL is, and the serial number in it.
///
/// A CRL may have a million entries: nothing is allocated, and nothing is read but tags and lengths.
struct RevocationEntryExtent {
    /// The content octets of the serial number.
    let serialNumber: Range<Int>
    /// Where the next entry begins.
    let end: Int

    /// Reads tags and lengths of an entry; nil where there is none, or another structure.
    ///
    /// - Parameters:
    ///   - start: Where the entry begins.
    ///   - octets: All entries.
    init?(at start: Int, in octets: Span<UInt8>) {
        guard let entry = Self.content(of: 0x30, at: start, in: octets, until: octets.count),
            let serialNumber = Self.content(of: 0x02, at: entry.lowerBound, in: octets, until: entry.upperBound),
            !serialNumber.isEmpty, serialNumber.upperBound < entry.upperBound
        else { return nil }
        let isUTCTime = octets[serialNumber.upperBound] == 0x17
        guard
            let time = Self.content(
                of: isUTCTime ? 0x17 : 0x18,
                at: serialNumber.upperBound,
                in: octets,
                until: entry.upperBound
            ), time.count == (isUTCTime ? 13 : 15)
        else { return nil }
        if time.upperBound < entry.upperBound {
            let extensions = Self.content(of: 0x30, at: time.upperBound, in: octets, until: entry.upperBound)
            guard extensions?.upperBound == entry.upperBound else { return nil }
        }
        self.serialNumber = serialNumber
        self.end = entry.upperBound
    }

    /// The content of an element with a tag; nil where there is another one, or it ends behind a limit.
    private static func content(of tag: UInt8, at start: Int, in octets: Span<UInt8>, until limit: Int) -> Range<Int>? {
        guard start + 2 <= limit, octets[start] == tag else { return nil }
        var position = start + 2
        var length = Int(octets[start + 1])
        if length >= 0x80 {
            // A length of up to three octets, as short as can be (X.690 §10.1).
            let count = length & 0x7f
            guard (1...3).contains(count), position + count <= limit, octets[position] != 0 else { return nil }
            length = 0
            for index in position..<position + count { length = length << 8 | Int(octets[index]) }
            guard length >= 0x80 else { return nil }
            position += count
        }
        guard length <= limit - position else { return nil }
        return position..<position + length
    }
}
