import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// The parameters of RSASSA-PSS (RFC 4055 §3.1), all of which have defaults.
@Suite struct PSSParametersTests {
    static let digests: [DigestAlgorithm] = [.sha1, .sha224, .sha256, .sha384, .sha512]

    private static func read(_ parameters: [UInt8]?) throws -> SignatureAlgorithm {
        try SignatureAlgorithm(AlgorithmIdentifier(.Algorithm.rsassaPSS, parameters: parameters))
    }

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xa0 | number] + ASN1Tree.length(content.count) + content
    }

    private static func sequence(_ fields: [UInt8]...) -> [UInt8] {
        [0x30] + ASN1Tree.length(fields.joined().count) + fields.joined()
    }

    private static func encoded(_ value: some DEREncodable) throws -> [UInt8] {
        DERWriter.encode { $0.serialize(value) }
    }

    private static let sha256 = Result { try Self.field(0, Self.encoded(DigestAlgorithm.sha256.identifier)) }
    private static let mask256 = Result { try Self.field(1, Self.encoded(DigestAlgorithm.sha256.maskGeneration)) }

    @Test(arguments: [nil, [0x05, 0x00], [0x30, 0x00]] as [[UInt8]?])
    func `without parameters everything is SHA-1`(parameters: [UInt8]?) throws {
        let algorithm = try Self.read(parameters)
        #expect(algorithm.scheme == .rsaPSS(maskDigest: .sha1, saltLength: 20))
        #expect(algorithm.digest == .sha1)
        #expect(algorithm.identifier.parameters == [0x30, 0x00])
    }

    @Test(arguments: Self.digests, Self.digests)
    func `an algorithm finds itself by its identifier`(digest: DigestAlgorithm, mask: DigestAlgorithm) throws {
        for saltLength in [0, 20, 32, 1024] {
            let algorithm = try SignatureAlgorithm(
                .rsaPSS(maskDigest: mask, saltLength: saltLength),
                digest: digest
            )
            #expect(try SignatureAlgorithm(algorithm.identifier) == algorithm)
            // The digest that a SignerInfo names beside it does not count here, but where the digest is judged.
            #expect(try SignatureAlgorithm(algorithm.identifier, digest: .md5) == algorithm)
            #expect(algorithm.signerInfoIdentifier == algorithm.identifier)
        }
    }

    /// MGF1 with a broken digest is not made good by the message's.
    @Test(arguments: Self.digests, Self.digests)
    func `the weakest digest is known`(digest: DigestAlgorithm, mask: DigestAlgorithm) throws {
        let algorithm = try SignatureAlgorithm(.rsaPSS(maskDigest: mask, saltLength: 20), digest: digest)
        let order = Self.digests
        let weakest = [digest, mask].min { order.firstIndex(of: $0) ?? 0 < order.firstIndex(of: $1) ?? 0 }
        #expect(algorithm.weakestDigest == weakest)
    }

    @Test func `what is left out has its default`() throws {
        let sha256 = try Self.sha256.get()
        let mask256 = try Self.mask256.get()
        let cases: [([UInt8], DigestAlgorithm, DigestAlgorithm, Int)] = [
            (Self.sequence(sha256), .sha256, .sha1, 20),
            (Self.sequence(mask256), .sha1, .sha256, 20),
            (Self.sequence(Self.field(2, [2, 1, 0])), .sha1, .sha1, 0),
            (Self.sequence(Self.field(3, [2, 1, 1])), .sha1, .sha1, 20),
            (Self.sequence(sha256, mask256, Self.field(2, [2, 1, 32])), .sha256, .sha256, 32),
            (
                Self.sequence(sha256, mask256, Self.field(2, [2, 2, 1, 0]), Self.field(3, [2, 1, 1])), .sha256,
                .sha256, 256
            ),
        ]
        for (parameters, digest, mask, saltLength) in cases {
            let algorithm = try Self.read(parameters)
            #expect(algorithm.digest == digest)
            #expect(algorithm.scheme == .rsaPSS(maskDigest: mask, saltLength: saltLength))
        }
    }

    @Test func `digests need no NULL`() throws {
        let plain = AlgorithmIdentifier(.Algorithm.sha384)
        let mask = AlgorithmIdentifier(.Algorithm.mgf1, parameters: try Self.encoded(plain))
        let parameters = Self.sequence(Self.field(0, try Self.encoded(plain)), Self.field(1, try Self.encoded(mask)))
        let algorithm = try Self.read(parameters)
        #expect(algorithm.digest == .sha384)
        #expect(algorithm.scheme == .rsaPSS(maskDigest: .sha384, saltLength: 20))
    }

    @Test func `what is unknown is not supported`() throws {
        let md5 = try Self.encoded(DigestAlgorithm.md5.identifier)
        let unknown = try Self.encoded(AlgorithmIdentifier([1, 2, 3]))
        for parameters in [
            Self.sequence(Self.field(0, md5)),
            Self.sequence(Self.field(0, unknown)),
            Self.sequence(Self.field(1, try Self.encoded(DigestAlgorithm.md5.maskGeneration))),
            Self.sequence(Self.field(1, unknown)),
            Self.sequence(Self.field(1, try Self.encoded(AlgorithmIdentifier(.Algorithm.mgf1)))),
            Self.sequence(Self.field(1, try Self.encoded(AlgorithmIdentifier(.Algorithm.mgf1, parameters: unknown)))),
            Self.sequence(Self.field(3, [2, 1, 2])),
            Self.sequence(Self.field(3, [2, 1, 0])),
        ] {
            let error = #expect(throws: CMSError.self) { try Self.read(parameters) }
            #expect(error?.code == .unsupportedAlgorithm)
        }
    }

    /// -1, -2 and -3 are what libcrypto takes for "as long as the digest", "any" and "as long as can be".
    @Test(arguments: [
        "02 01 ff", "02 01 fe", "02 01 fd", "02 02 04 01", "02 04 7f ff ff ff", "02 05 01 00 00 00 14",
        "02 08 7f ff ff ff ff ff ff ff", "02 09 00 ff ff ff ff ff ff ff ff", "02 00", "04 01 14", "05 00",
    ])
    func `a salt that no key has room for is malformed`(hex: String) throws {
        let error = #expect(throws: CMSError.self) {
            try Self.read(Self.sequence(Self.field(2, [UInt8](hex: hex))))
        }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [-1, -2, -3, 1025, .max, .min])
    func `nobody makes an algorithm with such a salt`(saltLength: Int) {
        let error = #expect(throws: CMSError.self) {
            try SignatureAlgorithm(.rsaPSS(maskDigest: .sha256, saltLength: saltLength), digest: .sha256)
        }
        #expect(error?.code == .malformed)
    }

    @Test func `fields that are out of order, doubled or unknown are malformed`() throws {
        let sha256 = try Self.sha256.get()
        let mask256 = try Self.mask256.get()
        for parameters in [
            Self.sequence(mask256, sha256), Self.sequence(sha256, sha256), Self.sequence(Self.field(4, [2, 1, 1])),
            Self.sequence([2, 1, 1]), Self.sequence(Self.field(0, [])), Self.sequence(Self.field(2, [])),
            Self.sequence([0x80, 0x01, 0x00]), [0x31, 0x00], [0x04, 0x00], [0x30, 0x01], [0x30], [],
        ] {
            let error = #expect(throws: CMSError.self) { try Self.read(parameters) }
            #expect(error?.code == .malformed)
        }
    }

    /// Every truncation and every byte changed in every way: an error, or another algorithm; never a trap.
    @Test func `hostile parameters never trap`() throws {
        let algorithm = try SignatureAlgorithm(.rsaPSS(maskDigest: .sha256, saltLength: 32), digest: .sha512)
        let bytes = try #require(algorithm.identifier.parameters)
        let key = TestKeys.device.publicKey
        for count in 0..<bytes.count {
            #expect(throws: CMSError.self) { try Self.read(Array(bytes.prefix(count))) }
        }
        var refused = 0
        for index in bytes.indices {
            for value in UInt8.min...UInt8.max where value != bytes[index] {
                var changed = bytes
                changed[index] = value
                do throws(CMSError) {
                    let other = try SignatureAlgorithm(
                        AlgorithmIdentifier(.Algorithm.rsassaPSS, parameters: changed)
                    )
                    _ = other.identifier
                    if index % 8 == 0 { #expect(!other.isValid([1, 2, 3], for: [], under: key)) }
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 200 * bytes.count)
    }
}
