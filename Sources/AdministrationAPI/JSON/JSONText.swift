/// Writes JSON (RFC 8259) with the members of objects in their order, which no encoder of Foundation keeps.
struct JSONText {
    private(set) var text = ""
    private let indentation: String?

    private init(indentation: String?) { self.indentation = indentation }

    /// A value in one line.
    static func compact(_ value: JSONValue) -> String { Self.text(value, indentation: nil) }

    /// A value in lines that people read.
    static func pretty(_ value: JSONValue) -> String { Self.text(value, indentation: "  ") + "\n" }

    private static func text(_ value: JSONValue, indentation: String?) -> String {
        var writer = JSONText(indentation: indentation)
        writer.write(value, depth: 0)
        return writer.text
    }

    private mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: self.text += "null"
        case .bool(let bool): self.text += bool ? "true" : "false"
        case .integer(let integer): self.text += "\(integer)"
        // JSON has no other numbers.
        case .number(let number): self.text += number.isFinite ? "\(number)" : "null"
        case .string(let text): self.writeQuoted(text)
        case .array(let values): self.writeAll(values, "[", "]", depth: depth) { $0.write($1, depth: depth + 1) }
        case .object(let object):
            self.writeAll(object.members, "{", "}", depth: depth) { writer, member in
                writer.writeQuoted(member.name)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func writeAll<Element>(
        _ elements: [Element],
        _ start: String,
        _ end: String,
        depth: Int,
        _ write: (inout JSONText, Element) -> Void
    ) {
        self.text += start
        for (index, element) in elements.enumerated() {
            if index > 0 { self.text += "," }
            self.writeLineBreak(depth: depth + 1)
            write(&self, element)
        }
        if !elements.isEmpty { self.writeLineBreak(depth: depth) }
        self.text += end
    }

    private mutating func writeLineBreak(depth: Int) {
        guard let indentation = self.indentation else { return }
        self.text += "\n" + String(repeating: indentation, count: depth)
    }

    private mutating func writeQuoted(_ text: String) {
        self.text += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": self.text += "\\\""
            case "\\": self.text += "\\\\"
            case "\n": self.text += "\\n"
            case "\r": self.text += "\\r"
            case "\t": self.text += "\\t"
            // Also the separators of lines that are none in JSON, but are in what JSON is pasted into.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                self.text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: self.text.unicodeScalars.append(scalar)
            }
        }
        self.text += "\""
    }
}

extension JSONValue {
    /// The value in one line.
    public var compactText: String { JSONText.compact(self) }

    /// The value in lines that people read.
    public var prettyText: String { JSONText.pretty(self) }
}
