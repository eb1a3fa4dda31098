import CertificateAuthority
import Enrollment
import Foundation
import Logging
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("What ends soon")
struct ComingEndingsTests {
    static func endings(_ live: LiveInstallation, day: Double) -> [String] {
        live.served.current.authorities.endings(at: live.day(day)).map { ending in
            "\(ending.authority): \(ending.sentence)"
        }
    }

    @Test("is said of a CA from 90 days before its end on, and after it")
    func authority() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Short") { $0.validityDays = 100 }
            #expect(Self.endings(live, day: 9.9).isEmpty)
            for (day, word) in [
                (10.1, "89 days"), (98.5, "in 1 day,"), (99.5, "ends on"), (100, "ended on"), (500, "ended on"),
            ] {
                let sentences = Self.endings(live, day: day).filter { $0.hasPrefix("Short: the CA Short") }
                #expect(sentences.count == 1, "day \(day)")
                #expect(sentences.allSatisfy { $0.contains(word) }, "\(sentences)")
                // Its RA ends with it, and is not named besides.
                #expect(Self.endings(live, day: day).filter { $0.contains("RA certificate of the CA Short") }.isEmpty)
            }
            let description = try await live.administration.authorityDescriptions(at: live.day(11))
            #expect(description.map(\.warnings.count) == [0, 1])
            try await live.administration.retireAuthority("Short", by: "anna", at: live.now)
            _ = try await live.served.refresh()
            #expect(Self.endings(live, day: 50).filter { $0.hasPrefix("Short") }.isEmpty)
        }
    }

    @Test("is not said of a CA that somebody follows")
    func followed() async throws {
        try await LiveInstallation.run { live in
            #expect(Self.endings(live, day: 3600).contains { $0.hasPrefix("UCM CA: the CA UCM CA ends") })
            _ = try await live.administration.rollover(
                nil, to: .new(name: "Next", key: nil), switchAt: live.day(3000), by: "anna", at: live.now)
            _ = try await live.served.refresh()
            #expect(!Self.endings(live, day: 3600).contains { $0.hasPrefix("UCM CA: the CA UCM CA ends") })
        }
    }

    @Test("is said of an RA or an OCSP signer that was not renewed at its time")
    func services() async throws {
        try await LiveInstallation.run { live in
            // A third of 30 days is left on day 20, a quarter from day 22.5 on; of 730 days 90 from day 640 on.
            #expect(Self.endings(live, day: 22).isEmpty)
            for (day, word) in [(23.0, "ends on"), (29.9, "ends on"), (31, "ended on")] {
                let sentences = Self.endings(live, day: day)
                #expect(sentences.count == 1)
                #expect(sentences.allSatisfy { $0.contains("OCSP signer") && $0.contains(word) }, "\(sentences)")
            }
            #expect(Self.endings(live, day: 639).filter { $0.contains("RA certificate") }.isEmpty)
            #expect(Self.endings(live, day: 641).filter { $0.contains("RA certificate") }.count == 1)
            try await live.renewKeys(at: live.day(641))
            #expect(Self.endings(live, day: 641).isEmpty)
            Maintenance(configuration: live.served, logger: CollectingLogHandler.logger(live.events))
                .warnOfEndings(at: live.day(670))
            #expect(live.events.all.contains { $0.level == .warning && $0.message.contains("OCSP signer") })
        }
    }
}
