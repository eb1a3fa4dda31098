import Foundation
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct SubjectPublicKeyInfoTests {
    static let bits2047 =
        "MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQBxkAjieAIPam+ubL4NPo/XtuhF7Y3gbaDpiYP6H6gkieNbLDPs"
        + "hofuommM5/K0AfUCg8vT5ucF59ZHjp79pTeVfJLAJpQ/I+kehc3IPOJ+wxBT0mSSPxZNbZNQic6eX6wpfZN3aR1GsBC/"
        + "d3Lp7ncc9l0ju0UBhxNqAv/sRU7ycmltC7XQqLHodBb0LExg6qXlVCzQfZHGF1b/zI0oQf7sbMymwjmsbKTcOc1TiHZ7"
        + "QhIsbqNciFbVN1+pdMKWIXUjX7b98plXjeRVmqHyrJ2+x1lFnfjqNwe5e+GbxEYfZWe4PEQ/kGW4ThN+bR0OGIGekyur"
        + "cGULvgyN2ZWuN5UNAgMBAAE="
    static let bits2050 =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEC6q3F0DExka8WFYG7HH6ZBxJsWxNbQ0UvAuMiEH73YxzAxgCr"
        + "hWzjQQD7hbOISN/hkxxzOmBsHzWashGrwVo1CHwNOCWzECVx9Ja5Jq9raclhBKwuXM6ovxClRNhDOhRHqI5dxj92y7xC"
        + "Z5TXjXRoCiLFl0kl5gEhjanmwshZTYQ/EldW0NcRQ9w8/j3OBNa7IhS7j/xjK9cfkVjoMyGNJphabKePX57cVGhV4Gp9"
        + "kdSpaF6KaBwiVDbH3Yf5QZOUDruWKkkxkk0RcktAycaf0Q4yAv81hIB0m4hwbOtt4c1LDa6dc0JTklnN9s1Lm87na4we"
        + "X8hZ3gu+5TLNRFAY0QIDAQAB"

    private static func key(_ base64: String) throws -> SubjectPublicKeyInfo {
        try SubjectPublicKeyInfo(derEncoded: Array(try #require(Data(base64Encoded: base64))))
    }

    @Test(arguments: [
        (OpenSSLSignatures.key512, 512), (OpenSSLSignatures.key1024, 1024), (Self.bits2047, 2047),
        (Self.bits2050, 2050),
    ])
    func `the bits of a modulus are counted`(base64: String, bits: Int) throws {
        let key = try Self.key(base64)
        #expect(key.kind == .rsa(bits: bits, exponent: 65_537))
        #expect(key.rsaModulus?.count == (bits + 7) / 8)
        #expect(key.rsaModulus?.first != 0)
    }

    /// swift-crypto's initializer from DER refuses a modulus that does not end at a byte; from 2048 bits on
    /// such clients get answers too.
    @Test(arguments: [
        (OpenSSLSignatures.key1024, 128), (Self.bits2050, 257),
    ])
    func `a key of an odd size receives keys`(base64: String, length: Int) throws {
        let key = try Self.key(base64)
        #expect(key.canReceiveKeys)
        for transport in KeyTransportAlgorithm.allCases {
            #expect(try key.encrypt([UInt8](repeating: 1, count: 32), transport: transport).count == length)
        }
    }

    @Test func `a key that cannot receive keys says so`() throws {
        var exponent = try ASN1Tree(try Examples.device.get().certificate.publicKey.derEncoded)
        var inner = try ASN1Tree(Array(exponent[1].octets.dropFirst()))
        inner[1].octets = [0x01, 0, 0, 0, 0, 0, 0x01]
        exponent[1].octets = [0] + inner.der
        var other = try ASN1Tree(try Examples.device.get().certificate.publicKey.derEncoded)
        other[0, 0].octets = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
        for key in [
            try Self.key(OpenSSLSignatures.key512), try Self.key(Self.bits2047),
            try SubjectPublicKeyInfo(derEncoded: exponent.der),
            try SubjectPublicKeyInfo(derEncoded: other.der),
        ] {
            #expect(!key.canReceiveKeys)
            let error = #expect(throws: CMSError.self) { try key.encrypt([1], transport: .pkcs1) }
            #expect(error?.code == .key)
        }
    }

    /// Some clients write the NULL of rsaEncryption, some leave it out; it is the same key.
    @Test func `keys are compared without their algorithm's parameters`() throws {
        let device = try Examples.device.get().certificate.publicKey
        var tree = try ASN1Tree(device.derEncoded)
        tree[0].children.removeLast()
        let without = try SubjectPublicKeyInfo(derEncoded: tree.der)
        #expect(without.isSameKey(as: device))
        #expect(without != device)
        #expect(try !Examples.other.get().certificate.publicKey.isSameKey(as: device))
    }
}
