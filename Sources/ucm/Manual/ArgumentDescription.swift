/// An option or another word behind a command.
struct ArgumentDescription: Decodable, Hashable {
    /// What sort of word.
    enum Kind: String, Decodable {
        case positional
        case option
        case flag
    }

    /// One of its names.
    struct Name: Decodable, Hashable {
        /// How many hyphens it has.
        enum Kind: String, Decodable {
            case long
            case short
            case longWithSingleDash
        }

        var kind: Kind
        var name: String

        /// As it is typed.
        var typed: String { (self.kind == .long ? "--" : "-") + self.name }
    }

    var kind: Kind
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var sectionTitle: String?
    var names: [Name]?
    var preferredName: Name?
    var valueName: String?
    var defaultValue: String?
    var allValues: [String]?
    var abstract: String?

    /// Its name with what stands for its value, for people who type it.
    var marked: String {
        let names = (self.names ?? []).sorted { $0.kind == .short && $1.kind != .short }
        return names.map { Roff.bold($0.typed) }.joined(separator: ", ")
            + (self.kind == .option ? " " + Roff.italic(self.valueName ?? "value") : "")
    }

    /// A word without a name, in a synopsis.
    var placeholder: String {
        let name = Roff.italic(self.valueName ?? "value") + (self.isRepeating ? " ..." : "")
        return self.isOptional ? "[\(name)]" : name
    }

    /// What is said of it, with the values that it can have and the one that it has by itself.
    var explanation: String {
        var sentences = [self.abstract ?? ""]
        if let allValues, !allValues.allSatisfy({ sentences[0].contains($0) }),
            self.valueName != allValues.joined(separator: "|")
        {
            sentences.append("One of \(allValues.joined(separator: ", ")).")
        }
        if self.kind == .option, let defaultValue, defaultValue != "-" {
            sentences.append("(default: \(defaultValue))")
        }
        return sentences.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
