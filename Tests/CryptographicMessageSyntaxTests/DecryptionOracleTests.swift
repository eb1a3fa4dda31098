import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Whatever goes wrong once bytes are decrypted is one and the same error: RFC 3218 §2.3.
@Suite struct DecryptionOracleTests {
    /// What opening fails with.
    ///
    /// A key that does not decrypt is replaced by a random one, under which one in 256 ciphertexts has a padding that
    /// looks right; so opening is tried until it fails, and what does open must not be the content.
    private static func failure(
        _ envelope: EnvelopedData,
        with key: RSAPrivateKey = TestKeys.device
    ) throws -> CMSError? {
        guard case .keyTransport(let recipient) = envelope.recipientInfos[0] else { return nil }
        for _ in 0..<20 {
            do throws(CMSError) {
                #expect(try envelope.open(recipient, with: key) != Examples.content)
            } catch {
                return error
            }
        }
        return nil
    }

    private static func encryptedKey(of envelope: EnvelopedData) throws -> [UInt8] {
        guard case .keyTransport(let info) = envelope.recipientInfos[0] else {
            throw CMSError(.recipient, "no key transport")
        }
        return info.encryptedKey
    }

    private static func replacing(_ key: [UInt8], in envelope: EnvelopedData) throws -> EnvelopedData {
        guard case .keyTransport(var info) = envelope.recipientInfos[0] else {
            throw CMSError(.recipient, "no key transport")
        }
        var changed = envelope
        info.encryptedKey = key
        changed.recipientInfos = [.keyTransport(info)]
        return changed
    }

    @Test(arguments: ContentEncryptionAlgorithm.allCases, KeyTransportAlgorithm.allCases)
    func `all failures are equal`(cipher: ContentEncryptionAlgorithm, transport: KeyTransportAlgorithm) throws {
        let sealed = try Examples.enveloped(cipher: cipher, transport: transport)
        let device = try Examples.device.get().certificate.publicKey
        let encryptedKey = try Self.encryptedKey(of: sealed)
        let block = cipher.blockLength
        // The content is one block short of its padding: 12 bytes, so a block of 16 or two of 8 hold it.
        var changed = sealed
        var failures: [(String, CMSError?)] = []

        failures.append(("another's key", try Self.failure(sealed, with: TestKeys.otherDevice)))
        for (name, key) in [
            ("a broken block", encryptedKey.map { $0 ^ 1 }),
            ("a block beyond the modulus", [UInt8](repeating: 0xff, count: 256)),
            ("a block of zeros", [UInt8](repeating: 0, count: 256)),
            ("a short block", Array(encryptedKey.dropLast())),
            ("no block", []),
            ("a key one byte short", try device.encrypt(.random(count: cipher.keyLength - 1), transport: transport)),
            ("a key one byte long", try device.encrypt(.random(count: cipher.keyLength + 1), transport: transport)),
            ("an empty key", try device.encrypt([], transport: transport)),
            ("another key", try device.encrypt(.random(count: cipher.keyLength), transport: transport)),
        ] {
            failures.append((name, try Self.failure(try Self.replacing(key, in: sealed))))
        }
        for (name, bytes) in [
            ("no content", []),
            ("half a block", Array(sealed.encryptedContent.prefix(block / 2))),
            ("a block and a byte", sealed.encryptedContent.prefix(block) + [0]),
            ("content cut by a byte", Array(sealed.encryptedContent.dropLast())),
        ] {
            changed.encryptedContent = bytes
            failures.append((name, try Self.failure(changed)))
        }
        for (name, failure) in failures {
            #expect(failure?.code == .decryption, "\(name)")
        }
        #expect(Set(failures.map(\.1)).count == 1)
    }

    /// Flipping bits of the vector flips the same bits of the first block, so every padding byte can be tried.
    @Test(arguments: ContentEncryptionAlgorithm.allCases)
    func `only a right padding is taken off`(cipher: ContentEncryptionAlgorithm) throws {
        let key = [UInt8].random(count: cipher.keyLength)
        let vector = [UInt8].random(count: cipher.blockLength)
        let encrypted = try cipher.encrypt([], key: key, initializationVector: vector)
        #expect(encrypted.count == cipher.blockLength)
        let right = UInt8(cipher.blockLength)
        var failures: Set<CMSError> = []
        for last in UInt8.min...UInt8.max {
            var changed = vector
            changed[cipher.blockLength - 1] ^= last ^ right
            do throws(CMSError) {
                let plaintext = try cipher.decrypt(encrypted, key: key, initializationVector: changed)
                // A last byte of 1 is a padding by itself, the block length is the one that was written.
                #expect(plaintext.count == cipher.blockLength - Int(last))
                #expect(last == 1 || last == right)
            } catch {
                failures.insert(error)
                #expect(last != 1 && last != right)
            }
        }
        #expect(failures.map(\.code) == [.decryption])
        // Each of the other bytes of the padding counts.
        for position in 0..<(cipher.blockLength - 1) {
            var changed = vector
            changed[position] ^= 1
            let error = #expect(throws: CMSError.self) {
                try cipher.decrypt(encrypted, key: key, initializationVector: changed)
            }
            #expect(error.map { failures.contains($0) } == true)
        }
    }

    @Test(arguments: [ContentEncryptionAlgorithm.tripleDES, .aes128, .aes192, .aes256])
    func `a vector that is missing or of the wrong length is visible from outside`(
        cipher: ContentEncryptionAlgorithm
    ) throws {
        var sealed = try Examples.enveloped(cipher: cipher)
        for parameters in [nil, [0x05, 0x00], [0x04, 0x00], [0x04, 0x07, 1, 2, 3, 4, 5, 6, 7]] as [[UInt8]?] {
            sealed.contentEncryptionAlgorithm.parameters = parameters
            #expect(try Self.failure(sealed)?.code == .malformed)
        }
    }

    /// Some clients of the nineties leave the vector out and mean zeros.
    @Test func `single DES without vector has one of zeros`() throws {
        let key = [UInt8].random(count: 8)
        var sealed = try Examples.enveloped(cipher: .des)
        let device = try Examples.device.get()
        sealed = try Self.replacing(try device.certificate.publicKey.encrypt(key, transport: .pkcs1), in: sealed)
        sealed.contentEncryptionAlgorithm.parameters = nil
        sealed.encryptedContent = try ContentEncryptionAlgorithm.des.encrypt(
            Examples.content,
            key: key,
            initializationVector: [UInt8](repeating: 0, count: 8)
        )
        let read = try EnvelopedData(berEncoded: try sealed.derEncoded())
        #expect(try read.open(try read.recipient(for: device.certificate), with: device.key) == Examples.content)
    }

    @Test func `an unknown cipher is visible from outside`() throws {
        var sealed = try Examples.enveloped()
        sealed.contentEncryptionAlgorithm.algorithm = [1, 2, 840, 113549, 3, 2]  // RC2
        #expect(try Self.failure(sealed)?.code == .unsupportedAlgorithm)
    }
}
