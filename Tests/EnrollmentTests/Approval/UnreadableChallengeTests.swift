import Enrollment
import Foundation
import Registry
import TestSupport
import Testing

/// A challenge that a later version has bound to something which this one does not know must not be good for everything.
@Suite("A challenge whose stored binding cannot be read")
struct UnreadableChallengeTests {
    static let bindings = [
        "", "[]", #"{"subjects":["CN"]}"#, #"{"addressRanges":["10.0.0.0/33"]}"#, #"{"template":7}"#,
    ]

    static func challenge(_ binding: String, maximumUses: Int?) throws -> NewChallenge {
        var challenge = try NewChallenge.test(DynamicChallengeTests.secret, maximumUses: maximumUses)
        challenge.binding = binding
        challenge.device = "pump-4"
        return challenge
    }

    static func insert(_ binding: String, uses: Int?, into registry: Registry) async throws -> ChallengeRecord {
        let challenge = try Self.challenge(binding, maximumUses: uses)
        _ = try await registry.insert([challenge], by: "anna", at: TestAuthority.now)
        let found = try await registry.challenge(digest: challenge.digest, profile: challenge.profile)
        return try #require(found)
    }

    @Test("buys nothing, is not used up, and the device may come back", arguments: Self.bindings)
    func enrolment(binding: String) async throws {
        try await withAuthority { authority in
            let record = try await Self.insert(binding, uses: 1, into: authority.registry)
            let error = await #expect(throws: UnansweredRequest.self) {
                try await authority.enrol(try DynamicChallengeTests.enrolment())
            }
            #expect(error?.retryAt == nil)
            let after = try #require(try await authority.registry.challenge(record.id))
            #expect(after == record)
            #expect(try await authority.registry.certificateCount() == 0)
            // It is ours, so whoever has it guesses nothing.
            let guesses = try await authority.registry.guessingAddresses(since: .distantPast)
            #expect(guesses.isEmpty)
        }
    }

    @Test("has a name all the same, by which an administrator finds it", arguments: [1, nil])
    func name(uses: Int?) async throws {
        try await withAuthority { authority in
            let record = try await Self.insert("[]", uses: uses, into: authority.registry)
            #expect(throws: (any Error).self) { try KnownChallenge(record) }
            let name = "\(uses == nil ? "static " : "")challenge \(record.id) (device pump-4)"
            #expect(KnownChallenge.name(of: record) == name)
        }
    }
}
