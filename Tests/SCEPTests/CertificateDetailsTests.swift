import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What a client reads in certificates.
@Suite struct CertificateDetailsTests {
    private static func details(
        usage: UInt8? = nil,
        isAuthority: Bool = false,
        from: Date = TestAuthority.now,
        until: Date = TestAuthority.now,
        extensions: [CertificateExtension] = []
    ) throws -> CertificateDetails {
        let identity = try TestIdentity(
            "someone",
            key: TestKeys.device,
            isAuthority: isAuthority,
            usage: usage,
            from: from,
            until: until,
            extensions: extensions
        )
        return try CertificateDetails(encoded: identity.certificate.encoded)
    }

    @Test(
        arguments: [
            (nil, nil), (0xa0, [.digitalSignature, .keyEncipherment]),
            (0x86, [.digitalSignature, .keyCertSign, .cRLSign]),
            (0x20, [.keyEncipherment]), (0x80, [.digitalSignature]),
        ] as [(UInt8?, CertificateDetails.KeyUsage?)])
    func `keyUsage`(encoded: UInt8?, usage: CertificateDetails.KeyUsage?) throws {
        #expect(try Self.details(usage: encoded).keyUsage == usage)
    }

    @Test func `a keyUsage that cannot be read allows nothing, an absent one everything`() throws {
        let broken = CertificateExtension([2, 5, 29, 15], value: [0x04, 0x01, 0xff])
        #expect(try Self.details(extensions: [broken]).allows(.digitalSignature) == false)
        #expect(try Self.details().allows([.digitalSignature, .keyEncipherment]))
    }

    @Test func `a CA says so in basicConstraints`() throws {
        #expect(try Self.details(isAuthority: true).isAuthority)
        #expect(try !Self.details(usage: 0x04).isAuthority)
        let notAuthority = CertificateExtension([2, 5, 29, 19], value: [0x30, 0x00])
        #expect(try !Self.details(extensions: [notAuthority]).isAuthority)
        #expect(try Self.details().isAuthority, "a self-issued certificate without extensions is of version 1")
    }

    @Test(arguments: [
        0, 86_399, 951_782_400, 951_868_800, 1_800_000_000, 2_524_607_999, 2_524_608_000, 253_402_300_799,
    ])
    func `times are read as they are written`(seconds: Double) throws {
        let time = Date(timeIntervalSince1970: seconds)
        let details = try Self.details(from: time, until: time)
        #expect(details.notBefore == time)
        #expect(details.notAfter == time)
        #expect(details.isValid(at: time))
        #expect(!details.isValid(at: time.addingTimeInterval(1)))
        #expect(!details.isValid(at: time.addingTimeInterval(-1)))
    }

    @Test func `distribution points are URLs`() throws {
        let value: [UInt8] =
            [0x30, 0x1b, 0x30, 0x10, 0xa0, 0x0e, 0xa0, 0x0c, 0x86, 0x0a] + Array("http://a/b".utf8)
            + [0x30, 0x07, 0xa0, 0x05, 0xa0, 0x03, 0x82, 0x01, 0x61]
        let point = CertificateExtension([2, 5, 29, 31], value: value)
        #expect(try Self.details(extensions: [point]).crlDistributionPoints == ["http://a/b"])
        let broken = CertificateExtension([2, 5, 29, 31], value: [0x30, 0x02, 0x30, 0x05])
        #expect(try Self.details(extensions: [broken]).crlDistributionPoints == [])
    }

    @Test func `who signed is found out by name and signature`() throws {
        let authority = try CertificateDetails(encoded: TestPKI.authority.certificate.encoded)
        let registration = try CertificateDetails(encoded: TestPKI.registration.certificate.encoded)
        let stranger = try CertificateDetails(encoded: TestPKI.stranger.certificate.encoded)
        #expect(registration.isIssued(by: authority))
        #expect(authority.isIssued(by: authority))
        #expect(!authority.isIssued(by: registration))
        #expect(!registration.isIssued(by: stranger))
        let impostor = try TestIdentity("Test CA", key: TestPKI.stranger.key, isAuthority: true)
        #expect(!registration.isIssued(by: try CertificateDetails(encoded: impostor.certificate.encoded)))
    }

    @Test func `cut at any byte it is refused, with a bit changed it never traps nor verifies`() throws {
        let authority = try CertificateDetails(encoded: TestPKI.authority.certificate.encoded)
        let bytes = TestPKI.registration.certificate.encoded
        for count in bytes.indices {
            #expect(throws: CMSError.self) { try CertificateDetails(encoded: Array(bytes.prefix(count))) }
        }
        let right = try CertificateDetails(encoded: bytes)
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1 << UInt8(position % 8)
            guard let details = try? CertificateDetails(encoded: changed) else { continue }
            _ = (details.keyUsage, details.isAuthority, details.crlDistributionPoints)
            if details.isIssued(by: authority) {
                #expect(details.certificate.publicKey == right.certificate.publicKey, "byte \(position)")
            }
        }
    }
}
