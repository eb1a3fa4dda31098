import Foundation

/// Points in time as the API writes them: ISO 8601, UTC, with milliseconds where there are some.
enum APIDate {
    private static let wholeSeconds = Date.ISO8601FormatStyle()
    private static let milliseconds = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A time as text.
    static func text(_ date: Date) -> String {
        // What is stored has milliseconds; more would be noise of the floating point.
        let total = (date.timeIntervalSince1970 * 1000).rounded()
        let rounded = Date(timeIntervalSince1970: total / 1000)
        return total.truncatingRemainder(dividingBy: 1000) == 0
            ? rounded.formatted(Self.wholeSeconds) : rounded.formatted(Self.milliseconds)
    }

    /// Reads a time with its zone; a day alone begins at midnight UTC.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Returns: The time; nil where the text is none, or no time that certificates and the database can hold.
    static func date(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        let day = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        let date = (try? Self.wholeSeconds.parse(day)) ?? (try? Self.milliseconds.parse(day))
        guard let date, (0..<253_402_300_800).contains(date.timeIntervalSince1970) else { return nil }
        return date
    }
}
