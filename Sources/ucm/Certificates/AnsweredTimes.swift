import Foundation
import Server

extension JSONValue {
    /// The time of a name without its milliseconds, as people read it; another word where there is none.
    func wholeTime(_ name: String, otherwise: String = "-") -> String {
        guard let text = self[name]?.text else { return otherwise }
        return text.firstIndex(of: ".").map { text[..<$0] + "Z" } ?? text
    }
}

extension Date {
    /// The time as it is sent, with its milliseconds.
    var sentText: String { self.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
