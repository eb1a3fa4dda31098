import Foundation
import Server

/// Points in time between the API and people.
extension JSONValue {
    /// A time as it is sent, to the millisecond.
    static func time(_ date: Date) -> JSONValue {
        .string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// The time under a name as people read it, to the second; another word for one that is not there.
    func time(_ name: String, otherwise: String = "-") -> String {
        guard let text = self[name]?.text else { return otherwise }
        guard let point = text.firstIndex(of: ".") else { return text }
        return text[..<point] + "Z"
    }
}
