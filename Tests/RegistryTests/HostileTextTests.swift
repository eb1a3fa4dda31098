import Foundation
import Testing

@testable import Registry

@Suite("A text from outside", .freshDatabase)
struct HostileTextTests {
    static let texts = [
        "", "\u{0}", "CN=admin\u{0}.evil.example", "'; DROP TABLE event; --", "$1", "\u{202e}gnp.exe", "e\u{301}\u{0}",
        String(repeating: "\u{0}", count: 50), String(repeating: "a", count: 3_000_000),
        String(repeating: "👩‍👩‍👧‍👦", count: 200_000), "%s%n", "\r\n\u{1b}[31m",
    ]

    @Test("is kept whole or shortened, and never cut at U+0000", arguments: DatabaseDriver.available, texts.indices)
    func everywhere(_ driver: DatabaseDriver, index: Int) async throws {
        let text = Self.texts[index]
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 2)
        var request = TestRecords.request(1, challenge: challenge)
        // It is compared as a whole, so nothing shortens it here; SCEP takes 255 bytes, an index of PostgreSQL's 2.7 kB.
        let transactionID = driver == .postgreSQL ? text.shortened(to: 2_000) : text
        request.identity.transaction.transactionID = transactionID
        request.subject = text
        request.clientAddress = text
        request.explanation = text
        let id = try await registry.waiting(request)
        #expect(try await registry.pend(request, at: TestRecords.now) == .earlier(.pending, request: id))
        let record = try #require(try await registry.latestRequest(of: request.identity.transaction))
        #expect(record.request.subject == text.shortened(to: 2_000).storable)
        #expect(record.request.identity.transaction.transactionID == transactionID.storable)
        #expect(record.request.clientAddress == text.shortened(to: 200).storable)
        #expect(record.request.explanation == text.shortened(to: 20_000).storable)
        #expect(try await registry.knows(transactionID: transactionID, profile: TestRecords.profile))

        var certificate = TestRecords.certificate(1)
        certificate.subject = text
        let outcome = try await registry.approve(
            id, certificate, by: Decider(text), terms: text, needed: 1, at: TestRecords.now)
        #expect(outcome == .issued)
        #expect(try await registry.approvals(of: id).map(\.terms) == [text.storable])
        #expect(try await registry.challenge(challenge.id)?.lastUse?.address == text.shortened(to: 200).storable)
        let earlier = try await registry.earlierCertificates(subject: text, keyDigest: [0], limit: 1)
        #expect(earlier.map(\.certificate.subject) == [text.shortened(to: 2_000).storable])
        let rejected = try await registry.waiting(TestRecords.request(2, transactionID: "2"))
        #expect(try await registry.reject(rejected, reason: text, by: Decider(text), at: TestRecords.now))
        #expect(try await registry.request(rejected)?.state == .rejected(reason: text.storable))

        let event = NewEvent(
            .refused, by: Decider.device, clientAddress: text, subject: text, detail: text, explanation: text)
        let wrong = WrongChallenge(address: text, profile: "default", digest: [1])
        #expect(try await registry.recordRefusal(event, wrongChallenge: wrong, at: TestRecords.now))
        #expect(try await !registry.recordRefusal(event, wrongChallenge: wrong, at: TestRecords.now))
        let events = try await registry.events(
            EventFilter(kinds: [.refused], clientAddress: text), limit: 10)
        #expect(events.count == 2)
        let expected = text.shortened(to: 10_000).storable
        #expect(events.map(\.detail) == [expected, expected])
        #expect(events.first?.subject == text.shortened(to: 2_000).storable)
        #expect(try await registry.wrongChallenges(from: text, since: .distantPast).count == 1)
        let addresses = try await registry.guessingAddresses(since: .distantPast)
        #expect(addresses.map(\.address) == [text.shortened(to: 200).storable])
        #expect(addresses.map(\.profiles) == [["default"]])
        #expect(try await registry.clearWrongChallenges(from: text, by: Decider(text), at: TestRecords.now) == 1)
        #expect(try await registry.pruneWrongChallenges(before: .distantFuture, keepingAtMost: 0) == 0)
    }

    static let shortened: [(text: String, maximum: Int, short: String)] = [
        ("", 0, ""), ("a", 0, "…"), ("a", 1, "a"), ("ab", 1, "a…"), ("abc", 3, "abc"), ("ä", 1, "…"), ("ä", 2, "ä"),
        ("äöü", 5, "äö…"), ("äöü", 6, "äöü"), ("e\u{301}", 2, "e…"), ("\u{1F4F1}\u{1F4F1}", 7, "\u{1F4F1}…"),
        ("\r\n", 1, "\r…"),
    ]

    @Test("is shortened to so many bytes, and to whole characters", arguments: shortened.indices)
    func shortening(index: Int) {
        let (text, maximum, short) = Self.shortened[index]
        #expect(Array(text.shortened(to: maximum).utf8) == Array(short.utf8))
    }

    @Test("says U+FFFD for U+0000 and nothing else")
    func storable() {
        #expect("a\u{0}b\u{0}".storable == "a\u{FFFD}b\u{FFFD}")
        let text = String(String.UnicodeScalarView((1...0x3000).compactMap(Unicode.Scalar.init)))
        #expect(Array(text.storable.unicodeScalars) == Array(text.unicodeScalars))
    }
}
