import CryptographicMessageSyntax
import SwiftASN1

/// A part of the names of one kind, by which a CA is constrained.
///
/// ```
/// GeneralSubtree ::= SEQUENCE {
///     base     GeneralName,
///     minimum  [0] BaseDistance DEFAULT 0,
///     maximum  [1] BaseDistance OPTIONAL }
/// ```
/// RFC 5280 §4.2.1.10. It is written as a kind, a colon and where the part begins:
///
/// - `DNS:example.com`: this host and all below it; `DNS:` alone is every host.
/// - `email:example.com`: the mailboxes at this host; `email:.example.com` those at hosts below it;
///   `email:anna@example.com` this one.
/// - `URI:example.com`: URIs at this host; `URI:.example.com` those at hosts below it.
/// - `IP:10.0.0.0/8`: an ``AddressRange``.
/// - `dir:O=Example, C=DE`: Names that begin with these RDNs, in this order (``DirectoryName``).
public struct NameSubtree: PolicyNotation {
    enum Form: Hashable, Sendable {
        case dns(String)
        case email(String)
        case uri(String)
        case addresses(AddressRange)
        case directory(DirectoryName)
    }

    let form: Form

    init(_ form: Form) {
        self.form = form
    }

    /// Reads a subtree.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError`` that says where it is wrong.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = parts.first?.lowercased(), parts.count == 2 else { throw Self.withoutKind(text) }
        let base = String(parts[1])
        do throws(PolicySyntaxError) {
            switch kind {
            case "dns": self.form = .dns(base.isEmpty ? base : try Self.host(base, isDomainAllowed: false))
            case "email": self.form = .email(try Self.mailbox(base))
            case "uri": self.form = .uri(try Self.host(base, isDomainAllowed: true))
            case "ip": self.form = .addresses(try AddressRange(parsing: base))
            case "dir": self.form = .directory(try DirectoryName(parsing: base))
            default: throw Self.withoutKind(text)
            }
        } catch {
            throw error.text == text ? error : error.moved(into: text, by: parts[0].count + 1)
        }
    }

    private static func withoutKind(_ text: String) -> PolicySyntaxError {
        PolicySyntaxError(
            text,
            at: 0,
            "the kind of name is missing; write DNS:example.com, email:example.com, URI:.example.com, IP:10.0.0.0/8 or "
                + "dir:O=Example"
        )
    }

    private static func mailbox(_ text: String) throws(PolicySyntaxError) -> String {
        guard let sign = text.firstIndex(of: "@") else { return try Self.host(text, isDomainAllowed: true) }
        let offset = text.distance(from: text.startIndex, to: sign)
        let local = text[..<sign]
        guard !local.isEmpty, OctetSet.mailbox.containsAll(of: local) else {
            throw PolicySyntaxError(text, at: 0, "what stands before the @ is no mailbox without quotes")
        }
        let domain = String(text[text.index(after: sign)...])
        do throws(PolicySyntaxError) {
            return "\(local)@\(try Self.host(domain, isDomainAllowed: false))"
        } catch {
            throw error.moved(into: text, by: offset + 1)
        }
    }

    private static func host(_ text: String, isDomainAllowed: Bool) throws(PolicySyntaxError) -> String {
        let isDomain = text.hasPrefix(".")
        guard !isDomain || isDomainAllowed else {
            throw PolicySyntaxError(
                text, at: 0, "no dot in front: write example.com, which includes all hosts below it")
        }
        let labels = text.dropFirst(isDomain ? 1 : 0).utf8
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard OctetSet.label.containsAll(of: text.filter { $0 != "." }),
            labels.allSatisfy({ (1...63).contains($0.count) }),
            text.utf8.count <= 253
        else {
            throw PolicySyntaxError(
                text,
                at: 0,
                "no name of a host; write letters, digits, hyphens and dots, and others in their xn-- form"
            )
        }
        return text.lowercased()
    }

    /// The subtree as it is written.
    public var description: String {
        switch self.form {
        case .dns(let base): "DNS:\(base)"
        case .email(let base): "email:\(base)"
        case .uri(let base): "URI:\(base)"
        case .addresses(let range): "IP:\(range)"
        case .directory(let name): "dir:\(name)"
        }
    }
}

extension NameSubtree {
    /// The kind of GeneralName.
    var kind: GeneralNameKind {
        switch self.form {
        case .dns: .dns
        case .email: .email
        case .uri: .uri
        case .addresses: .ip
        case .directory: .directory
        }
    }

    /// Reads the base of a subtree in a certificate; nil where nothing can be compared with it.
    init?(base node: ASN1Node) throws(CMSError) {
        switch (GeneralNameKind(rawValue: node.identifier.tagNumber), node.content) {
        case (.email, .primitive(let octets)): self.form = .email(try Self.text(octets))
        case (.dns, .primitive(let octets)): self.form = .dns(try Self.text(octets))
        case (.uri, .primitive(let octets)): self.form = .uri(try Self.text(octets))
        case (.ip, .primitive(let octets)):
            guard let range = AddressRange(constraint: Array(octets)) else { return nil }
            self.form = .addresses(range)
        case (.directory, .constructed(let nodes)):
            guard let name = nodes.first(where: { _ in true }) else {
                throw CMSError(.malformed, "a directoryName without a Name")
            }
            self.form = .directory(try DirectoryName(encoded: name.bytes))
        default: return nil
        }
    }

    private static func text(_ octets: ArraySlice<UInt8>) throws(CMSError) -> String {
        guard octets.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw CMSError(.malformed, "a base of name constraints is no visible ASCII")
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Writes the subtree.
    func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            switch self.form {
            case .email(let base): coder.append(.primitive(1), base.utf8)
            case .dns(let base): coder.append(.primitive(2), base.utf8)
            case .uri(let base): coder.append(.primitive(6), base.utf8)
            case .addresses(let range): coder.append(.primitive(7), range.constraint)
            case .directory(let name): coder.appendConstructed(.context(4)) { $0.append(encoded: name.encoded) }
            }
        }
    }
}
