import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Server

@Suite("A generated secret")
struct GeneratedSecretTests {
    @Test("is four groups of five characters that nobody mistakes, and never the same")
    func form() {
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let secret = GeneratedSecret.make()
            let groups = secret.split(separator: "-", omittingEmptySubsequences: false)
            #expect(groups.map(\.count) == [5, 5, 5, 5])
            #expect(secret.allSatisfy { "abcdefghjkmnpqrstuvwxyz23456789-".contains($0) })
            #expect(seen.insert(secret).inserted)
        }
        // Every character comes up.
        #expect(Set(seen.joined()).count == 32)
    }
}

@Suite("What is kept of a password")
struct PasswordHashTests {
    @Test("is scrypt with its parameters, salted, and nothing of the password", arguments: ["", "secret", "gehéim 🔑"])
    func form(password: String) throws {
        let kept = try PasswordHash.make(password).text
        #expect(password.isEmpty || !kept.contains(password))
        let fields = kept.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        #expect(fields.prefix(4) == ["scrypt", "32768", "8", "3"])
        #expect(fields.count == 6)
        let salt = try #require(Data(base64Encoded: fields[4]))
        #expect(salt.count == 16)
        let again = try KDF.Scrypt.deriveKey(
            from: Array(password.precomposedStringWithCanonicalMapping.utf8),
            salt: Array(salt),
            outputByteCount: 32,
            rounds: 32_768,
            blockSize: 8,
            parallelism: 3,
            maxMemory: 64 << 20
        )
        #expect(again.withUnsafeBytes { Data($0) } == Data(base64Encoded: fields[5]))
    }

    @Test("is another one each time")
    func salt() throws {
        #expect(try PasswordHash.make("secret") != PasswordHash.make("secret"))
    }
}
