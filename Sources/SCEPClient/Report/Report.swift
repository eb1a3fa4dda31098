/// Lines for people: labels, values, and what belongs to what by indentation.
struct Report {
    private(set) var lines: [String] = []
    private var depth = 0

    /// How wide labels are; values begin behind it.
    private static let width = 22

    /// A line of its own.
    mutating func title(_ text: String) {
        self.lines.append(String(repeating: "  ", count: self.depth) + text)
    }

    /// A value with its label.
    mutating func add(_ label: String, _ value: String) {
        let indentation = String(repeating: "  ", count: self.depth)
        let padding = String(repeating: " ", count: max(1, Self.width - indentation.count - label.count))
        self.lines.append(indentation + label + padding + value)
    }

    /// A part with a title of its own.
    mutating func section(_ title: String, _ body: (inout Report) -> Void) {
        self.title(title)
        self.depth += 1
        body(&self)
        self.depth -= 1
    }

    /// All lines, with a line feed at the end.
    var text: String { self.lines.map { $0 + "\n" }.joined() }
}
