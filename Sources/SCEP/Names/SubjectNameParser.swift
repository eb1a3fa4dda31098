/// Takes a written Name apart (RFC 4514 §3, the order kept).
struct SubjectNameParser {
    /// An attribute as it was written, its escapes resolved.
    struct Attribute: Hashable, Sendable {
        var type: String
        var value: String
    }

    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        self.rest = text[...]
    }

    /// The attributes, those that share a RelativeDistinguishedName together; none for an empty text.
    mutating func parse() throws(SCEPError) -> [[Attribute]] {
        var names: [[Attribute]] = []
        self.skipBlanks()
        guard !self.rest.isEmpty else { return [] }
        var current: [Attribute] = []
        while true {
            current.append(try self.attribute())
            let separator = self.rest.popFirst()
            if separator == "+" { continue }
            names.append(current)
            current = []
            guard separator != nil else { return names }
        }
    }

    private mutating func attribute() throws(SCEPError) -> Attribute {
        self.skipBlanks()
        let type = self.rest.prefix { $0 != "=" && $0 != "," && $0 != "+" }
        self.rest = self.rest.dropFirst(type.count)
        guard self.rest.popFirst() == "=" else {
            throw SCEPError(
                .encoding,
                "the subject \"\(self.text.printable(upTo: 200))\" cannot be read: each attribute is written NAME=value, with a comma "
                    + "between two; a comma in a value is written \\,"
            )
        }
        self.skipBlanks()
        let value = self.rest.first == "\"" ? try self.quoted() : try self.plain()
        return Attribute(type: String(type.reversed().drop(while: \.isWhitespace).reversed()), value: value)
    }

    /// A value up to the next separator; blanks at its end belong to it only where they are escaped.
    private mutating func plain() throws(SCEPError) -> String {
        var bytes: [UInt8] = []
        var length = 0
        while let character = self.rest.first, character != ",", character != "+" {
            self.rest.removeFirst()
            if character == "\\" {
                bytes += try self.escaped()
                length = bytes.count
            } else {
                bytes += Array(String(character).utf8)
                if !character.isWhitespace { length = bytes.count }
            }
        }
        return try self.string(Array(bytes.prefix(length)))
    }

    /// A value in quotes, in which only `"` and `\` are escaped.
    private mutating func quoted() throws(SCEPError) -> String {
        self.rest.removeFirst()
        var bytes: [UInt8] = []
        while let character = self.rest.popFirst() {
            switch character {
            case "\\": bytes += try self.escaped()
            case "\"":
                self.skipBlanks()
                guard self.rest.isEmpty || self.rest.first == "," || self.rest.first == "+" else {
                    throw SCEPError(.encoding, "in the subject, something stands behind a quoted value")
                }
                return try self.string(bytes)
            default: bytes += Array(String(character).utf8)
            }
        }
        throw SCEPError(.encoding, "in the subject, a quotation mark is not closed")
    }

    /// What follows a `\`: a character that means itself, or a byte in two hexadecimal digits.
    private mutating func escaped() throws(SCEPError) -> [UInt8] {
        let digits = self.rest.prefix(2)
        if digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let byte = UInt8(digits, radix: 16) {
            self.rest = self.rest.dropFirst(2)
            return [byte]
        }
        guard let character = self.rest.popFirst() else {
            throw SCEPError(
                .encoding, "the subject ends with a \\, which would make the next character an ordinary one")
        }
        return Array(String(character).utf8)
    }

    private func string(_ bytes: [UInt8]) throws(SCEPError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SCEPError(.encoding, "the bytes that are escaped in the subject are not UTF-8")
        }
        return text
    }

    private mutating func skipBlanks() {
        self.rest = self.rest.drop(while: \.isWhitespace)
    }
}
