import AdministrationAPI
import Foundation

/// JSON of the API as pages show it.
extension JSONValue {
    /// The text of a member; a dash where there is none.
    func word(_ name: String) -> String {
        switch self[name] {
        case .string(let text)? where !text.isEmpty: text
        case .integer(let integer)?: "\(integer)"
        case .bool(let bool)?: bool ? "yes" : "no"
        default: "–"
        }
    }

    /// A member that is a number of things.
    func count(_ name: String) -> Int { Int(clamping: self[name]?.integer ?? 0) }

    /// A member that is a list.
    func list(_ name: String) -> [JSONValue] { self[name]?.array ?? [] }

    /// A member that is a list of texts.
    func words(_ name: String) -> [String] { self.list(name).compactMap(\.text) }

    /// Whether a member is true.
    func isTrue(_ name: String) -> Bool { self[name]?.bool == true }

    /// A member that may be missing, as a line of facts; nil where it is.
    func fact(_ name: String) -> HTML? { self[name]?.text.flatMap { $0.isEmpty ? nil : HTML($0) } }
}

extension String {
    /// The text without blanks around it.
    var trimmed: String { self.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Names of devices.
enum Subject {
    /// What people call somebody by a subject: the common name, or the whole where there is none.
    static func commonName(_ subject: String) -> String {
        guard !subject.isEmpty else { return "(no subject)" }
        // The value of the first attribute that is a CN: what stands inside of another one's value is none.
        var attribute = ""
        var isEscaped = false
        for character in subject {
            if isEscaped || character == "\\" {
                if isEscaped { attribute.append(character) }
                isEscaped.toggle()
            } else if character == "," || character == "+" {
                if attribute.hasPrefix("CN=") { break }
                attribute = ""
            } else {
                attribute.append(character)
            }
        }
        let name = attribute.hasPrefix("CN=") ? attribute.dropFirst(3) : ""
        return name.isEmpty ? subject : String(name)
    }

    /// The same in a table: cut where it is long, with the whole subject on hover.
    static func short(_ subject: String) -> HTML {
        .element("span", ["title": subject], HTML(Self.commonName(subject)))
    }
}
