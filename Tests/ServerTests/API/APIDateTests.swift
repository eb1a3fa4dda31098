import AdministrationAPI
import Foundation
import Testing

@testable import Server

@Suite("Times in the API")
struct APIDateTests {
    @Test(
        "are read as RFC 3339 has them",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-02", 86_400), ("2000-02-29T12:00:00Z", 951_825_600),
            ("2027-01-31T12:00:00Z", 1_801_396_800), ("2027-01-31t14:00:00.000+02:00", 1_801_396_800),
            ("2027-01-31 06:30:00-05:30", 1_801_396_800), ("2027-01-31T12:00:00.81712z", 1_801_396_800.81712),
            ("1969-12-31T23:59:59Z", -1), ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("1126-03-10T13:46:38Z", -26_628_171_202), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("2016-12-31T23:59:60Z", 1_483_228_800),
        ])
    func areRead(text: String, seconds: Double) throws {
        let date = try #require(APIDate.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_01)
    }

    @Test("come back as they were written", arguments: [0, 0.001, 951_825_600, 1_801_396_800.817, 253_402_300_799])
    func comeBack(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let read = try #require(APIDate.date(APIDate.text(date)))
        #expect(abs(read.timeIntervalSince(date)) < 0.000_01)
    }

    @Test(
        "are refused where no clock and no calendar shows them",
        arguments: [
            "", "2024", "2024-01-01T12:99:00Z", "2024-01-01T24:00:00Z", "2024-01-01T12:00:61Z", "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z", "2023-02-29", "1900-02-29", "2024-04-31", "2024-01-00", "2024-01-01T12:00:00",
            "2024-01-01T12:00Z", "2024-01-01T12:00:00.Z", "2024-01-01T12:00:00Z ", " 2024-01-01",
            "2024-01-01T12:00:00+24:00",
            "2024-01-01T12:00:00+0200", "20240101T120000Z", "+2024-01-01", "2024-01-01T12:00:00,5Z", "٢٠٢٤-٠١-٠١",
            "2024-01-01T12:00:00.12345678901234567890Z",
        ])
    func areRefused(text: String) {
        #expect(APIDate.date(text) == nil)
    }
}
