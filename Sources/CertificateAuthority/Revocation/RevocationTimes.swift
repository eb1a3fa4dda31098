import CryptographicMessageSyntax
import Foundation
import SwiftASN1

/// Writes the times of a CRL, of which there are as many as entries.
///
/// The calendar is asked once for each day; the time of day is put in place digit by digit.
struct RevocationTimes: Sendable {
    /// The Time of a day's midnight, encoded, by days since 1970.
    private var midnights: [Int: [UInt8]] = [:]

    /// Whether a time can be written: its year has at most four digits.
    static func isWritable(_ date: Date) -> Bool {
        (-62_135_596_800..<253_402_300_800).contains(date.timeIntervalSince1970)
    }

    /// Appends a Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §5.1.2.4).
    ///
    /// - Parameters:
    ///   - date: A time that is writable.
    ///   - octets: Where to append.
    mutating func append(_ date: Date, to octets: inout [UInt8]) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        octets.append(contentsOf: self.midnight(before: seconds))
        Self.patch(seconds, into: &octets)
    }

    /// Appends a GeneralizedTime, whatever the year (RFC 5280 §5.3.2).
    ///
    /// - Parameters:
    ///   - date: A time that is writable.
    ///   - octets: Where to append.
    mutating func appendGeneralizedTime(_ date: Date, to octets: inout [UInt8]) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let midnight = self.midnight(before: seconds)
        if midnight[0] == Self.utcTime {
            let century = midnight[2] >= UInt8(ascii: "5") ? "19" : "20"
            octets.append(contentsOf: [Self.generalizedTime, 15])
            octets.append(contentsOf: century.utf8)
            octets.append(contentsOf: midnight[2...])
        } else {
            octets.append(contentsOf: midnight)
        }
        Self.patch(seconds, into: &octets)
    }

    private static let utcTime: UInt8 = 0x17
    private static let generalizedTime: UInt8 = 0x18

    private mutating func midnight(before seconds: Int) -> [UInt8] {
        let day = Self.day(of: seconds)
        if let midnight = self.midnights[day] { return midnight }
        let midnight = DERWriter.encode { coder in
            coder.appendTime(Date(timeIntervalSince1970: Double(day * 86_400)))
        }
        self.midnights[day] = midnight
        return midnight
    }

    private static func day(of seconds: Int) -> Int {
        seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }

    /// Puts the time of day in place of the zeros in `…000000Z`.
    private static func patch(_ seconds: Int, into octets: inout [UInt8]) {
        let time = seconds - Self.day(of: seconds) * 86_400
        var index = octets.count - 7
        for number in [time / 3600, time / 60 % 60, time % 60] {
            octets[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
            octets[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
            index += 2
        }
    }
}
