package import Foundation
import SwiftASN1

extension DERWriter {
    /// Writes a Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
    package mutating func appendTime(_ date: Date) {
        let time = CivilTime(date)
        self.append(encoded: (1950..<2050).contains(time.year) ? time.utcTime : time.generalizedTime)
    }

    /// Writes a GeneralizedTime without fractions of seconds, whatever the year.
    package mutating func appendGeneralizedTime(_ date: Date) {
        self.append(encoded: CivilTime(date).generalizedTime)
    }
}

/// A point in time by the Gregorian calendar, in UTC and to the second.
private struct CivilTime {
    let year: Int
    private let month: Int
    private let day: Int
    /// The second of the day.
    private let second: Int

    init(_ date: Date) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        self.second = seconds - days * 86_400
        // By counting from the first of March of the year 0.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
        self.day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// As a UTCTime: `YYMMDDHHMMSSZ`.
    var utcTime: [UInt8] { self.encoded(tag: 0x17, yearDigits: 2) }

    /// As a GeneralizedTime: `YYYYMMDDHHMMSSZ`.
    var generalizedTime: [UInt8] { self.encoded(tag: 0x18, yearDigits: 4) }

    /// Tag, length and digits; of the year the last ones.
    private func encoded(tag: UInt8, yearDigits: Int) -> [UInt8] {
        let length = yearDigits + 11
        return [UInt8](unsafeUninitializedCapacity: length + 2) { octets, count in
            octets[0] = tag
            octets[1] = UInt8(truncatingIfNeeded: length)
            var end = length + 2
            octets[end - 1] = UInt8(ascii: "Z")
            end -= 1
            let numbers = [
                (self.second % 60, 2), (self.second / 60 % 60, 2), (self.second / 3600, 2), (self.day, 2),
                (self.month, 2),
                (self.year, yearDigits),
            ]
            for (number, digits) in numbers {
                var rest = number.magnitude
                for _ in 0..<digits {
                    end -= 1
                    octets[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
            }
            count = length + 2
        }
    }
}
