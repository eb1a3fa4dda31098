import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// PBKDF2 and PWRI-KEK by the numbers of RFC 3211 §3.
@Suite struct PasswordKeyWrapTests {
    private struct Vector {
        var password: String
        var iterations: Int
        var cipher: ContentEncryptionAlgorithm
        var keyEncryptionKey: String
        var initializationVector: String
        var key: String
        var filling: String
        var wrapped: String
    }

    private static let vectors = [
        Vector(
            password: "password",
            iterations: 5,
            cipher: .des,
            keyEncryptionKey: "d1daa78615f287e6",
            initializationVector: "efe598ef21b33d6d",
            key: "8c627c897323a2f8",
            filling: "c436f541",
            wrapped: "b81b2565ee373ca6dedca26a178b0c10"
        ),
        Vector(
            password: "All n-entities must communicate with other n-entities via n-1 entiteeheehees",
            iterations: 500,
            cipher: .tripleDES,
            keyEncryptionKey: "6a8970bf68c92caea84a8df28510858607126380cc47ab2d",
            initializationVector: "baf1ca7931213c4e",
            key: "8c637d887223a2f965b566eb014b0fa5d52300a3f7ea40fffc577203c71baf3b",
            filling: "fa060a45",
            wrapped: "c03c514abdb9e2c5aac038572b5e24553876b377aafb82eca5a9d73f8ab143d9ec74e6cad7db260c"
        ),
    ]

    private static func wrap(_ vector: Vector) throws -> PasswordKeyWrap {
        let cipher = vector.cipher.identifier(initializationVector: [UInt8](hex: vector.initializationVector))
        return try PasswordKeyWrap(
            AlgorithmIdentifier(
                .Algorithm.passwordKeyWrap,
                parameters: DERWriter.encode { $0.serialize(cipher) }
            )
        )
    }

    @Test(arguments: 0..<2)
    func `a key is derived as RFC 3211 has it`(number: Int) throws {
        let vector = Self.vectors[number]
        var derivation = PBKDF2(iterations: vector.iterations)
        derivation.salt = [UInt8](hex: "1234567878563412")
        derivation.digest = .sha1
        let expected = [UInt8](hex: vector.keyEncryptionKey)
        #expect(try derivation.key(from: Array(vector.password.utf8), length: expected.count) == expected)
        #expect(try PBKDF2(try derivation.identifier) == derivation)
    }

    @Test(arguments: 0..<2)
    func `a key is wrapped and unwrapped as RFC 3211 has it`(number: Int) throws {
        let vector = Self.vectors[number]
        let wrap = try Self.wrap(vector)
        let keyEncryptionKey = [UInt8](hex: vector.keyEncryptionKey)
        let key = [UInt8](hex: vector.key)
        let wrapped = try wrap.wrap(key, with: keyEncryptionKey) { count in
            let filling = [UInt8](hex: vector.filling)
            #expect(filling.count == count)
            return filling
        }
        #expect(wrapped == [UInt8](hex: vector.wrapped))
        #expect(wrap.unwrap(wrapped, with: keyEncryptionKey, length: key.count) == key)
    }

    @Test(arguments: ContentEncryptionAlgorithm.allCases, ContentEncryptionAlgorithm.allCases)
    func `every key is wrapped by every cipher`(
        cipher: ContentEncryptionAlgorithm,
        content: ContentEncryptionAlgorithm
    ) throws {
        let wrap = PasswordKeyWrap(cipher: cipher)
        #expect(try PasswordKeyWrap(try wrap.identifier) == wrap)
        let keyEncryptionKey = [UInt8].random(count: cipher.keyLength)
        let key = [UInt8].random(count: content.keyLength)
        let wrapped = try wrap.wrap(key, with: keyEncryptionKey)
        try wrap.check(wrapped, holds: key.count)
        #expect(wrapped.count % cipher.blockLength == 0 && wrapped.count >= 2 * cipher.blockLength)
        #expect(wrap.unwrap(wrapped, with: keyEncryptionKey, length: key.count) == key)
        #expect(wrap.unwrap(wrapped, with: keyEncryptionKey, length: key.count - 1) == nil)
        #expect(wrap.unwrap(wrapped, with: keyEncryptionKey, length: key.count + 1) == nil)
    }

    /// Length and check bytes together let one wrong key in four thousand million through.
    @Test func `a wrong key or damaged bytes are noticed`() throws {
        let wrap = PasswordKeyWrap(cipher: .aes128)
        let keyEncryptionKey = [UInt8].random(count: 16)
        let wrapped = try wrap.wrap([UInt8].random(count: 16), with: keyEncryptionKey)
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 0x10
            #expect(wrap.unwrap(changed, with: keyEncryptionKey, length: 16) == nil)
        }
        for _ in 0..<100 {
            #expect(wrap.unwrap(wrapped, with: .random(count: 16), length: 16) == nil)
        }
        for bytes in [[], Array(wrapped.prefix(16)), Array(wrapped.dropLast()), [UInt8](repeating: 0, count: 32)] {
            #expect(wrap.unwrap(bytes, with: keyEncryptionKey, length: 16) == nil)
        }
    }

    @Test(arguments: [0, 1, 2, 256, 1000])
    func `a key that has no room in the format is not wrapped`(count: Int) {
        let error = #expect(throws: CMSError.self) {
            try PasswordKeyWrap(cipher: .aes128).wrap(
                [UInt8](repeating: 1, count: count),
                with: [UInt8](repeating: 1, count: 16)
            )
        }
        #expect(error?.code == .key)
    }
}
