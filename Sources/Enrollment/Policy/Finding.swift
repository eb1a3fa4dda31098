/// Whether a rule holds, and why.
struct Finding {
    var holds: Bool
    var detail: String

    init(holds: Bool, _ detail: String) {
        self.holds = holds
        self.detail = detail
    }
}

extension Array where Element: CustomStringConvertible {
    /// The first ones, for a sentence.
    var listed: String {
        let shown = self.prefix(5).map(\.description).joined(separator: "; ")
        return self.count > 5 ? "\(shown) and \(self.count - 5) more" : shown
    }
}
