import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

extension UnverifiedPKIMessage {
    /// The signingTime (RFC 5652 §11.3); nil where the client says none, as nearly all do.
    ///
    /// - Throws: ``SCEPError`` with code `badContent` where it is not one time.
    public var signingTime: Date? {
        get throws(SCEPError) {
            do {
                let value = try self.attributes.singleIfPresent(.CMS.signingTime, named: "signingTime")
                return try value.map { value in
                    let node = try DER.parse(value)
                    if node.identifier == .utcTime {
                        let time = try UTCTime(derEncoded: node)
                        return try Self.date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
                    }
                    let time = try GeneralizedTime(derEncoded: node)
                    return try Self.date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
                }
            } catch {
                throw SCEPError(.badContent, "the signingTime is not readable: \(error)")
            }
        }
    }

    private static func date(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ hour: Int,
        _ minute: Int,
        _ second: Int
    ) throws(SCEPError) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        guard let date = calendar.date(from: components) else {
            throw SCEPError(.badContent, "the signingTime is no date")
        }
        return date
    }
}
