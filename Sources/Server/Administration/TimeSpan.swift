public import Foundation

/// A length of time as people write it: 30d, 12h, 90m or 45s.
public struct TimeSpan: Hashable, Sendable {
    /// How many seconds it has.
    public let seconds: TimeInterval

    /// Reads a length of time; nil where the text is none, or is longer than anything that makes sense.
    public init?(_ text: String) {
        let units: [Character: Double] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        // Not every number that Double reads is one that people write: 0x1p3, 1e4, nan.
        guard let unit = text.last.flatMap({ units[$0] }),
            text.utf8.dropLast().allSatisfy({ "0123456789.".utf8.contains($0) }),
            let number = Double(text.dropLast()), number < 100_000
        else { return nil }
        self.seconds = number * unit
    }
}
