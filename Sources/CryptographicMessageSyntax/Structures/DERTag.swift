/// The identifier octet of an element, for tag numbers up to 30 (X.690 §8.1.2).
package struct DERTag: Hashable, Sendable {
    let octet: UInt8

    package static let boolean = DERTag(octet: 0x01)
    package static let integer = DERTag(octet: 0x02)
    package static let bitString = DERTag(octet: 0x03)
    package static let octetString = DERTag(octet: 0x04)
    package static let objectIdentifier = DERTag(octet: 0x06)
    package static let utf8String = DERTag(octet: 0x0c)
    package static let printableString = DERTag(octet: 0x13)
    package static let ia5String = DERTag(octet: 0x16)
    package static let sequence = DERTag(octet: 0x30)
    package static let set = DERTag(octet: 0x31)

    /// A context-specific tag of a constructed element.
    package static func context(_ number: UInt8) -> DERTag { DERTag(octet: 0xa0 | number) }

    /// A context-specific tag of a primitive element.
    package static func primitive(_ number: UInt8) -> DERTag { DERTag(octet: 0x80 | number) }
}
