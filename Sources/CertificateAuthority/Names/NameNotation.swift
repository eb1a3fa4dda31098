/// The notation of Names that people write: `CN=router-1, O=Example Corp`, in the order in which they are encoded.
///
/// Escapes are those of RFC 4514 §2.4: a backslash before a character that separates or quotes, or before two hexadecimal
/// digits. Braces are escaped too, because templates have placeholders in them.
package struct NameNotation {
    /// How many characters a Name can have, and how many attributes.
    static let maximumLength = 4000
    static let maximumAttributes = 32

    /// What stands between two commas.
    struct Part {
        /// The type as ``AttributeTypeName`` has it.
        var type: String
        /// What stands behind the equals sign, escapes and all.
        var value: ArraySlice<Character>
    }

    let text: String

    /// The attributes that are written.
    func parts() throws(PolicySyntaxError) -> [Part] {
        let characters = Array(self.text)
        guard characters.count <= Self.maximumLength else {
            throw PolicySyntaxError(
                self.text,
                at: Self.maximumLength,
                "a name has at most \(Self.maximumLength) characters"
            )
        }
        var parts: [Part] = []
        for written in Self.split(characters) {
            guard parts.count < Self.maximumAttributes else {
                throw PolicySyntaxError(
                    self.text,
                    at: written.startIndex,
                    "a name has at most \(Self.maximumAttributes) attributes"
                )
            }
            parts.append(try self.part(Self.trimmed(written)))
        }
        return parts
    }

    private func part(_ written: ArraySlice<Character>) throws(PolicySyntaxError) -> Part {
        guard let equals = written.firstIndex(of: "=") else {
            throw PolicySyntaxError(
                self.text,
                at: written.startIndex,
                "an attribute is a type, an equals sign and a value; write O=Example, and \\, for a comma itself"
            )
        }
        let name = String(Self.trimmed(written[..<equals]))
        guard let type = AttributeTypeName.canonical(name), AttributeTypeName.identifier(of: type) != nil else {
            throw PolicySyntaxError(
                self.text,
                at: written.startIndex,
                name.uppercased() == "SN"
                    ? "SN is SURNAME to some and SERIALNUMBER to others; write one of these"
                    : "no type of attribute; write CN, O, OU, C, ST, L, DC, UID, E, SERIALNUMBER or an OID with dots"
            )
        }
        return Part(type: type, value: Self.trimmed(written[(equals + 1)...]))
    }

    /// What lies between commas that no backslash precedes.
    package static func split(_ characters: [Character]) -> [ArraySlice<Character>] {
        var parts: [ArraySlice<Character>] = []
        var start = 0
        var isEscaped = false
        for (index, character) in characters.enumerated() {
            if character == ",", !isEscaped {
                parts.append(characters[start..<index])
                start = index + 1
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts + [characters[start...]]
    }

    /// The characters without spaces around them; one behind a backslash belongs to the value.
    private static func trimmed(_ characters: ArraySlice<Character>) -> ArraySlice<Character> {
        let start = characters.firstIndex { $0 != " " } ?? characters.endIndex
        var end = characters[start...].lastIndex { $0 != " " }.map { $0 + 1 } ?? start
        let backslashes = characters[start..<end].reversed().prefix { $0 == "\\" }.count
        if end < characters.endIndex, backslashes % 2 == 1 { end += 1 }
        return characters[start..<end]
    }
}

extension NameNotation {
    /// The characters that stand for themselves only behind a backslash.
    private static let special: Set<Character> = [",", "+", "\"", "\\", "<", ">", ";", "{", "}"]
    /// And those that may have one without needing it everywhere.
    private static let escapable = Self.special.union([" ", "#", "="])

    /// A value without its escapes.
    func literal(_ value: ArraySlice<Character>) throws(PolicySyntaxError) -> String {
        var octets: [UInt8] = []
        var index = value.startIndex
        while index < value.endIndex {
            let character = value[index]
            if character == "\\" {
                let (escaped, length) = try self.escaped(value[(index + 1)...], at: index)
                octets += escaped
                index += length + 1
                continue
            }
            guard !Self.special.contains(character), character != "#" || index > value.startIndex else {
                throw PolicySyntaxError(self.text, at: index, "write \\\(character) for the character itself")
            }
            octets += Array(String(character).utf8)
            index += 1
        }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw PolicySyntaxError(self.text, at: value.startIndex, "the bytes that are escaped are not UTF-8")
        }
        guard Self.isWritable(text) else {
            throw PolicySyntaxError(
                self.text,
                at: value.startIndex,
                "a character that cannot be seen, is taken for another or joins with what is beside the value; write it "
                    + "as people see it"
            )
        }
        return text
    }

    /// Whether people see a text as it is, also between an equals sign and a comma, with which some characters join.
    static func isWritable(_ text: String) -> Bool {
        UnambiguousText.isUnambiguous(text) && Array("=\(text),") == ["="] + Array(text) + [","]
    }

    private func escaped(
        _ rest: ArraySlice<Character>,
        at offset: Int
    ) throws(PolicySyntaxError) -> (octets: [UInt8], length: Int) {
        if let character = rest.first, Self.escapable.contains(character) {
            return (Array(String(character).utf8), 1)
        }
        let digits = String(rest.prefix(2))
        guard digits.utf8.count == 2, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let octet = UInt8(digits, radix: 16)
        else {
            throw PolicySyntaxError(
                self.text,
                at: offset,
                "a backslash stands before , + \" \\ < > ; { } = # or a space, or before two hexadecimal digits"
            )
        }
        return ([octet], 2)
    }

    /// A value with the escapes that it needs.
    static func escaped(_ text: String) -> String {
        let characters = Array(text)
        return characters.indices.map { index in
            let character = characters[index]
            let isOutside = character == " " && (index == 0 || index == characters.count - 1)
            let isNumberSign = character == "#" && index == 0
            return Self.special.contains(character) || isOutside || isNumberSign ? "\\\(character)" : "\(character)"
        }.joined()
    }
}
