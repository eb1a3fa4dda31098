public import Foundation

/// Points in time as the API writes them: ISO 8601, UTC, with milliseconds where there are some.
public enum APIDate {
    private static let wholeSeconds = Date.ISO8601FormatStyle()
    private static let milliseconds = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// What certificates and the database can hold: from 1970 until the end of the year 9999.
    public static let possible = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 253_402_300_800)

    /// A time as text.
    public static func text(_ date: Date) -> String {
        // What is stored has milliseconds; more would be noise of the floating point.
        let total = (date.timeIntervalSince1970 * 1000).rounded()
        guard total.truncatingRemainder(dividingBy: 1000) != 0 else {
            return Date(timeIntervalSince1970: total / 1000).formatted(Self.wholeSeconds)
        }
        // Formatting cuts off, and hardly any millisecond is a binary fraction: most of them would come out as the one before.
        return Date(timeIntervalSince1970: (total + 0.3) / 1000).formatted(Self.milliseconds)
    }

    /// Reads a time with its zone (RFC 3339 §5.6); a day alone begins at midnight UTC.
    ///
    /// Foundation also reads times that no clock shows, and no fraction that has not three digits.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Returns: The time; nil where the text is none.
    public static func date(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        var rest = Substring(text).utf8
        guard let day = Self.day(&rest) else { return nil }
        if rest.isEmpty { return Date(timeIntervalSince1970: Double(day) * 86_400) }
        guard let separator = rest.popFirst(), "Tt ".utf8.contains(separator),
            let hour = Self.number(2, 0...23, &rest), Self.skip(":", &rest),
            let minute = Self.number(2, 0...59, &rest), Self.skip(":", &rest),
            // 60 is a leap second.
            let second = Self.number(2, 0...60, &rest)
        else { return nil }
        var fraction = 0.0
        if Self.skip(".", &rest) {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty, let value = Double("0." + String(decoding: digits, as: UTF8.self)) else {
                return nil
            }
            fraction = value
            rest = rest.dropFirst(digits.count)
        }
        guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
        let seconds = day * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// The days since 1970 of a date.
    private static func day(_ rest: inout Substring.UTF8View) -> Int? {
        guard let year = Self.number(4, 0...9999, &rest), Self.skip("-", &rest),
            let month = Self.number(2, 1...12, &rest), Self.skip("-", &rest)
        else { return nil }
        let isLeapYear = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard let day = Self.number(2, 1...lengths[month - 1], &rest) else { return nil }
        // The leap days of the years before this one, and of those before 1970.
        let before = year - 1
        let leapDays = year == 0 ? -1 : before / 4 - before / 100 + before / 400
        return (year - 1970) * 365 + leapDays - 477 + lengths[..<(month - 1)].reduce(0, +) + day - 1
    }

    /// The seconds by which a zone's clocks are ahead of UTC.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        guard let sign = rest.popFirst() else { return nil }
        if "Zz".utf8.contains(sign) { return 0 }
        guard "+-".utf8.contains(sign), let hours = Self.number(2, 0...23, &rest), Self.skip(":", &rest),
            let minutes = Self.number(2, 0...59, &rest)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func number(_ count: Int, _ range: ClosedRange<Int>, _ rest: inout Substring.UTF8View) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        rest = rest.dropFirst(count)
        return range.contains(value) ? value : nil
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }
}
