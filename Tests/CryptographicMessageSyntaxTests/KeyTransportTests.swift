import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// The parameters of RSAES-OAEP (RFC 4055 §4.1), all of which have defaults.
@Suite struct KeyTransportTests {
    private static let null: [UInt8] = AlgorithmIdentifier.null

    private static func field(_ number: UInt8, _ algorithm: AlgorithmIdentifier) throws -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.context(number)) { $0.serialize(algorithm) }
        }
    }

    private static func mgf1(_ digest: DigestAlgorithm) throws -> AlgorithmIdentifier {
        AlgorithmIdentifier(
            .Algorithm.mgf1,
            parameters: DERWriter.encode { $0.serialize(digest.identifier) }
        )
    }

    private static func transport(_ fields: [[UInt8]]) throws -> KeyTransportAlgorithm {
        let parameters = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for field in fields { coder.append(encoded: field) }
            }
        }
        return try KeyTransportAlgorithm(AlgorithmIdentifier(.Algorithm.rsaesOAEP, parameters: parameters))
    }

    @Test(arguments: KeyTransportAlgorithm.allCases)
    func `an algorithm finds itself by its identifier`(transport: KeyTransportAlgorithm) throws {
        #expect(try KeyTransportAlgorithm(transport.identifier) == transport)
    }

    @Test(arguments: [nil, [0x05, 0x00], [0x30, 0x00]] as [[UInt8]?])
    func `OAEP without parameters is SHA-1`(parameters: [UInt8]?) throws {
        let identifier = AlgorithmIdentifier(.Algorithm.rsaesOAEP, parameters: parameters)
        #expect(try KeyTransportAlgorithm(identifier) == .oaepSHA1)
    }

    @Test func `rsaEncryption needs no NULL`() throws {
        #expect(try KeyTransportAlgorithm(AlgorithmIdentifier(.Algorithm.rsaEncryption)) == .pkcs1)
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha256])
    func `OAEP with everything written out is read`(digest: DigestAlgorithm) throws {
        let label = AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 9], parameters: [0x04, 0x00])
        let transport = try Self.transport([
            try Self.field(0, digest.identifier),
            try Self.field(1, try Self.mgf1(digest)),
            try Self.field(2, label),
        ])
        #expect(transport == (digest == .sha1 ? .oaepSHA1 : .oaepSHA256))
    }

    @Test(arguments: [
        (DigestAlgorithm.sha256, DigestAlgorithm.sha1), (.sha1, .sha256), (.sha384, .sha384), (.sha512, .sha512),
        (.sha224, .sha224), (.md5, .md5),
    ])
    func `OAEP with other pairs of digests is not supported`(hash: DigestAlgorithm, mask: DigestAlgorithm) throws {
        let error = #expect(throws: CMSError.self) {
            try Self.transport([try Self.field(0, hash.identifier), try Self.field(1, try Self.mgf1(mask))])
        }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    /// By the RFC that is MGF1 with SHA-1; Go's smallstep/pkcs7 writes it and means SHA-256 for both.
    @Test func `OAEP with SHA-256 and no mask generation is SHA-256 throughout`() throws {
        #expect(try Self.transport([try Self.field(0, DigestAlgorithm.sha256.identifier)]) == .oaepSHA256)
        #expect(try Self.transport([try Self.field(0, DigestAlgorithm.sha1.identifier)]) == .oaepSHA1)
    }

    @Test func `OAEP with another mask generation, or a label, is not supported`() throws {
        let other = AlgorithmIdentifier([1, 2, 3], parameters: Self.null)
        let label = AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 9], parameters: [0x04, 0x01, 0x41])
        for field in [
            try Self.field(1, other), try Self.field(1, AlgorithmIdentifier(.Algorithm.mgf1)),
            try Self.field(2, label),
        ] {
            let error = #expect(throws: CMSError.self) { try Self.transport([field]) }
            #expect(error?.code == .unsupportedAlgorithm)
        }
    }

    @Test(arguments: ["31 00", "04 01 00", "30 02 a0 00", "30 04 a0 02 05 00"])
    func `other parameters are malformed`(hex: String) {
        let error = #expect(throws: CMSError.self) {
            try KeyTransportAlgorithm(AlgorithmIdentifier(.Algorithm.rsaesOAEP, parameters: [UInt8](hex: hex)))
        }
        #expect(error?.code == .malformed)
    }

    @Test func `an unknown transport is not supported`() {
        let error = #expect(throws: CMSError.self) { try KeyTransportAlgorithm(AlgorithmIdentifier([1, 2, 3])) }
        #expect(error?.code == .unsupportedAlgorithm)
    }
}
