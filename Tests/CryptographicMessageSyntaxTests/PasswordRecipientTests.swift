import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct PasswordRecipientTests {
    private static let password = Array("correct horse".utf8)

    @Test(arguments: ContentEncryptionAlgorithm.allCases)
    func `what is sealed opens`(cipher: ContentEncryptionAlgorithm) throws {
        for length in [0, 1, 7, 8, 15, 16, 17, 1000] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let sealed = try EnvelopedData.seal(content, password: Self.password, cipher: cipher)
            let read = try EnvelopedData(berEncoded: try sealed.derEncoded())
            #expect(read == sealed)
            #expect(try read.contentEncryption == cipher)
            #expect(try read.open(password: Self.password) == content)
        }
    }

    /// The challenge of a device is the only secret there is; whoever has recorded an answer must not get at it fast.
    @Test(arguments: [ContentEncryptionAlgorithm.tripleDES, .aes128, .aes256])
    func `it is written with SHA-256, a new salt and thousands of iterations`(
        cipher: ContentEncryptionAlgorithm
    ) throws {
        var salts: Set<[UInt8]> = []
        for _ in 0..<3 {
            let sealed = try EnvelopedData.seal([1], password: Self.password, cipher: cipher)
            guard case .password(let info) = sealed.recipientInfos[0] else {
                throw CMSError(.recipient, "no password")
            }
            let derivation = try PBKDF2(try #require(info.keyDerivationAlgorithm))
            #expect(derivation.digest == .sha256)
            #expect(derivation.iterations == 100_000)
            #expect(derivation.salt.count == 16)
            #expect(derivation.keyLength == nil)
            salts.insert(derivation.salt)
            #expect(try PasswordKeyWrap(info.keyEncryptionAlgorithm).cipher == cipher)
        }
        #expect(salts.count == 3)
    }

    /// RFC 5652 §6.1: a message with a PasswordRecipientInfo has version 3, and that itself always 0.
    @Test func `the versions are right`() throws {
        let tree = try ASN1Tree(try Self.sealed().derEncoded())
        #expect(tree[1, 0, 0].octets == [3])
        #expect(tree[1, 0, 1, 0].tag == 0xa3)
        #expect(tree[1, 0, 1, 0, 0].octets == [0])
        #expect(tree[1, 0, 1, 0, 1].tag == 0xa0)
    }

    /// Cheap to open, for tests that do it often.
    private static func sealed(_ derivation: PBKDF2 = PBKDF2(iterations: 1)) throws -> EnvelopedData {
        try EnvelopedData.seal(Examples.content, password: Self.password, cipher: .aes128, derivation: derivation)
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha224, .sha256, .sha384, .sha512], [nil, 16])
    func `every function is read`(digest: DigestAlgorithm, keyLength: Int?) throws {
        var derivation = PBKDF2(iterations: 3)
        derivation.digest = digest
        derivation.keyLength = keyLength
        let read = try EnvelopedData(berEncoded: try Self.sealed(derivation).derEncoded())
        #expect(try read.open(password: Self.password) == Examples.content)
    }

    /// Key and content need not be encrypted by the same cipher.
    @Test func `another cipher for the key is read`() throws {
        let key = [UInt8].random(count: 32)
        let vector = [UInt8].random(count: 16)
        let wrap = PasswordKeyWrap(cipher: .tripleDES)
        let derivation = PBKDF2(iterations: 1)
        let envelope = EnvelopedData(
            recipientInfos: [
                .other(4),
                .password(
                    PasswordRecipientInfo(
                        keyDerivationAlgorithm: try derivation.identifier,
                        keyEncryptionAlgorithm: try wrap.identifier,
                        encryptedKey: try wrap.wrap(key, with: try derivation.key(from: Self.password, length: 24))
                    )
                ),
            ],
            contentType: .CMS.data,
            contentEncryptionAlgorithm: ContentEncryptionAlgorithm.aes256.identifier(initializationVector: vector),
            encryptedContent: try ContentEncryptionAlgorithm.aes256.encrypt(
                Examples.content,
                key: key,
                initializationVector: vector
            )
        )
        #expect(try envelope.open(password: Self.password) == Examples.content)
    }

    @Test func `a message can be for a key and a password`() throws {
        let device = try Examples.device.get()
        var both = try Self.sealed()
        both.recipientInfos += try Examples.enveloped().recipientInfos
        let read = try EnvelopedData(berEncoded: try both.derEncoded())
        #expect(try read.open(password: Self.password) == Examples.content)
        #expect(try read.recipient(for: device.certificate).encryptedKey.count == 256)
    }

    @Test func `an empty password seals nothing`() {
        let error = #expect(throws: CMSError.self) { try EnvelopedData.seal([1], password: [], cipher: .aes128) }
        #expect(error?.code == .key)
    }

    @Test func `a message for a key opens with no password`() throws {
        let sealed = try Examples.enveloped()
        let error = #expect(throws: CMSError.self) { try sealed.open(password: Self.password) }
        #expect(error?.code == .recipient)
        let device = try Examples.device.get()
        let other = #expect(throws: CMSError.self) { try Self.sealed().recipient(for: device.certificate) }
        #expect(other?.code == .recipient)
    }

    @Test(.needsOpenSSL, arguments: ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"])
    func `a message of OpenSSL's opens`(cipher: String) throws {
        let sealed = try OpenSSL.with { openssl in
            try openssl.write(["content": Examples.content])
            try openssl.run(
                "cms -encrypt -binary -in content -outform DER -out message -pwri_password secret -\(cipher)"
            )
            return try EnvelopedData(berEncoded: try openssl.read("message"))
        }
        #expect(try sealed.open(password: Array("secret".utf8)) == Examples.content)
        let error = #expect(throws: CMSError.self) { try sealed.open(password: Array("Secret".utf8)) }
        #expect(error == .contentDoesNotDecrypt)
    }

    @Test(.needsOpenSSL, arguments: [ContentEncryptionAlgorithm.tripleDES, .aes128, .aes192, .aes256])
    func `OpenSSL opens a message of ours`(cipher: ContentEncryptionAlgorithm) throws {
        let sealed = try EnvelopedData.seal(Examples.content, password: Array("secret".utf8), cipher: cipher)
        try OpenSSL.with { openssl in
            try openssl.write(["message": try sealed.derEncoded()])
            try openssl.run("cms -decrypt -binary -inform DER -in message -out content -pwri_password secret")
            #expect(try openssl.read("content") == Examples.content)
        }
    }
}
