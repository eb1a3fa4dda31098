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
public struct AlternativeName: Hashable, Sendable, CustomStringConvertible {
    /// The kinds that rules tell apart, as they are written.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The name of a host: dNSName.
        case dns = "DNS"
        /// A mail address: rfc822Name.
        case email
        /// A uniformResourceIdentifier.
        case uri = "URI"
        /// An iPAddress.
        case ip = "IP"
        /// The name of a user in a Windows domain: an otherName of Microsoft's type.
        case userPrincipalName = "UPN"
        /// Everything else.
        case other
    }

    private enum Form: Hashable, Sendable {
        /// A Name, prepared.
        case directoryName(PreparedName)
        /// Anything else, encoded, without the case of host names.
        case encoded([UInt8])
    }

    private let form: Form
    /// The name as it was received.
    let encoded: [UInt8]
    /// The kind.
    public let kind: Kind
    /// The name without its kind; nil where it is no text, or has characters that cannot be seen or are taken for
    /// others, so that no rule may match it.
    ///
    /// It is ASCII without white space for hosts, mail addresses and URIs.
    public let text: String?
    /// The name as people read it, with its kind as OpenSSL writes it.
    public let description: String

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
            self.kind = Self.kind(identifier.tagNumber)
            self.text = Self.text(of: octets, kind: self.kind)
            self.description = Self.description(of: octets, kind: identifier.tagNumber)
        case .constructed(let nodes):
            if identifier == .context(4), let inner = nodes.first(where: { _ in true }) {
                self.form = .directoryName(PreparedName(try ParsedName(node: inner)))
                self.kind = .other
                self.text = nil
                self.description = "directory name:\(ReadableText.name(inner.bytes))"
            } else if identifier == .context(0),
                let principal = OtherNameText(nodes, type: OtherNameText.userPrincipalName)
            {
                self.form = .encoded(node.bytes)
                self.kind = .userPrincipalName
                self.text = principal.text.flatMap { UnambiguousText.isUnambiguous($0) ? $0 : nil }
                self.description =
                    "UPN:\(principal.text.map(ReadableText.line) ?? ReadableText.hexadecimal(node.encodedBytes))"
            } else {
                self.form = .encoded(node.bytes)
                self.kind = Self.kind(identifier.tagNumber)
                self.text = nil
                self.description = "\(Self.label(identifier.tagNumber)) \(ReadableText.hexadecimal(node.encodedBytes))"
            }
        }
    }

    /// Whether two names are the same by the rules of their kind.
    public static func == (one: AlternativeName, other: AlternativeName) -> Bool { one.form == other.form }

    /// Feeds what is equal in equal names.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.form) }

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

    private static func kind(_ number: UInt) -> Kind {
        switch number {
        case 1: .email
        case 2: .dns
        case 6: .uri
        case 7: .ip
        default: .other
        }
    }

    private static func text(of octets: ArraySlice<UInt8>, kind: Kind) -> String? {
        switch kind {
        case .email, .dns, .uri:
            octets.allSatisfy { (0x21...0x7e).contains($0) } ? String(decoding: octets, as: UTF8.self) : nil
        case .ip: IPAddress(bytes: Array(octets))?.description
        case .userPrincipalName, .other: nil
        }
    }

    private static func label(_ number: UInt) -> String {
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
        return "\(Self.label(kind)):\(value ?? ReadableText.hexadecimal(octets))"
    }

    private static func objectIdentifier(_ octets: ArraySlice<UInt8>) -> ASN1ObjectIdentifier? {
        let encoded = DERWriter.encode { coder in
            coder.append(.objectIdentifier, octets)
        }
        return try? decodeBER(encoded[...], as: "registeredID") { try ASN1ObjectIdentifier(berEncoded: $0) }
    }
}
