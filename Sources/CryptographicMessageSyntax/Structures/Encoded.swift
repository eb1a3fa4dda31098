package import SwiftASN1

/// Something that is encoded already and is written as it is.
package struct Encoded: DERSerializable, Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package func serialize(into coder: inout DER.Serializer) {
        coder.serializeRawBytes(self.bytes)
    }
}

extension DER.Serializer {
    /// Writes an OCTET STRING, or one that is implicitly tagged.
    package mutating func appendOctetString(_ bytes: [UInt8], tag: DERTag = .octetString) {
        self.serializeRawBytes(tag.header(length: bytes.count))
        self.serializeRawBytes(bytes)
    }

    /// Writes a constructed element.
    ///
    /// The content is written on its own and copied once. SwiftASN1's `appendConstructedNode` writes in place and
    /// moves the content byte by byte when its length is known, which in a message of kilobytes nested six deep takes
    /// longer than everything else about encoding.
    package mutating func appendConstructed(
        _ tag: DERTag,
        _ write: (inout DER.Serializer) throws -> Void
    ) rethrows {
        var inner = DER.Serializer()
        try write(&inner)
        let content = inner.serializedBytes
        self.serializeRawBytes(tag.header(length: content.count))
        self.serializeRawBytes(content)
    }

    /// Writes a SET OF, its elements sorted (X.690 §11.6).
    package mutating func appendSetOf(_ elements: some Sequence<some DERSerializable>, tag: DERTag = .set) throws {
        let encoded = try elements.map { element in
            try Self.encode { try $0.serialize(element) }
        }
        self.appendConstructed(tag) { coder in
            for element in encoded.sorted(by: { $0.lexicographicallyPrecedes($1) }) { coder.serializeRawBytes(element) }
        }
    }

    /// The DER that a closure writes.
    package static func encode(_ write: (inout DER.Serializer) throws -> Void) rethrows -> [UInt8] {
        var coder = DER.Serializer()
        try write(&coder)
        return coder.serializedBytes
    }
}

/// The identifier octet of an element, for tag numbers up to 30 (X.690 §8.1.2).
package struct DERTag: Sendable {
    private let octet: UInt8

    package static let octetString = DERTag(octet: 0x04)
    package static let sequence = DERTag(octet: 0x30)
    package static let set = DERTag(octet: 0x31)

    /// A context-specific tag of a constructed element.
    package static func context(_ number: UInt8) -> DERTag { DERTag(octet: 0xa0 | number) }

    /// A context-specific tag of a primitive element.
    package static func primitive(_ number: UInt8) -> DERTag { DERTag(octet: 0x80 | number) }

    /// Identifier and length octets (X.690 §8.1.3).
    func header(length: Int) -> DERHeader {
        let count: UInt8 =
            switch length {
            case ..<0x80: 0
            case ..<0x100: 1
            case ..<0x1_0000: 2
            case ..<0x100_0000: 3
            default: 4
            }
        var header = DERHeader(self.octet)
        header.append(count == 0 ? UInt8(truncatingIfNeeded: length) : 0x80 | count)
        for index in (0..<count).reversed() { header.append(UInt8(truncatingIfNeeded: length >> (8 * Int(index)))) }
        return header
    }
}

/// The up to six octets in front of an element's content, of which a message has a hundred: no memory is asked for.
struct DERHeader: Sequence, IteratorProtocol {
    /// The octets that are left, the next one lowest.
    private var octets: UInt64
    private var count = 1

    var underestimatedCount: Int { self.count }

    init(_ octet: UInt8) {
        self.octets = UInt64(octet)
    }

    mutating func append(_ octet: UInt8) {
        self.octets |= UInt64(octet) << (8 * UInt64(self.count))
        self.count += 1
    }

    mutating func next() -> UInt8? {
        guard self.count > 0 else { return nil }
        defer {
            self.octets >>= 8
            self.count -= 1
        }
        return UInt8(truncatingIfNeeded: self.octets)
    }
}
