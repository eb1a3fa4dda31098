package import SwiftASN1

/// Something of ours that is written as DER.
package protocol DEREncodable {
    /// Writes it.
    func serialize(into coder: inout DERWriter)
}

/// Writes DER into one buffer (X.690 §10).
///
/// The length of an element is written when its content is there, which moves where that takes more than one octet. SwiftASN1's
/// serializer moves it octet by octet, which in a message of kilobytes nested six deep takes longer than everything else about
/// encoding.
package struct DERWriter {
    /// What is written so far.
    package private(set) var serializedBytes: [UInt8] = []

    /// Makes a writer that has written nothing.
    package init() {}

    /// The DER that a closure writes.
    package static func encode(_ write: (inout DERWriter) throws -> Void) rethrows -> [UInt8] {
        var coder = DERWriter()
        try write(&coder)
        return coder.serializedBytes
    }

    /// Writes what is encoded already.
    package mutating func append(encoded bytes: [UInt8]) {
        self.serializedBytes.append(contentsOf: bytes)
    }

    /// Writes a primitive element.
    package mutating func append(_ tag: DERTag, _ octets: some Collection<UInt8>) {
        self.serializedBytes.append(tag.octet)
        self.append(length: octets.count)
        self.serializedBytes.append(contentsOf: octets)
    }

    /// Writes an OCTET STRING.
    package mutating func appendOctetString(_ octets: [UInt8]) { self.append(.octetString, octets) }

    /// Writes a BIT STRING of whole octets.
    package mutating func appendBitString(_ octets: [UInt8]) {
        self.serializedBytes.append(DERTag.bitString.octet)
        self.append(length: octets.count + 1)
        self.serializedBytes.append(0)
        self.serializedBytes.append(contentsOf: octets)
    }

    /// Writes a constructed element.
    package mutating func appendConstructed(_ tag: DERTag, _ write: (inout DERWriter) throws -> Void) rethrows {
        self.serializedBytes.append(tag.octet)
        // Room for the length, as long as it takes one octet.
        self.serializedBytes.append(0)
        let start = self.serializedBytes.count
        try write(&self)
        let length = self.serializedBytes.count - start
        guard length >= 0x80 else {
            self.serializedBytes[start - 1] = UInt8(truncatingIfNeeded: length)
            return
        }
        let count = Self.octetCount(of: length)
        self.serializedBytes[start - 1] = 0x80 | UInt8(count)
        self.serializedBytes.insert(contentsOf: repeatElement(0, count: count), at: start)
        for index in 0..<count {
            self.serializedBytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * (count - 1 - index)))
        }
    }

    /// Writes a SEQUENCE OF.
    package mutating func serializeSequenceOf(_ elements: some Sequence<some DEREncodable>) {
        self.appendConstructed(.sequence) { coder in
            for element in elements { coder.serialize(element) }
        }
    }

    /// Writes a SEQUENCE OF values that are not ours.
    ///
    /// - Throws: What an element throws.
    package mutating func serializeSequenceOf(_ elements: some Sequence<some DERSerializable>) throws {
        try self.appendConstructed(.sequence) { coder in
            for element in elements { try coder.serialize(element) }
        }
    }

    /// Writes a SET OF, its elements sorted (X.690 §11.6).
    package mutating func appendSetOf(_ elements: some Sequence<some DEREncodable>, tag: DERTag = .set) {
        self.appendSetOf(encoded: elements.map { element in Self.encode { $0.serialize(element) } }, tag: tag)
    }

    /// Writes a SET OF elements that are encoded already, sorted (X.690 §11.6).
    package mutating func appendSetOf(encoded elements: [[UInt8]], tag: DERTag = .set) {
        let sorted = elements.count < 2 ? elements : elements.sorted { $0.lexicographicallyPrecedes($1) }
        self.appendConstructed(tag) { coder in
            for element in sorted { coder.append(encoded: element) }
        }
    }

    /// Writes an OBJECT IDENTIFIER.
    package mutating func append(_ identifier: ASN1ObjectIdentifier) {
        var coder = DER.Serializer()
        // Nothing of an identifier that is there fails.
        try? coder.serialize(identifier)
        self.append(encoded: coder.serializedBytes)
    }

    /// Writes a value of ours.
    package mutating func serialize(_ value: some DEREncodable) { value.serialize(into: &self) }

    /// Writes an INTEGER, as short as can be (X.690 §8.3.2).
    package mutating func serialize(_ value: Int) {
        let magnitude = value < 0 ? ~value : value
        // With a bit for the sign.
        let count = (Int.bitWidth - magnitude.leadingZeroBitCount) / 8 + 1
        self.append(.integer, (0..<count).lazy.map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) })
    }

    /// Writes a value of SwiftASN1's or swift-certificates'.
    ///
    /// - Throws: What the value throws.
    package mutating func serialize(_ value: some DERSerializable) throws {
        var coder = DER.Serializer()
        try coder.serialize(value)
        self.append(encoded: coder.serializedBytes)
    }

    private mutating func append(length: Int) {
        guard length >= 0x80 else { return self.serializedBytes.append(UInt8(truncatingIfNeeded: length)) }
        let count = Self.octetCount(of: length)
        self.serializedBytes.append(0x80 | UInt8(count))
        for index in (0..<count).reversed() {
            self.serializedBytes.append(UInt8(truncatingIfNeeded: length >> (8 * index)))
        }
    }

    /// How many octets a length takes that is longer than one octet can say (X.690 §8.1.3.5).
    private static func octetCount(of length: Int) -> Int { (Int.bitWidth - length.leadingZeroBitCount + 7) / 8 }
}
