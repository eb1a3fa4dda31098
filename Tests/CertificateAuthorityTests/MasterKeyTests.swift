import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A master key")
struct MasterKeyTests {
    static let secret = Array("a private key".utf8)

    static func other() throws -> MasterKey {
        try #require(MasterKey(bytes: [UInt8](repeating: 8, count: 32)))
    }

    @Test("has 32 bytes", arguments: [(0, false), (16, false), (31, false), (32, true), (33, false), (64, false)])
    func length(count: Int, isKey: Bool) {
        #expect((MasterKey(bytes: [UInt8](repeating: 1, count: count)) != nil) == isKey)
    }

    @Test("is never generated twice")
    func generate() {
        let keys = (0..<100).map { _ in MasterKey.generate() }
        #expect(Set(keys).count == 100)
        #expect(keys.allSatisfy { $0.count == MasterKey.length })
    }

    @Test("opens what it sealed, whatever its size", arguments: [0, 1, 15, 16, 1700])
    func roundTrip(count: Int) throws {
        let secret = [UInt8](repeating: 0x5a, count: count)
        let sealed = try MasterKey.test.seal(secret, for: "a")
        #expect(sealed.count == count + 28)
        #expect(try MasterKey.test.open(sealed, for: "a") == secret)
    }

    @Test("never seals the same twice the same way, and shows nothing of the secret")
    func isRandomised() throws {
        let one = try MasterKey.test.seal(Self.secret, for: "a")
        let other = try MasterKey.test.seal(Self.secret, for: "a")
        #expect(one != other)
        #expect(one.firstRange(of: Self.secret) == nil)
    }

    @Test("opens nothing for another purpose", arguments: ["", "b", "a ", "A"])
    func otherPurpose(purpose: String) throws {
        let sealed = try MasterKey.test.seal(Self.secret, for: "a")
        #expect(throws: KeyError.wrongMasterKey(purpose: purpose)) { try MasterKey.test.open(sealed, for: purpose) }
    }

    @Test("opens nothing that another one sealed")
    func otherKey() throws {
        let sealed = try MasterKey.test.seal(Self.secret, for: "a")
        #expect(throws: KeyError.wrongMasterKey(purpose: "a")) { try Self.other().open(sealed, for: "a") }
    }

    @Test("opens nothing of which any byte has changed")
    func damaged() throws {
        let sealed = try MasterKey.test.seal(Self.secret, for: "a")
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 0x01
            #expect(throws: KeyError.wrongMasterKey(purpose: "a")) { try MasterKey.test.open(damaged, for: "a") }
        }
    }

    @Test("opens nothing that is truncated anywhere")
    func truncated() throws {
        let sealed = try MasterKey.test.seal(Self.secret, for: "a")
        for count in 0..<sealed.count {
            #expect(throws: KeyError.wrongMasterKey(purpose: "a")) {
                try MasterKey.test.open(Array(sealed.prefix(count)), for: "a")
            }
        }
    }
}

@Suite("What is kept of a challenge")
struct ChallengeDigestTests {
    static let challenge = Array("correct horse".utf8)

    @Test(
        "knows the challenge again, and no other",
        arguments: [
            ("correct horse", true), ("correct hors", false), ("correct horse ", false), ("Correct horse", false),
            ("correct horse␀", false), ("", false),
        ])
    func recognition(challenge: String, isRight: Bool) {
        let kept = MasterKey.test.digest(ofChallenge: Self.challenge, profile: "default")
        #expect(
            MasterKey.test.isChallenge(
                Array(challenge.replacing("␀", with: "\0").utf8), profile: "default", keptAs: kept) == isRight)
    }

    @Test("counts in its profile only", arguments: ["", "defaul", "default ", "other"])
    func profile(_ profile: String) {
        let kept = MasterKey.test.digest(ofChallenge: Self.challenge, profile: "default")
        #expect(!MasterKey.test.isChallenge(Self.challenge, profile: profile, keptAs: kept))
    }

    @Test("does not mix the profile's name with the challenge")
    func boundary() {
        #expect(
            MasterKey.test.digest(ofChallenge: Array("bc".utf8), profile: "a")
                != MasterKey.test.digest(ofChallenge: Array("c".utf8), profile: "ab")
        )
    }

    @Test("counts under its master key only")
    func masterKey() throws {
        let kept = MasterKey.test.digest(ofChallenge: Self.challenge, profile: "default")
        #expect(try !MasterKeyTests.other().isChallenge(Self.challenge, profile: "default", keptAs: kept))
    }

    @Test("is refused where it is none", arguments: [0, 16, 31, 33])
    func damaged(count: Int) {
        let kept = MasterKey.test.digest(ofChallenge: Self.challenge, profile: "default")
        let damaged = Array((kept + [0]).prefix(count))
        #expect(!MasterKey.test.isChallenge(Self.challenge, profile: "default", keptAs: damaged))
    }
}
