import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@Suite("Who guesses challenges")
struct GuessingTests {
    static func guess(_ challenge: String, transactionID: String = "1") throws -> TestEnrolment {
        var enrolment = try TestEnrolment()
        enrolment.challenge = challenge
        enrolment.transactionID = transactionID
        return enrolment
    }

    /// When an address may try again after so many guesses, a minute apart.
    @Test(
        "waits, twice as long each time, and is locked in the end",
        arguments: [(4, nil), (5, 1), (6, 2), (8, 8), (13, 256), (14, 300), (19, 300), (20, 3600 - 19 * 60)]
            as [(Int, Int?)]
    )
    func waits(guesses: Int, seconds: Int?) {
        let now = TestAuthority.now
        let dates = (0..<guesses).map { now.addingTimeInterval(-Double($0) * 60) }
        let until = LimitSettings().obstacle(toGuesses: dates, at: now)
        #expect(until == seconds.map { now.addingTimeInterval(Double($0)) })
    }

    @Test("gets an HTTP error once it has to wait, also with the right challenge; others do not")
    func lock() async throws {
        try await withAuthority { authority in
            for number in 0..<5 {
                let refused = try await authority.enrol(try Self.guess("guess \(number)"))
                #expect(refused.exchange.isConcealed)
            }
            let error = await #expect(throws: UnansweredRequest.self) {
                try await authority.enrol(try Self.guess(TestAuthority.challenge))
            }
            #expect(error?.retryAt == TestAuthority.now.addingTimeInterval(1))
            #expect(error?.reason.contains("ucm limits clear \(TestAuthority.clientAddress)") == true)
            let elsewhere = try await authority.enrol(try Self.guess(TestAuthority.challenge), from: "192.0.2.8")
            #expect(elsewhere.reply.certificates.count == 1)
            // An admin can end it.
            let cleared = try await authority.registry.clearWrongChallenges(
                from: TestAuthority.clientAddress,
                by: "anna",
                at: TestAuthority.now
            )
            #expect(cleared == 5)
            try await authority.limits.followGuesses(in: authority.registry, at: TestAuthority.now)
            #expect(try await authority.enrol(try Self.guess(TestAuthority.challenge)).reply.certificates.count == 1)
        }
    }

    @Test("is not who repeats the same wrong challenge")
    func repetition() async throws {
        try await withAuthority { authority in
            for number in 0..<30 {
                _ = try await authority.enrol(try Self.guess("mistyped", transactionID: "\(number)"))
            }
            #expect(try await authority.enrol(try Self.guess(TestAuthority.challenge)).reply.certificates.count == 1)
        }
    }

    @Test("renews all the same, for that needs no guessing")
    func renewal() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let certificate = try await authority.certificate(for: enrolment)
            for number in 0..<5 { _ = try await authority.enrol(try Self.guess("guess \(number)")) }
            for type in [MessageType.renewalReq, .pkcsReq] {
                var renewal = try TestEnrolment.renewal(of: certificate, by: enrolment.client, as: type)
                renewal.transactionID = "renewal \(type)"
                #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
            }
        }
    }

    @Test("guesses also in a renewal that is granted without the challenge")
    func renewalWithGuess() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let certificate = try await authority.certificate(for: enrolment)
            // The last two are no guesses: the same one again, and one that is good.
            let challenges = (0..<4).map { "guess \($0)" } + ["guess 3", TestAuthority.challenge]
            for (number, challenge) in challenges.enumerated() {
                var renewal = try TestEnrolment.renewal(of: certificate, by: enrolment.client, as: .pkcsReq)
                renewal.transactionID = "renewal \(number)"
                renewal.challenge = challenge
                renewal.requestKey = number < 5 ? TestKeys.otherDevice : nil
                #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
            }
            let counted = try await authority.registry.guessingAddresses(since: .distantPast)
            #expect(counted.map(\.count) == [4])
            // One more, and the address has to wait, but not to renew.
            for number in 6...7 {
                var renewal = try TestEnrolment.renewal(of: certificate, by: enrolment.client, as: .pkcsReq)
                renewal.transactionID = "renewal \(number)"
                renewal.challenge = "guess \(number)"
                #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
            }
            await #expect(throws: UnansweredRequest.self) {
                try await authority.enrol(try Self.guess(TestAuthority.challenge, transactionID: "2"))
            }
        }
    }

    @Test("is one network of 64 bits in IPv6")
    func network() async throws {
        try await withAuthority { authority in
            for number in 0..<5 {
                _ = try await authority.enrol(try Self.guess("guess \(number)"), from: "2001:db8::\(number)")
            }
            await #expect(throws: UnansweredRequest.self) {
                try await authority.enrol(try Self.guess(TestAuthority.challenge), from: "2001:db8::ffff")
            }
            let neighbour = try await authority.enrol(try Self.guess(TestAuthority.challenge), from: "2001:db8:0:1::1")
            #expect(neighbour.reply.certificates.count == 1)
        }
    }

    @Test("from many addresses slows the profile's refusals and raises an alarm, but locks nobody out")
    func profile() async throws {
        try await withAuthority { authority in
            var alarms = 0
            for number in 0..<101 {
                let exchange = try await authority.enrol(
                    try Self.guess("guess \(number)"),
                    from: "198.51.100.\(number)"
                ).exchange
                alarms += exchange.alarm == nil ? 0 : 1
                #expect(exchange.isSlowed == (number >= 99))
            }
            #expect(alarms == 1)
            #expect(try await authority.enrol(try Self.guess(TestAuthority.challenge)).reply.certificates.count == 1)
            let filter = EventFilter(kinds: [.guessingAlarm])
            let events = try await authority.registry.events(filter, limit: 10)
            #expect(events.count == 1)
        }
    }
}
