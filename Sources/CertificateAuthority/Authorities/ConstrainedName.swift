import CryptographicMessageSyntax
import SwiftASN1

/// A name of a certificate as name constraints look at it.
struct ConstrainedName {
    /// Its value, where it can be compared with anything.
    enum Value {
        /// Visible ASCII.
        case text(String)
        case address(IPAddress)
        case name(PreparedName)
        case unreadable
    }

    let kind: GeneralNameKind
    let value: Value
    /// The name as people read it.
    let description: String

    private init(_ kind: GeneralNameKind, _ value: Value, _ description: String) {
        self.kind = kind
        self.value = value
        self.description = description
    }

    /// Takes a SAN.
    init(_ name: AlternativeName) throws(CMSError) {
        let description = "the SAN \(name.description)"
        self = try decodeBER(name.encoded[...], as: "GeneralName") { node in
            guard let kind = GeneralNameKind(rawValue: node.identifier.tagNumber) else {
                throw CMSError(.malformed, "a GeneralName has tag \(node.identifier)")
            }
            switch (kind, node.content) {
            case (.email, .primitive(let octets)), (.dns, .primitive(let octets)), (.uri, .primitive(let octets)):
                return ConstrainedName(kind, Self.text(octets), description)
            case (.ip, .primitive(let octets)):
                let address = IPAddress(bytes: Array(octets))
                return ConstrainedName(kind, address.map { .address($0) } ?? .unreadable, description)
            case (.directory, .constructed(let nodes)):
                let name = try nodes.first { _ in true }.map { PreparedName(try ParsedName(node: $0)) }
                return ConstrainedName(kind, name.map { .name($0) } ?? .unreadable, description)
            default:
                return ConstrainedName(kind, .unreadable, description)
            }
        }
    }

    /// The mail address beyond ASCII that an otherName is (RFC 9598); nil where it is another one.
    ///
    /// Constraints of mail addresses hold for it too (RFC 9598 §6): otherwise it would be a way round them.
    static func mailbox(in name: AlternativeName) throws(CMSError) -> ConstrainedName? {
        try decodeBER(name.encoded[...], as: "GeneralName") { node in
            guard node.identifier == .context(0), case .constructed(let nodes) = node.content,
                let mailbox = OtherNameText(nodes, type: OtherNameText.internationalMailbox)
            else { return nil }
            // Hosts are compared as ASCII, so one that is written otherwise cannot be.
            let host = mailbox.text?.split(separator: "@", omittingEmptySubsequences: false).last
            let isComparable = host?.utf8.allSatisfy { (0x21...0x7e).contains($0) } ?? false
            let value = mailbox.text.flatMap { isComparable ? Value.text($0) : nil }
            return ConstrainedName(.email, value ?? .unreadable, "the SAN \(name.description)")
        }
    }

    private static func text(_ octets: ArraySlice<UInt8>) -> Value {
        octets.allSatisfy { (0x21...0x7e).contains($0) } ? .text(String(decoding: octets, as: UTF8.self)) : .unreadable
    }

    /// What of a subject is constrained: the Name itself, its mail addresses, and, where no SAN names a host, what in its
    /// CN is taken for one.
    ///
    /// RFC 5280 §4.2.1.10 has the mail addresses; OpenSSL and others look at the CN.
    static func all(in subject: [UInt8], hasHosts: Bool) throws(CMSError) -> [ConstrainedName] {
        let parsed = try ParsedName(encoded: subject)
        guard !parsed.relativeNames.isEmpty else { return [] }
        let readable = "the subject \(ReadableText.name(subject))"
        var names = [ConstrainedName(.directory, .name(PreparedName(parsed)), readable)]
        for attribute in parsed.relativeNames.joined() {
            guard let type = try? ASN1ObjectIdentifier(berEncoded: attribute.type) else { continue }
            let text = DirectoryString.text(of: attribute.value)
            switch AttributeTypeName.name(of: type) {
            case "E":
                let value = text.map { Self.text(Array($0.utf8)[...]) } ?? .unreadable
                names.append(ConstrainedName(.email, value, "the mail address in \(readable)"))
            case "CN":
                guard !hasHosts, let text, Self.looksLikeHost(text) else { continue }
                names.append(ConstrainedName(.dns, .text(text), "the CN in \(readable), which is taken for a host,"))
            default: continue
            }
        }
        return names
    }

