/// A range of IP addresses in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
public struct AddressRange: PolicyNotation {
    /// The first address.
    public let first: IPAddress
    /// How many leading bits all addresses of the range have in common.
    public let prefixLength: Int

    /// Reads a range.
    ///
    /// - Parameter text: Address, slash and prefix length (RFC 4632 §3.1, RFC 4291 §2.3), or an address alone.
    /// - Throws: ``PolicySyntaxError`` that says where it is wrong.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let written = parts.first, let address = IPAddress(String(written)) else {
            throw PolicySyntaxError(text, at: 0, "no IP address; write 10.0.0.0/8, 2001:db8::/32 or a single address")
        }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(first: address.unmapped, prefixLength: address.unmapped.bytes.count * 8)
            return
        }
        let digits = parts[1]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(digits),
            (0...bits).contains(length)
        else {
            throw PolicySyntaxError(
                text,
                at: written.count + 1,
                "the prefix length of an IPv\(bits == 32 ? 4 : 6) range is a number from 0 to \(bits)"
            )
        }
        guard address.unmapped == address else {
            throw PolicySyntaxError(text, at: 0, "write an IPv4 range as such: \(address.unmapped)/24 for example")
        }
        let network = address.masked(to: length)
        guard network == address else {
            throw PolicySyntaxError(
                text,
                at: 0,
                "the address has bits set behind the prefix; the range it lies in is \(network)/\(length)"
            )
        }
        self.init(first: address, prefixLength: length)
    }

    private init(first: IPAddress, prefixLength: Int) {
        self.first = first
        self.prefixLength = prefixLength
    }

    /// Reads a range as name constraints have it: an address and a mask of the same length (RFC 5280 §4.2.1.10).
    ///
    /// - Returns: nil where the octets are none, or the mask has gaps.
    init?(constraint octets: [UInt8]) {
        let half = octets.count / 2
        guard octets.count == half * 2, let address = IPAddress(bytes: Array(octets.prefix(half))) else { return nil }
        let mask = octets.suffix(half)
        let ones = mask.prefix { $0 == 0xff }
        let length = ones.count * 8 + (mask.dropFirst(ones.count).first.map { (~$0).leadingZeroBitCount } ?? 0)
        guard Array(mask) == Self.mask(of: length, count: half) else { return nil }
        self.init(first: address.masked(to: length), prefixLength: length)
    }

    /// The address and the mask, as name constraints have them.
    var constraint: [UInt8] {
        self.first.bytes + Self.mask(of: self.prefixLength, count: self.first.bytes.count)
    }

    private static func mask(of length: Int, count: Int) -> [UInt8] {
        (0..<count).map { index in
            let kept = min(max(length - index * 8, 0), 8)
            return kept == 0 ? 0 : 0xff << UInt8(8 - kept)
        }
    }

    /// Whether an address is in the range as verifiers of certificates compare: of the same family, bit for bit.
    func holds(_ address: IPAddress) -> Bool {
        address.bytes.count == self.first.bytes.count && address.masked(to: self.prefixLength) == self.first
    }

    /// Whether an address lies in the range; an IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) counts as itself.
    public func contains(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return address.bytes.count == self.first.bytes.count && address.masked(to: self.prefixLength) == self.first
    }

    /// Whether ranges together hold every address of IPv4, or every one of IPv6.
    public static func areEverybody(_ ranges: [AddressRange]) -> Bool {
        [4, 16].contains { length in
            Self.cover(ranges.filter { $0.first.bytes.count == length }, from: 0)
        }
    }

    /// Whether ranges hold every address that has the same leading bits, which all of these ranges have.
    private static func cover(_ ranges: [AddressRange], from depth: Int) -> Bool {
        guard !ranges.contains(where: { $0.prefixLength == depth }) else { return true }
        // Each step leaves at least one range on either side, or ends, so it goes no deeper than an address has bits.
        let (ones, zeros) = ranges.reduce(into: ([AddressRange](), [AddressRange]())) { halves, range in
            let isOne = range.first.bytes[depth / 8] & (0x80 >> UInt8(depth % 8)) != 0
            if isOne { halves.0.append(range) } else { halves.1.append(range) }
        }
        guard !ones.isEmpty, !zeros.isEmpty else { return false }
        return Self.cover(ones, from: depth + 1) && Self.cover(zeros, from: depth + 1)
    }
}

extension AddressRange {
    /// The range as it is written; a single address without a prefix length.
    public var description: String {
        self.prefixLength == self.first.bytes.count * 8 ? "\(self.first)" : "\(self.first)/\(self.prefixLength)"
    }
}

extension IPAddress {
    /// The IPv4 address where this is one that is mapped into IPv6 (RFC 4291 §2.5.5.2), otherwise the same address.
    ///
    /// A listener for both kinds sees IPv4 clients so.
    public var unmapped: IPAddress {
        guard self.bytes.count == 16, self.bytes.prefix(10).allSatisfy({ $0 == 0 }), self.bytes[10] == 0xff,
            self.bytes[11] == 0xff
        else { return self }
        return IPAddress(bytes: Array(self.bytes.suffix(4))) ?? self
    }

    /// The address with all bits behind a prefix set to zero.
    func masked(to length: Int) -> IPAddress {
        let bytes = self.bytes.enumerated().map { index, byte in
            let kept = min(max(length - index * 8, 0), 8)
            return kept == 0 ? 0 : byte & (0xff << UInt8(8 - kept))
        }
        return IPAddress(bytes: bytes) ?? self
    }
}
