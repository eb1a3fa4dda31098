import CryptographicMessageSyntax
import SwiftASN1

/// One of the names in subjectAltName.
///
/// ```
/// GeneralName ::= CHOICE {
///     otherName                  [0] OtherName,
///     rfc822Name                 [1] IA5String,
///     dNSName                    [2] IA5String,
///     x400Address                [3] ORAddress,
///     directoryName              [4] Name,
///     ediPartyName               [5] EDIPartyName,
///     uniformResourceIdentifier  [6] IA5String,
///     iPAddress                  [7] OCTET STRING,
///     registeredID               [8] OBJECT IDENTIFIER }
/// ```
/// RFC 5280 §4.2.1.6. Two are equal where RFC 5280 §7.2 to §7.5 has them the same.
struct AlternativeName: Hashable {
    private enum Form: Hashable {
        /// A Name, prepared.
        case directoryName(PreparedName)
        /// Anything else, encoded, without the case of host names.
        case encoded([UInt8])
    }

    private let form: Form
    /// The name as it was received.
    let encoded: [UInt8]
    /// The name as people read it, with its kind as OpenSSL writes it.
    let description: String

    /// Reads a name.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    init(node: ASN1Node) throws(CMSError) {
        let identifier = node.identifier
        guard identifier.tagClass == .contextSpecific, identifier.tagNumber <= 8 else {
            throw CMSError(.malformed, "a GeneralName has tag \(identifier)")
        }
        self.encoded = node.bytes
        switch node.content {
        case .primitive(let octets):
            self.form = .encoded([UInt8(identifier.tagNumber)] + Self.withoutCase(octets, kind: identifier.tagNumber))
            self.description = Self.description(of: octets, kind: identifier.tagNumber)
        case .constructed(let nodes):
            if identifier == .context(4), let inner = nodes.first(where: { _ in true }) {
                self.form = .directoryName(PreparedName(try ParsedName(node: inner)))
                self.description = "directory name \(ReadableText.name(inner.bytes))"
            } else {
                self.form = .encoded(node.bytes)
                self.description = "\(Self.kind(identifier.tagNumber)) \(ReadableText.hexadecimal(node.encodedBytes))"
            }
        }
    }

    static func == (one: AlternativeName, other: AlternativeName) -> Bool { one.form == other.form }

    func hash(into hasher: inout Hasher) { hasher.combine(self.form) }

    /// The octets with host names in small letters: they are compared without case, everything else with it.
    private static func withoutCase(_ octets: ArraySlice<UInt8>, kind: UInt) -> [UInt8] {
        switch kind {
        case 1:
            // RFC 5280 §7.5: the part before the last @ is the mailbox, whose case may matter.
            guard let at = octets.lastIndex(of: UInt8(ascii: "@")) else { return Array(octets) }
            return octets[..<at] + octets[at...].map(Self.small)
        case 2: return octets.map(Self.small)
        case 6: return Self.uniformResourceIdentifierWithoutCase(octets)
        default: return Array(octets)
        }
    }

    /// RFC 5280 §7.4: "case-insensitive exact match on the scheme and host, but assume that the remainder of the URI is
    /// case-sensitive".
    private static func uniformResourceIdentifierWithoutCase(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else { return Array(octets) }
        let scheme = octets[...colon].map(Self.small)
        let rest = octets[(colon + 1)...]
        guard rest.starts(with: "//".utf8) else { return scheme + rest }
        let authorityStart = rest.startIndex + 2
        let authorityEnd = rest[authorityStart...].firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        let authority = rest[authorityStart..<authorityEnd]
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? authorityStart
        return scheme + rest[..<host] + authority[host...].map(Self.small) + rest[authorityEnd...]
    }

    private static func small(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }

    private static func kind(_ number: UInt) -> String {
        switch number {
        case 0: "otherName"
        case 1: "email"
        case 2: "DNS"
        case 3: "x400Address"
        case 4: "directory name"
        case 5: "ediPartyName"
        case 6: "URI"
        case 7: "IP"
        default: "registered ID"
        }
    }

    private static func description(of octets: ArraySlice<UInt8>, kind: UInt) -> String {
        let value: String? =
            switch kind {
            case 1, 2, 6: ReadableText.ascii(octets)
            case 7: IPAddress(bytes: Array(octets))?.description
            case 8: Self.objectIdentifier(octets)?.description
            default: nil
            }
        return "\(Self.kind(kind)):\(value ?? ReadableText.hexadecimal(octets))"
    }

    private static func objectIdentifier(_ octets: ArraySlice<UInt8>) -> ASN1ObjectIdentifier? {
        let encoded = DER.Serializer.encode { coder in
            coder.appendPrimitiveNode(identifier: .objectIdentifier) { $0.append(contentsOf: octets) }
        }
        return try? decodeBER(encoded[...], as: "registeredID") { try ASN1ObjectIdentifier(berEncoded: $0) }
    }
}