    /// Whether a text has at least two labels, and nothing that no host name has.
    private static func looksLikeHost(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count > 1 && labels.allSatisfy { !$0.isEmpty } && OctetSet.host.containsAll(of: text)
    }
}

extension NameSubtree {
    /// Whether a name is in the subtree; nil where it cannot be compared.
    ///
    /// - Parameters:
    ///   - name: A name of the same kind.
    ///   - isExclusion: Whether the subtree is excluded: then a name for many hosts is in it already where it stands for one
    ///     that is.
    /// - Returns: Whether it is.
    func contains(_ name: ConstrainedName, isExclusion: Bool) -> Bool? {
        switch (self.form, name.value) {
        case (.dns(let base), .text(let host)): Self.isHost(host, in: base, isExclusion: isExclusion)
        case (.email(let base), .text(let mailbox)): Self.isMailbox(mailbox, in: base, isExclusion: isExclusion)
        case (.uri(let base), .text(let uri)): Self.host(of: uri).map { Self.isHost($0, inDomain: base) }
        case (.addresses(let range), .address(let address)):
            // Mapped into IPv6 an excluded address is still the same host's.
            range.holds(address) || isExclusion && range.contains(address)
        case (.directory(let base), .name(let name)):
            (try? ParsedName(encoded: base.encoded)).map { PreparedName($0).isPrefix(of: name) }
        default: nil
        }
    }

    /// A host as it is compared: in small letters, without the dot at the end that stands for the root of all names.
    private static func comparable(_ host: some StringProtocol) -> String {
        let host = host.lowercased()
        return host.hasSuffix(".") ? String(host.dropLast()) : host
    }

    /// Whether a host is the base or below it.
    ///
    /// "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name
    /// satisfies the name constraint" (RFC 5280 §4.2.1.10).
    private static func isHost(_ host: String, in base: String, isExclusion: Bool) -> Bool {
        let base = Self.comparable(base)
        let host = Self.comparable(host)
        if base.isEmpty || host == base { return true }
        if host.hasSuffix(base.hasPrefix(".") ? base : ".\(base)") { return true }
        guard isExclusion, let wildcard = host.lastIndex(of: "*") else { return false }
        // Of the hosts for which it stands only what is behind the label with the wildcard is known.
        let known = host[wildcard...].drop { $0 != "." }
        return known.isEmpty || base.hasSuffix(known)
    }

    /// Whether a mailbox is the base, or at a host that the base is or has below it; nil where that cannot be said.
    private static func isMailbox(_ mailbox: String, in base: String, isExclusion: Bool) -> Bool? {
        guard let sign = mailbox.lastIndex(of: "@") else { return nil }
        let host = String(mailbox[mailbox.index(after: sign)...])
        guard let baseSign = base.lastIndex(of: "@") else { return Self.isHost(host, inDomain: base) }
        guard Self.comparable(host) == Self.comparable(base[base.index(after: baseSign)...]) else { return false }
        let local = mailbox[..<sign]
        let baseLocal = base[..<baseSign]
        guard isExclusion else { return local == baseLocal }
        // Quoted it is the same mailbox in other letters, and most hosts do not look at case.
        guard !local.contains("\""), !local.contains("\\") else { return nil }
        return local.lowercased() == baseLocal.lowercased()
    }

    /// Whether a host is the base, or below it where the base begins with a dot.
    ///
    /// "When the constraint begins with a period, it MAY be expanded with one or more labels. … When the constraint does
    /// not begin with a period, it specifies a host" (RFC 5280 §4.2.1.10).
    private static func isHost(_ host: String, inDomain base: String) -> Bool {
        let base = Self.comparable(base)
        let host = Self.comparable(host)
        return base.hasPrefix(".") ? host.count > base.count && host.hasSuffix(base) : host == base
    }

    /// The host of a URI; nil where it has none, or an address, which no constraint is about.
    private static func host(of uri: String) -> String? {
        guard let colon = uri.firstIndex(of: ":"), uri[colon...].hasPrefix("://") else { return nil }
        let authority = uri[colon...].dropFirst(3).prefix { !"/?#".contains($0) }
        // For browsers a backslash is a slash, for RFC 3986 it is nothing: two hosts in one URI.
        guard !authority.contains("\\") else { return nil }
        let behindUser = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let host = String(behindUser.prefix { $0 != ":" })
        guard OctetSet.label.containsAll(of: host.filter { $0 != "." }), IPAddress(host) == nil, !host.isEmpty else {
            return nil
        }
        return host
    }
}
