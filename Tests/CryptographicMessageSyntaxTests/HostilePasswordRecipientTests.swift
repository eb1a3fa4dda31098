import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Envelopes for a password that are damaged, or made to cost much.
@Suite struct HostilePasswordRecipientTests {
    private static let password = Array("correct horse".utf8)

    /// Cheap to open.
    private static func tree(_ cipher: ContentEncryptionAlgorithm = .aes128) throws -> ASN1Tree {
        try ASN1Tree(
            try EnvelopedData.seal(
                Examples.content,
                password: Self.password,
                cipher: cipher,
                derivation: PBKDF2(iterations: 1)
            ).derEncoded()
        )
    }

    private static func failure(_ bytes: [UInt8], password: [UInt8] = Self.password) -> CMSError? {
        do throws(CMSError) {
            _ = try EnvelopedData(berEncoded: bytes).open(password: password)
            return nil
        } catch {
            return error
        }
    }

    /// A change to a part of the PasswordRecipientInfo.
    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var apply: @Sendable (inout ASN1Tree) throws -> Void

        init(_ description: String, _ apply: @escaping @Sendable (inout ASN1Tree) throws -> Void) {
            self.testDescription = description
            self.apply = apply
        }

        /// Another encoding at a place in the PBKDF2-params: salt, iterationCount, prf.
        static func derivation(_ place: Int, _ hex: String, _ description: String) -> Change {
            Change(description) { $0[1, 0, 1, 0, 1, 1, place] = try ASN1Tree([UInt8](hex: hex)) }
        }
    }

    @Test(
        arguments: [
            (.derivation(1, "02 03 0f 42 41", "1,000,001 iterations"), .tooComplex),
            (.derivation(1, "02 04 7f ff ff ff", "two thousand million iterations"), .tooComplex),
            (.derivation(1, "02 05 01 00 00 00 01", "more than 32 bits of iterations"), .tooComplex),
            (.derivation(1, "02 09 01 00 00 00 00 00 00 00 00", "more than 64 bits of iterations"), .malformed),
            (.derivation(1, "02 01 00", "no iterations"), .malformed),
            (.derivation(1, "02 01 ff", "minus one iterations"), .malformed),
            (.derivation(1, "02 00", "an iterationCount without octets"), .malformed),
            (.derivation(1, "04 01 01", "an iterationCount that is no INTEGER"), .malformed),
            (.derivation(0, "30 03 06 01 2a", "a salt from another source"), .unsupportedAlgorithm),
            (.derivation(0, "02 01 01", "a salt that is no string"), .malformed),
            (.derivation(2, "30 03 06 01 2a", "an unknown function"), .unsupportedAlgorithm),
            (.derivation(2, "02 01 20", "a key of the wrong length"), .malformed),
            (.derivation(2, "02 01 ff", "a key of a negative length"), .malformed),
            (Change("no derivation") { $0 = $0.removing([1, 0, 1, 0, 1]) }, .unsupportedAlgorithm),
            (
                Change("scrypt") { $0[1, 0, 1, 0, 1, 0].octets = [0x2b, 0x06, 1, 4, 1, 0xda, 0x47, 4, 11] },
                .unsupportedAlgorithm
            ),
            (Change("no parameters of PBKDF2") { $0 = $0.removing([1, 0, 1, 0, 1, 1]) }, .unsupportedAlgorithm),
            (Change("no parameters of PWRI-KEK") { $0 = $0.removing([1, 0, 1, 0, 2, 1]) }, .unsupportedAlgorithm),
            (Change("another wrap") { $0[1, 0, 1, 0, 2, 0].octets = [0x2a, 3] }, .unsupportedAlgorithm),
            (Change("an unknown cipher") { $0[1, 0, 1, 0, 2, 1, 0].octets = [0x2a, 3] }, .unsupportedAlgorithm),
            (Change("no vector") { $0 = $0.removing([1, 0, 1, 0, 2, 1, 1]) }, .malformed),
            (Change("a short vector") { $0[1, 0, 1, 0, 2, 1, 1].octets.removeLast() }, .malformed),
            (Change("no encrypted key") { $0 = $0.removing([1, 0, 1, 0, 3]) }, .malformed),
            (Change("an empty encrypted key") { $0[1, 0, 1, 0, 3].octets = [] }, .malformed),
            (Change("one block") { $0[1, 0, 1, 0, 3].octets.removeLast(16) }, .malformed),
            (Change("part of a block") { $0[1, 0, 1, 0, 3].octets.removeLast() }, .malformed),
            (Change("no RecipientInfo") { $0[1, 0, 1].children = [] }, .recipient),
        ] as [(Change, CMSError.Code)]
    )
    func `what is visible from outside is said`(change: Change, code: CMSError.Code) throws {
        var tree = try Self.tree()
        try change.apply(&tree)
        #expect(Self.failure(tree.der)?.code == code)
    }

    /// The cap comes before the work: a wrong or empty password changes nothing, and nobody waits.
    @Test(.timeLimit(.minutes(1))) func `too many iterations cost nothing`() throws {
        var tree = try Self.tree()
        tree[1, 0, 1, 0, 1, 1, 1].octets = [0x7f, 0xff, 0xff, 0xff]
        for _ in 0..<100 { #expect(Self.failure(tree.der, password: [])?.code == .tooComplex) }
    }

    /// Several of them would each have to be tried; a message has one.
    @Test func `only the first is tried`() throws {
        var tree = try Self.tree()
        var wrong = tree[1, 0, 1, 0]
        wrong[3].octets[0] ^= 1
        tree[1, 0, 1].children.insert(wrong, at: 0)
        #expect(Self.failure(tree.der) == .contentDoesNotDecrypt)
        tree[1, 0, 1].children.swapAt(0, 1)
        #expect(Self.failure(tree.der) == nil)
    }

    @Test(arguments: ContentEncryptionAlgorithm.allCases)
    func `everything that depends on the password is one error`(cipher: ContentEncryptionAlgorithm) throws {
        let tree = try Self.tree(cipher)
        var failures: [CMSError?] = [
            Self.failure(tree.der, password: []),
            Self.failure(tree.der, password: Array("wrong".utf8)),
            // Not with a zero behind it, which is the same to HMAC (RFC 2104 §2).
            Self.failure(tree.der, password: Self.password + [1]),
        ]
        for index in tree[1, 0, 1, 0, 3].octets.indices {
            var changed = tree
            changed[1, 0, 1, 0, 3].octets[index] ^= 1
            // Another key that passes the wrap's check opens something once in a while, because one in 256 last blocks
            // ends like a padding; never the content.
            let opened = try? EnvelopedData(berEncoded: changed.der).open(password: Self.password)
            #expect(opened != Examples.content)
            if opened == nil { failures.append(Self.failure(changed.der)) }
        }
        var salt = tree
        salt[1, 0, 1, 0, 1, 1, 0].octets[0] ^= 1
        var longer = tree
        longer[1, 0, 1, 0, 3].octets += [UInt8](repeating: 0, count: cipher.blockLength)
        var content = tree
        content[1, 0, 2, 2].octets.removeLast()
        for changed in [salt, longer, content] { failures.append(Self.failure(changed.der)) }
        if tree[1, 0, 2, 2].octets.count == 2 * cipher.blockLength {
            // The block before the last changes the padding, and nothing else that is checked.
            var padding = tree
            padding[1, 0, 2, 2].octets[cipher.blockLength - 1] ^= 0x80
            failures.append(Self.failure(padding.der))
        }
        for failure in failures { #expect(failure == .contentDoesNotDecrypt) }
    }

    @Test func `every truncation is malformed`() throws {
        let bytes = try Self.tree().der
        for count in 0..<bytes.count {
            #expect(Self.failure(Array(bytes.prefix(count)))?.code == .malformed, "cut after \(count) bytes")
        }
    }

    @Test func `a missing element never traps`() throws {
        let tree = try Self.tree()
        var refused = 0
        for path in tree.paths where !path.isEmpty {
            if Self.failure(tree.removing(path).der) != nil { refused += 1 }
        }
        #expect(refused > 20)
    }

    /// Every byte in several ways; what still opens has another version, or parameters that nobody looks at.
    @Test(arguments: [UInt8(0x01), 0x02, 0x04, 0x20, 0x80, 0xff]) func `a changed byte never traps`(mask: UInt8) throws
    {
        let bytes = try Self.tree().der
        var refused = 0
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= mask
            if Self.failure(changed) != nil { refused += 1 }
        }
        #expect(refused > bytes.count * 8 / 10)
    }

    /// Phones write everything with indefinite lengths.
    @Test(arguments: [1, 7, 100]) func `BER is read`(chunk: Int) throws {
        let inPieces: Set<[Int]> = [[1, 0, 1, 0, 3], [1, 0, 1, 0, 1, 1, 0], [1, 0, 1, 0, 2, 1, 1], [1, 0, 2, 2]]
        let bytes = try Self.tree().encoded { inPieces.contains($0) ? .chunked(chunk) : .indefinite }
        #expect(try EnvelopedData(berEncoded: bytes).open(password: Self.password) == Examples.content)
    }
}
