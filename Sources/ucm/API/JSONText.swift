import AdministrationAPI
import Server

/// JSON made of options, where what is not given is left out.
extension JSONValue {
    /// A word of several.
    static func word(_ choice: (some RawRepresentable<String>)?) -> JSONValue? { choice.map { .string($0.rawValue) } }

    /// A number.
    static func number(_ number: Int?) -> JSONValue? { number.map { .integer(Int64($0)) } }

    /// Members, where there are any.
    static func group(_ members: JSONObject) -> JSONValue? { members.members.isEmpty ? nil : .object(members) }

    /// Texts.
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}

extension JSONValue {
    /// Takes over the members of another object.
    mutating func merge(_ other: JSONValue) {
        guard case .object(var object) = self, case .object(let added) = other else { return }
        for (name, value) in added.members { object[name] = value }
        self = .object(object)
    }
}

/// JSON as people read it.
extension JSONValue {
    /// The member of a name as text: yes and no, numbers, "none" or another word for what is not there.
    func text(_ name: String, otherwise: String = "-") -> String {
        self[name]?.readable(otherwise: otherwise) ?? otherwise
    }

    /// The entries of a list, one behind the other; another word where there are none.
    func joined(_ name: String, separator: String = ", ", otherwise: String = "-") -> String {
        let texts = self.texts(name)
        return texts.isEmpty ? otherwise : texts.joined(separator: separator)
    }

    /// The texts of a list.
    func texts(_ name: String) -> [String] { (self[name]?.array ?? []).compactMap(\.text) }

    /// A time to the second; any other text as it is.
    private static func withoutMilliseconds(_ text: String) -> String {
        guard text.utf8.count == 24, text.hasSuffix("Z"), text.dropFirst(19).first == "." else { return text }
        return text.prefix(19) + "Z"
    }

    private func readable(otherwise: String) -> String {
        switch self {
        case .null: otherwise
        case .bool(let bool): bool ? "yes" : "no"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .string(let text): text.isEmpty ? otherwise : Self.withoutMilliseconds(text)
        case .array(let values): values.map { $0.readable(otherwise: otherwise) }.joined(separator: ", ")
        case .object: self.compactText
        }
    }
}
