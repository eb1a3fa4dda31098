import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("OpenSSL's view of a CRL", .enabled(if: OpenSSL.isExpected, "openssl is not installed"))
struct OpenSSLRevocationTests {
    static let algorithms: [KeyAlgorithm] = [.rsa2048, .p256, .p384]
    static let now = TestIssuer.now
    static let next = TestIssuer.now.addingTimeInterval(86_400)

    static let entries = [
        RevokedCertificate(serialNumber: [0x11], revokedAt: now, reason: .keyCompromise),
        RevokedCertificate(serialNumber: [0x00, 0xfe, 0xdc], revokedAt: now.addingTimeInterval(-86_400)),
        RevokedCertificate(
            serialNumber: [0x7f] + [UInt8](repeating: 0xff, count: 19),
            revokedAt: Date(timeIntervalSince1970: 2_524_608_000),
            reason: .certificateHold,
            invalidityDate: now.addingTimeInterval(-3600)
        ),
    ]

    @Test("is that the CA signed it", arguments: algorithms)
    func signature(_ algorithm: KeyAlgorithm) async throws {
        let issuer = try TestIssuer.make(algorithm)
        let list = try issuer.revocationList(
            number: 4711, entries: Self.entries, thisUpdate: Self.now, nextUpdate: Self.next)
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let authority = try openssl.file("ca.pem", "CERTIFICATE", issuer.certificate.encoded)
            let crl = try openssl.file("crl.pem", "X509 CRL", list)
            let answer = try openssl.run("crl", "-in", crl, "-CAfile", authority, "-noout", "-verify")
            #expect(answer.text.contains("verify OK"), "\(answer.text)")
        }
    }

    @Test("is that the CA did not sign one that was changed")
    func changed() async throws {
        let list = try RevocationListTests.make(Self.entries)
        var damaged = list
        // in the last entry, so that the signature is what is wrong
        let serial = try #require(list.firstRange(of: [UInt8](repeating: 0xff, count: 19)))
        damaged[serial.lowerBound] = 0xfe
        let bytes = damaged
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let authority = try openssl.file("ca.pem", "CERTIFICATE", try TestIssuer.make().certificate.encoded)
            let crl = try openssl.file("crl.pem", "X509 CRL", bytes)
            let answer = try openssl.run("crl", "-in", crl, "-CAfile", authority, "-noout", "-verify")
            #expect(answer.text.contains("verify failure"), "\(answer.text)")
        }
    }

    static let texts: [String] = [
        "Version 2 (0x1)", "Issuer: CN = Test CA", "Last Update: Jan 15 08:00:00 2027 GMT",
        "Next Update: Jan 16 08:00:00 2027 GMT", "X509v3 Authority Key Identifier:",
        "X509v3 CRL Number:\n                4711",
        """
            Serial Number: 11
                Revocation Date: Jan 15 08:00:00 2027 GMT
                CRL entry extensions:
                    X509v3 CRL Reason Code:
                        Key Compromise
            Serial Number: FEDC
                Revocation Date: Jan 14 08:00:00 2027 GMT
            Serial Number: 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
                Revocation Date: Jan  1 00:00:00 2050 GMT
                CRL entry extensions:
                    X509v3 CRL Reason Code:
                        Certificate Hold
                    Invalidity Date:
                        Jan 15 07:00:00 2027 GMT
        """,
    ]

    @Test("of its contents is ours", arguments: algorithms)
    func contents(_ algorithm: KeyAlgorithm) async throws {
        let list = try TestIssuer.make(algorithm)
            .revocationList(number: 4711, entries: Self.entries, thisUpdate: Self.now, nextUpdate: Self.next)
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let answer = try openssl.run(
                "crl", "-in", try openssl.file("crl.pem", "X509 CRL", list), "-noout", "-text")
            #expect(answer.status == 0)
            let text = answer.text.replacing(" \n", with: "\n")
            for expected in Self.texts { #expect(text.contains(expected), "\(expected) is not in\n\(text)") }
        }
    }

    @Test("of one without entries is that there are none")
    func empty() async throws {
        let list = try RevocationListTests.make([])
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let crl = try openssl.file("crl.pem", "X509 CRL", list)
            let answer = try openssl.run("crl", "-in", crl, "-noout", "-text")
            #expect(answer.text.contains("No Revoked Certificates."), "\(answer.text)")
        }
    }

    @Test("of a certificate follows the CRL", arguments: [([0x11], true), ([0x12], false)] as [([UInt8], Bool)])
    func verification(serialNumber: [UInt8], isRevoked: Bool) async throws {
        let issuer = try TestIssuer.make()
        let leaf = try issuer.issue(subject: TestName("d").encoded, serialNumber: serialNumber).encoded
        let list = try RevocationListTests.make(Self.entries)
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let answer = try openssl.run(
                "verify", "-attime", "\(Int(Self.now.timeIntervalSince1970) + 60)", "-crl_check", "-x509_strict",
                "-CAfile", try openssl.file("ca.pem", "CERTIFICATE", issuer.certificate.encoded),
                "-CRLfile", try openssl.file("crl.pem", "X509 CRL", list),
                try openssl.file("leaf.pem", "CERTIFICATE", leaf)
            )
            #expect((answer.status == 0) == !isRevoked, "\(answer.text)")
            #expect(answer.text.contains("certificate revoked") == isRevoked, "\(answer.text)")
        }
    }

    @Test("of 25,000 entries is that they are all there")
    func many() async throws {
        let entries = RevocationListHeaderTests.entries(25_000)
        let list = try RevocationListTests.make(entries, algorithm: .rsa2048)
        let authority = try TestIssuer.make(.rsa2048).certificate.encoded
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let answer = try openssl.run(
                "crl", "-in", try openssl.file("crl.pem", "X509 CRL", list), "-noout", "-text", "-verify", "-CAfile",
                try openssl.file("ca.pem", "CERTIFICATE", authority)
            )
            #expect(answer.text.contains("verify OK"))
            #expect(answer.text.split(separator: "Serial Number:").count == entries.count + 1)
        }
    }
}
