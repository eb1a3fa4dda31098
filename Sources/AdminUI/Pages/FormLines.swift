import AdministrationAPI

/// What forms say that is more than a text.
extension PageFields {
    /// The lines of a field, without those that are empty.
    func lines(_ name: String) -> [String] {
        (self[name] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// The lines of a field as the API takes them.
    func list(_ name: String) -> JSONValue { .array(self.lines(name).map(JSONValue.string)) }

    /// A number; null where there is none, and the text itself where it is no number, so that the API says so.
    func number(_ name: String) -> JSONValue {
        guard let text = self[name] else { return .null }
        return Int64(text).map(JSONValue.integer) ?? .string(text)
    }

    /// Whether a box is ticked.
    func isTicked(_ name: String) -> Bool { self[name] == "yes" }
}
