public import CertificateAuthority

/// What a subject has to look like: `CN=*.example.com`, or several conditions with commas between, all of which must
/// hold: `CN=*.example.com,O=Example`.
///
/// A condition is a type (a short name, or an OID with dots) and a pattern. `*` stands for one or more characters but
/// never for a dot, `**` for any characters; neither stands for an asterisk. A backslash before `*`, `\`, `,`, `=` or
/// `+` makes it an ordinary character. A condition holds where the subject has an attribute of the type, and every
/// attribute of that type matches; where a type is named more than once, as in `DC=example,DC=com`, every attribute
/// matches one of its conditions, and each condition is matched. Attributes of other types are free.
public struct SubjectPattern: PolicyNotation {
    /// How many characters a pattern can have.
    static let maximumLength = 2000

    private struct Condition: Hashable, Sendable {
        var type: String
        var patterns: [NamePattern]
    }

    private let conditions: [Condition]
    /// The pattern with the types as they are usually written.
    public let description: String

    /// Reads a pattern.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError``.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let characters = Array(text)
        guard characters.count <= Self.maximumLength else {
            throw PolicySyntaxError(
                text,
                at: Self.maximumLength,
                "a pattern for subjects has at most \(Self.maximumLength) characters"
            )
        }
        var conditions: [Condition] = []
        var written: [String] = []
        for part in NameNotation.split(characters) {
            let (type, pattern) = try Self.condition(part, of: text)
            written.append("\(type)=\(pattern)")
            if let index = conditions.firstIndex(where: { $0.type == type }) {
                conditions[index].patterns.append(pattern)
            } else {
                conditions.append(Condition(type: type, patterns: [pattern]))
            }
        }
        self.conditions = conditions
        self.description = written.joined(separator: ",")
    }

    private static func condition(
        _ part: ArraySlice<Character>,
        of text: String
    ) throws(PolicySyntaxError) -> (String, NamePattern) {
        let part = Self.trimmed(part)
        guard let equals = part.firstIndex(of: "=") else {
            throw PolicySyntaxError(
                text,
                at: part.startIndex,
                "a condition is a type, an equals sign and a pattern; write CN=*.example.com, and \\, for a comma itself"
            )
        }
        let name = String(Self.trimmed(part[..<equals]))
        guard let type = AttributeTypeName.canonical(name) else {
            throw PolicySyntaxError(
                text,
                at: part.startIndex,
                name.uppercased() == "SN"
                    ? "SN is SURNAME to some and SERIALNUMBER to others; write one of these"
                    : "no type of attribute; write CN, O, OU, C, ST, L, DC, UID, E, SERIALNUMBER or an OID with dots"
            )
        }
        let value = Self.trimmed(part[(equals + 1)...])
        var isEscaped = false
        for index in value.indices {
            if !isEscaped, value[index] == "=" || value[index] == "+" {
                throw PolicySyntaxError(
                    text,
                    at: index,
                    "write \\\(value[index]) for the character itself, and a comma before another condition"
                )
            }
            isEscaped = value[index] == "\\" && !isEscaped
        }
        do throws(PolicySyntaxError) {
            return (type, try NamePattern(parsing: String(value), as: Self.style(of: type)))
        } catch {
            throw error.moved(into: text, by: value.startIndex)
        }
    }

    private static func trimmed(_ characters: ArraySlice<Character>) -> ArraySlice<Character> {
        let start = characters.firstIndex { $0 != " " } ?? characters.endIndex
        let end = characters[start...].lastIndex { $0 != " " }.map { $0 + 1 } ?? start
        return characters[start..<end]
    }

    /// What the values of a type are like.
    static func style(of type: String) -> NameStyle { type == "E" ? .mailbox : .text }
}

extension SubjectPattern {
    /// Whether a subject matches.
    func matches(_ subject: ComparableSubject) -> Bool { self.conditions.allSatisfy { self.holds($0, of: subject) } }

    /// Whether a text matches what the pattern says about the CN: the pattern vouches for it; false where it says nothing.
    func vouches(for host: PreparedText) -> Bool {
        self.conditions.contains { condition in
            condition.type == "CN" && condition.patterns.contains { $0.matches(host) }
        }
    }

    /// Why a subject does not match; nil where it does.
    func mismatch(with subject: ComparableSubject) -> String? {
        guard let condition = self.conditions.first(where: { !self.holds($0, of: subject) }) else { return nil }
        let values = subject.values(of: condition.type)
        let type = condition.type
        let written = condition.patterns.map { "\(type)=\($0)" }.joined(separator: ",")
        guard !values.isEmpty else { return "the subject has no \(type), but has to match \(written)" }
        guard let value = values.first(where: { !Self.matches($0, condition) }) else {
            return "the subject has not everything that \(written) asks for"
        }
        guard let text = value.text else {
            return "the \(type) of the subject is no text, or has characters that cannot be seen or are taken for "
                + "others, so it does not match \(written)"
        }
        return "the \(type) \"\(ReadableText.line(text, upTo: 200))\" does not match \(written)"
    }

    private func holds(_ condition: Condition, of subject: ComparableSubject) -> Bool {
        let values = subject.values(of: condition.type)
        guard !values.isEmpty, values.allSatisfy({ Self.matches($0, condition) }) else { return false }
        return condition.patterns.count == 1
            || condition.patterns.allSatisfy { pattern in
                values.contains { $0.prepared.map(pattern.matches) ?? false }
            }
    }

    private static func matches(_ value: ComparableSubject.Value, _ condition: Condition) -> Bool {
        guard let prepared = value.prepared else { return false }
        return condition.patterns.contains { $0.matches(prepared) }
    }
}
