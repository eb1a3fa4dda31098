/// A pattern for the value of a name.
///
/// `*` stands for one or more characters, but never for a dot. `**` stands for one or more of any character. A backslash
/// before `*`, `\`, `,`, `=` or `+` makes it an ordinary character. Neither wildcard stands for an asterisk: whoever may
/// have a name under `*.example.com` may not have the certificate for all of them, unless the pattern says
/// `\*.example.com`. Case and the amount of white space do not count (``PreparedText``).
package struct NamePattern: Hashable, Sendable, CustomStringConvertible {
    /// How many characters a pattern can have.
    package static let maximumLength = 500

    private enum Element: Hashable, Sendable {
        case octet(UInt8)
        /// One or more, but none of these.
        case some(except: OctetSet)
    }

    private let elements: [Element]
    /// The pattern as it was written.
    package let description: String

    /// Reads a pattern.
    ///
    /// - Parameters:
    ///   - text: What somebody wrote.
    ///   - style: What it is to be compared with.
    /// - Throws: ``PolicySyntaxError``.
    package init(parsing text: String, as style: NameStyle = .text) throws(PolicySyntaxError) {
        let tokens = try PatternToken.all(in: text)
        if let flaw = style.flaw(in: tokens) { throw PolicySyntaxError(text, at: flaw.offset, flaw.reason) }
        self.description = text
        self.elements = try Self.elements(tokens, style, text)
    }

    /// Prepares a pattern as a whole, for what a space or an accent becomes depends on its neighbours.
    ///
    /// Meanwhile a private character, which a pattern cannot have, is in the places of the wildcards.
    private static func elements(
        _ tokens: [PatternToken],
        _ style: NameStyle,
        _ text: String
    ) throws(PolicySyntaxError) -> [Element] {
        let sentinel: Unicode.Scalar = "\u{e000}"
        var plain = String.UnicodeScalarView()
        var wildcards: [Element] = []
        for (index, token) in tokens.enumerated() {
            if case .literal(let character) = token.kind {
                plain.append(contentsOf: character.unicodeScalars)
            } else {
                plain.append(sentinel)
                wildcards.append(.some(except: style.characters(uncrossedBy: index, in: tokens)))
            }
        }
        guard let prepared = StringPreparation.prepared(String(plain)), !prepared.isEmpty else {
            throw PolicySyntaxError(text, at: 0, "there is nothing but white space; write ** for any value")
        }
        var remaining = wildcards[...]
        return prepared.unicodeScalars.flatMap { scalar -> [Element] in
            guard scalar == sentinel else { return String(scalar).utf8.map(Element.octet) }
            return remaining.popFirst().map { [$0] } ?? []
        }
    }

    /// Whether a text matches, in time that grows with the lengths of both at most.
    package func matches(_ text: PreparedText) -> Bool {
        // The places in the pattern that what was read so far can have led to, in order.
        var places = [0]
        var next: [Int] = []
        for octet in text.octets {
            next.removeAll(keepingCapacity: true)
            for place in places where place < self.elements.count {
                switch self.elements[place] {
                case .octet(octet):
                    if next.last != place + 1 { next.append(place + 1) }
                case .octet: break
                case .some(let exceptions):
                    guard !exceptions.contains(octet) else { break }
                    if next.last != place { next.append(place) }
                    next.append(place + 1)
                }
            }
            guard !next.isEmpty else { return false }
            swap(&places, &next)
        }
        return places.last == self.elements.count
    }
}
