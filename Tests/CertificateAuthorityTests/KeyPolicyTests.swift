import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority
@testable import CryptographicMessageSyntax

@Suite("A key to be certified")
struct KeyPolicyTests {
    /// An RSA key of which only the numbers matter.
    static func rsa(bits: Int, exponent: [UInt8] = [0x01, 0x00, 0x01]) throws -> SubjectPublicKeyInfo {
        var modulus = [UInt8](repeating: 0xa7, count: (bits + 7) / 8)
        modulus[0] = 1 << UInt8((bits - 1) % 8)
        return try .rsa(modulus: modulus, exponent: exponent)
    }

    static func refusal(
        _ key: SubjectPublicKeyInfo,
        rsaBits: ClosedRange<Int> = 2048...8192
    ) throws -> IssuanceError.Code? {
        do {
            _ = try TestIssuer.make().certifiable(key, rsaBits: rsaBits)
            return nil
        } catch let error as IssuanceError {
            return error.code
        }
    }

    @Test(
        "is RSA of 2048 to 8192 bits",
        arguments: [
            (512, .key), (1024, .key), (2047, .key), (2048, nil), (2049, nil), (3072, nil), (8192, nil), (8193, .key),
            (16_384, .key),
        ] as [(Int, IssuanceError.Code?)]
    )
    func sizes(bits: Int, code: IssuanceError.Code?) throws {
        #expect(try Self.refusal(try Self.rsa(bits: bits)) == code)
    }

    @Test(
        "is RSA from 1024 bits where the profile is that old",
        arguments: [(1023, .key), (1024, nil), (8193, .key)] as [(Int, IssuanceError.Code?)]
    )
    func legacySizes(bits: Int, code: IssuanceError.Code?) throws {
        #expect(try Self.refusal(try Self.rsa(bits: bits), rsaBits: 1024...8192) == code)
    }

    @Test(
        "has an odd exponent that is neither too small nor too large",
        arguments: [
            (2048, [1], .weakKey), (2048, [2], .weakKey), (2048, [3], nil), (2048, [17], nil),
            (2048, [0x01, 0x00, 0x00], .weakKey), (2048, [0x01, 0x00, 0x01], nil),
            (1024, [1], .weakKey), (1024, [3], .weakKey), (1024, [17], .weakKey), (1024, [0x01, 0x00, 0x01], nil),
            (2048, [0], .weakKey),
            // BoringSSL takes up to 33 bits; a certificate for more could be issued, but its answer not encrypted.
            (2048, [0x01, 0xff, 0xff, 0xff, 0xff], nil),
            (2048, [0x02, 0x00, 0x00, 0x00, 0x01], .weakKey),
            (2048, [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .weakKey),
            (2048, [0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01], .weakKey),
        ] as [(Int, [UInt8], IssuanceError.Code?)]
    )
    func exponents(bits: Int, exponent: [UInt8], code: IssuanceError.Code?) throws {
        #expect(try Self.refusal(try Self.rsa(bits: bits, exponent: exponent), rsaBits: 1024...8192) == code)
    }

    @Test("has an odd modulus")
    func evenModulus() throws {
        var modulus = [UInt8](repeating: 0xa7, count: 256)
        modulus[255] = 0xa6
        #expect(try Self.refusal(try .rsa(modulus: modulus, exponent: [1, 0, 1])) == .weakKey)
    }

    @Test("is not one of another kind")
    func otherKind() throws {
        // Ed25519
        let key = try SubjectPublicKeyInfo(
            derEncoded: [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
                + [UInt8](repeating: 9, count: 32)
        )
        #expect(try Self.refusal(key) == .key)
    }

    @Test("is not the CA's or the RA's own")
    func reserved() throws {
        let issuer = try TestIssuer.make(.rsa2048)
        for key in [TestKeys.certificateAuthority.publicKey, TestKeys.registrationAuthority.publicKey] {
            #expect(throws: IssuanceError(.authorityKey, "the request is for a key that belongs to this CA or its RA"))
            {
                try issuer.certifiable(key, rsaBits: 2048...8192)
            }
        }
    }

    @Test(
        "is DER, because it is copied into the certificate byte for byte",
        arguments: [
            ("indefinite length", [0x30, 0x80], 4, [0x00, 0x00]),
            ("a length with a leading zero", [0x30, 0x83, 0x00], 2, []),
        ] as [(String, [UInt8], Int, [UInt8])]
    )
    func nonCanonical(_ what: String, start: [UInt8], instead count: Int, end: [UInt8]) throws {
        let key = TestKeys.device.publicKey
        #expect(Array(key.derEncoded.prefix(2)) == [0x30, 0x82])
        let written = try SubjectPublicKeyInfo(derEncoded: start + key.derEncoded.dropFirst(count) + end)
        #expect(written.isSameKey(as: key))
        #expect(try Self.refusal(written) == .key)
    }

    @Test("has numbers written as DER, or the CA's own key could be written differently")
    func nonMinimalInteger() throws {
        let modulus = try #require(TestKeys.registrationAuthority.publicKey.rsaModulus)
        let written = try SubjectPublicKeyInfo.rsa(modulus: [0, 0] + modulus, exponent: [1, 0, 1], isMinimal: false)
        #expect(try Self.refusal(written) == .key)
    }
}

extension SubjectPublicKeyInfo {
    /// An RSA key from its numbers, big-endian.
    static func rsa(modulus: [UInt8], exponent: [UInt8], isMinimal: Bool = true) throws -> SubjectPublicKeyInfo {
        func integer(_ octets: [UInt8], into coder: inout DERWriter) {
            coder.append(.integer, (isMinimal && octets[0] >= 0x80 ? [0] : []) + octets)
        }
        let key = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                integer(modulus, into: &coder)
                integer(exponent, into: &coder)
            }
        }
        return try SubjectPublicKeyInfo(
            derEncoded: DERWriter.encode { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.serialize(
                        AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 1], parameters: AlgorithmIdentifier.null)
                    )
                    coder.appendBitString(key)
                }
            }
        )
    }
}
