import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("A time as HTTP writes it (RFC 9110 §5.6.7)")
struct HTTPDateTests {
    static let table: [(seconds: TimeInterval, text: String)] = [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_800_000_000, "Fri, 15 Jan 2027 08:00:00 GMT"),
        (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ]

    @Test("is written and read", arguments: Self.table.indices)
    func known(row: Int) {
        let (seconds, text) = Self.table[row]
        let date = Date(timeIntervalSince1970: seconds)
        #expect(HTTPDate.text(date) == text)
        #expect(HTTPDate.text(date.addingTimeInterval(0.75)) == text)
        #expect(HTTPDate.date(text) == date)
    }

    @Test("comes back as it was, to the second")
    func roundTrip() {
        var generator = SeededGenerator(seed: 9110)
        for _ in 0..<2000 {
            let date = Date(timeIntervalSince1970: Double(Int.random(in: 0...253_402_300_799, using: &generator)))
            #expect(HTTPDate.date(HTTPDate.text(date)) == date)
        }
    }

    static let hostile = [
        "", " ", "     ", "now", "0", "784111777", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 006 Nov 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 11 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 10000 08:49:37 GMT", "Sun, 06 Nov -994 08:49:37 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37:00 GMT",
        "Sun, 06 Nov 1994 08::49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:49:3a GMT",
        "Sun, 06 Nov 1994 -8:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT", "xyz, 06 Nov 1994 08:49:37 GMT",
        ", 06 Nov 1994 08:49:37 GMT", "Sun, 0\u{0}6 Nov 1994 08:49:37 GMT", "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", String(repeating: "Sun, ", count: 20_000),
    ]

    @Test("is nothing where it is written otherwise", arguments: Self.hostile.indices)
    func refused(row: Int) {
        #expect(HTTPDate.date(Self.hostile[row]) == nil)
    }

    @Test("with any one character changed is a time or nothing, and never the end of the server")
    func mutations() {
        let text = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)
        for position in text.indices {
            for octet in UInt8.min...UInt8.max {
                var changed = text
                changed[position] = octet
                let date = HTTPDate.date(String(decoding: changed, as: UTF8.self))
                if let date { #expect(date.timeIntervalSince1970 >= 0) }
            }
            #expect(HTTPDate.date(String(decoding: text.prefix(position), as: UTF8.self)) == nil)
        }
    }
}
