/// What sort of text a pattern is compared with: what such a text can be at all, and what a wildcard may stand for in it.
///
/// A text that is not well-formed never matches, so that no pattern has to think of `a@evil.example@example.com`, of
/// `"a@evil.example"@example.com`, or of `https://example.com/devices/../admin`.
package enum NameStyle: Hashable, Sendable {
    /// Any text.
    case text
    /// The name of a host.
    case host
    /// A mail address without quotes, comments or address literals; `*` does not stand for the @ either.
    case mailbox
    /// The name of a user and a domain, which may have letters of any script; `*` does not stand for the @ either.
    case principal
    /// A URI. `*` does not stand for any of `/ ? # @ : % [ ]` either, and in the authority (RFC 3986 §3.2) `**` does not
    /// either, so that what a pattern says about the host is about the host. `https://**` alone is every https URI.
    case uri

    /// What is wrong with a pattern, and the number of characters before it.
    struct Flaw {
        var offset: Int
        var reason: String
    }

    /// Whether a text can match any pattern.
    func isWellFormed(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .host: Self.isHost(text[...])
        case .mailbox:
            Self.halves(of: text).map { mailbox, domain in
                OctetSet.mailbox.containsAll(of: mailbox) && Self.hasNoEmptyLabel(mailbox) && Self.isHost(domain)
            } ?? false
        case .principal:
            Self.halves(of: text).map { user, domain in
                !user.isEmpty && !domain.isEmpty && text.unicodeScalars.allSatisfy(Self.isPrincipal)
            } ?? false
        case .uri: OctetSet.uri.containsAll(of: text) && !Self.hasDotSegment(text)
        }
    }

    private static func isHost(_ text: Substring) -> Bool {
        OctetSet.host.containsAll(of: text) && self.hasNoEmptyLabel(text)
    }

    private static func hasNoEmptyLabel(_ text: Substring) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    /// What stands before and behind the one @; nil where there is none or a second one.
    private static func halves(of text: String) -> (Substring, Substring)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 ? (Substring(parts[0]), Substring(parts[1])) : nil
    }

    private static func isPrincipal(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && !"\"\\/,;:<>()[]|".unicodeScalars.contains(scalar)
    }

    /// Whether a path goes through `.` or `..`, which are taken out before it is used (RFC 3986 §5.2.4).
    private static func hasDotSegment(_ text: String) -> Bool {
        text.prefix { $0 != "?" && $0 != "#" }.lowercased().replacing("%2e", with: ".")
            .split(separator: "/").contains { $0 == "." || $0 == ".." }
    }
}

extension NameStyle {
    /// The characters for which a wildcard of a pattern does not stand.
    func characters(uncrossedBy index: Int, in tokens: [PatternToken]) -> OctetSet {
        let isOne = tokens[index].kind == .one
        switch self {
        case .text, .host: return OctetSet(isOne ? ".*" : "*")
        case .mailbox, .principal: return OctetSet(isOne ? ".@*" : "*")
        case .uri:
            if isOne { return OctetSet(".*/?#@:%[]") }
            let authority = Self.authority(of: tokens)
            guard authority.contains(index), authority != index..<tokens.endIndex else { return OctetSet("*") }
            return OctetSet("*/?#@:%[]")
        }
    }

    /// Where the authority of a URI pattern is.
    private static func authority(of tokens: [PatternToken]) -> Range<Int> {
        let literals = tokens.map { token -> Character? in
            if case .literal(let character) = token.kind { character } else { nil }
        }
        guard let colon = literals.firstIndex(of: ":"), literals[colon...].starts(with: [":", "/", "/"]) else {
            return 0..<0
        }
        let start = colon + 3
        let end = literals[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? literals.endIndex
        return start..<end
    }

    /// What keeps a pattern from ever matching, or from meaning what it seems to; nil where nothing does.
    func flaw(in tokens: [PatternToken]) -> Flaw? {
        switch self {
        case .text: nil
        case .host:
            Self.firstLiteral(outside: .host, in: tokens[...]).map {
                Flaw(
                    offset: $0,
                    reason: "no character of a host name; write letters, digits, hyphens and dots, and others in "
                        + "their xn-- form"
                )
            }
        case .mailbox, .principal: tokens.map(\.kind) == [.many] ? nil : self.flaw(inAddress: tokens)
        case .uri: tokens.map(\.kind) == [.many] ? nil : Self.flaw(inURI: tokens)
        }
    }

    private func flaw(inAddress tokens: [PatternToken]) -> Flaw? {
        let signs = tokens.indices.filter { tokens[$0].kind == .literal("@") }
        guard let sign = signs.first, signs.count == 1, sign > 0, sign < tokens.count - 1 else {
            return Flaw(
                offset: tokens[signs.count > 1 ? signs[1] : signs.first ?? 0].offset,
                reason: "an address has one @ with something on either side; write **@example.com, or ** for all"
            )
        }
        guard self == .mailbox else {
            return tokens.first { token in
                guard case .literal(let character) = token.kind else { return false }
                return !character.unicodeScalars.allSatisfy(Self.isPrincipal)
            }.map { Flaw(offset: $0.offset, reason: "no character of a user principal name") }
        }
        let wrong =
            Self.firstLiteral(outside: .mailbox, in: tokens[..<sign])
            ?? Self.firstLiteral(outside: .host, in: tokens[(sign + 1)...])
        return wrong.map {
            Flaw(
                offset: $0,
                reason: "no character of a mail address without quotes; write a domain in its xn-- form"
            )
        }
    }

    private static func flaw(inURI tokens: [PatternToken]) -> Flaw? {
        let scheme = tokens.prefix { token in
            guard case .literal(let character) = token.kind else { return false }
            return character != ":" && (OctetSet.letters + .digits + OctetSet("+-.")).containsAll(of: String(character))
        }
        guard let colon = tokens.dropFirst(scheme.count).first, colon.kind == .literal(":"), !scheme.isEmpty else {
            let offset = tokens.dropFirst(scheme.count).first?.offset ?? 0
            return Flaw(
                offset: offset, reason: "a URI begins with its scheme; write https://example.com/**, or ** for all")
        }
        return Self.firstLiteral(outside: .uri, in: tokens[...]).map {
            Flaw(offset: $0, reason: "no character of a URI; write it as % and two hexadecimal digits")
        }
    }

    private static func firstLiteral(outside set: OctetSet, in tokens: ArraySlice<PatternToken>) -> Int? {
        tokens.first { token in
            guard case .literal(let character) = token.kind else { return false }
            return !set.containsAll(of: String(character))
        }?.offset
    }
}
