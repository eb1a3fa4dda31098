import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A master key from a passphrase")
struct PassphraseTests {
    static let salt = [UInt8](repeating: 3, count: 16)

    @Test("is the same for the same passphrase, however its umlauts are typed, and for no other")
    func derivation() throws {
        let key = try MasterKey(passphrase: "Schlüssel", salt: Self.salt)
        let sealed = try key.seal([1, 2, 3], for: "a")
        #expect(try MasterKey(passphrase: "Schlu\u{308}ssel", salt: Self.salt).open(sealed, for: "a") == [1, 2, 3])
        let others = [
            try MasterKey(passphrase: "Schlussel", salt: Self.salt),
            try MasterKey(passphrase: "Schlüssel", salt: [UInt8](repeating: 4, count: 16)),
        ]
        for other in others {
            #expect(throws: KeyError.wrongMasterKey(purpose: "a")) { try other.open(sealed, for: "a") }
        }
    }

    @Test("is scrypt's (RFC 7914) with N = 2¹⁷, r = 8, p = 1")
    func vector() throws {
        // hashlib.scrypt(b"correct horse", salt=bytes([3] * 16), n=131072, r=8, p=1, maxmem=2**28, dklen=32)
        let bytes = [UInt8](hex: "a9d94b8a0e1faa2fe1ef022ff0239a832426f108d82e9fc70caa530a71ce9555")
        let sealed = try #require(MasterKey(bytes: bytes)).seal([1, 2, 3], for: "a")
        #expect(try MasterKey(passphrase: "correct horse", salt: Self.salt).open(sealed, for: "a") == [1, 2, 3])
    }

    @Test("is none where the passphrase is empty or the salt is not 16 bytes", arguments: [0, 15, 17])
    func wrong(count: Int) {
        #expect(throws: KeyError.self) {
            try MasterKey(passphrase: "a", salt: [UInt8](repeating: 0, count: count))
        }
        #expect(throws: KeyError.self) { try MasterKey(passphrase: "", salt: Self.salt) }
    }

    @Test("has a salt that is never the same")
    func salts() {
        let salts = (0..<100).map { _ in MasterKey.generateSalt() }
        #expect(Set(salts).count == 100)
        #expect(salts.allSatisfy { $0.count == MasterKey.saltLength })
    }

    @Test("knows the challenges of the key before it, and seals by itself")
    func adopting() throws {
        let earlier = MasterKey.test
        let key = try MasterKeyTests.other()
        let both = key.adopting(challengeKey: earlier.challengeKey)
        let kept = earlier.digest(ofChallenge: ChallengeDigestTests.challenge, profile: "p")
        #expect(!key.isChallenge(ChallengeDigestTests.challenge, profile: "p", keptAs: kept))
        #expect(both.isChallenge(ChallengeDigestTests.challenge, profile: "p", keptAs: kept))
        #expect(both.challengeKey == earlier.challengeKey)
        #expect(both.challengeKey != key.challengeKey)
        #expect(try key.open(try both.seal([1], for: "a"), for: "a") == [1])
    }
}
