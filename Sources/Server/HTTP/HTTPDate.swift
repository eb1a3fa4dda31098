import Foundation

/// A time as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Writes a time, without its fraction of a second.
    static func text(_ date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        // The program never sets a locale, so the names of days and months are C's, which are HTTP's.
        let length = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Reads a time; nil for anything else, the obsolete forms of HTTP among it.
    static func date(_ text: String) -> Date? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].last == ",", Self.days.contains(String(fields[0].dropLast())),
            let day = Self.number(fields[1], digits: 2, in: 1...31),
            let month = Self.months.firstIndex(of: String(fields[2])),
            let year = Self.number(fields[3], digits: 4, in: 1970...9999), fields[5] == "GMT"
        else { return nil }
        let time = fields[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = Self.number(time[0], digits: 2, in: 0...23),
            let minute = Self.number(time[1], digits: 2, in: 0...59),
            let second = Self.number(time[2], digits: 2, in: 0...60)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return Date(timeIntervalSince1970: TimeInterval(timegm(&parts)))
    }

    /// A number that is written with so many digits and nothing else.
    private static func number(_ text: Substring, digits: Int, in range: ClosedRange<Int32>) -> Int32? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int32(text), range.contains(number)
        else { return nil }
        return number
    }
}
