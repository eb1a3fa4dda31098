import CryptographicMessageSyntax
import Foundation
import SwiftASN1

extension Date {
    /// Reads a Time.
    ///
    /// ```
    /// Time ::= CHOICE {
    ///     utcTime      UTCTime,
    ///     generalTime  GeneralizedTime }
    /// ```
    /// RFC 5280 §4.1.2.5.
    ///
    /// - Throws: ``CMSError`` with code `malformed`, or an ASN.1 error.
    init(time node: ASN1Node) throws {
        switch node.identifier {
        case .utcTime:
            let time = try UTCTime(berEncoded: node)
            self.init(
                days: Self.days(year: time.year, month: time.month, day: time.day),
                seconds: time.hours * 3600 + time.minutes * 60 + time.seconds
            )
        case .generalizedTime:
            let time = try GeneralizedTime(berEncoded: node)
            self.init(
                days: Self.days(year: time.year, month: time.month, day: time.day),
                seconds: time.hours * 3600 + time.minutes * 60 + time.seconds
            )
        default:
            throw CMSError(.malformed, "a time with tag \(node.identifier)")
        }
    }

    private init(days: Int, seconds: Int) {
        self.init(timeIntervalSince1970: Double(days * 86_400 + seconds))
    }

    /// The days since 1970 of a Gregorian date, by counting from the first of March of the year 0.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
