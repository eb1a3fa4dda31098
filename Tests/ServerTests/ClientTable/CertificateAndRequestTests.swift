import CertificateAuthority
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CryptographicMessageSyntax
@testable import SCEP
@testable import Server

/// Rows 15, 18, 19, 20, 22, 23 and 24 of the table of clients: the certificates that they sign with and what they ask
/// for.
@Suite("Clients in the field: their certificates and requests")
struct CertificateAndRequestTests {
    /// Enrols with a self-signed certificate as a test wants it.
    ///
    /// - Parameter change: Changes the TBSCertificate.
    /// - Throws: What the exchange throws.
    static func expectIssued(
        signedBy change: @escaping @Sendable (inout ASN1Tree) throws -> Void
    ) async throws {
        // At the strictest level: nothing of it is a question of algorithms.
        try await TestServer.run(level: .modern) { server in
            var enrolment = try TestEnrolment()
            enrolment.client = try enrolment.client.changingCertificate(change)
            let message = try enrolment.message(for: server.authority.raCertificate)
            let certificates = try await server.reply(to: message, of: enrolment).certificates
            let issued = try certificates.first.map { try SignerCertificate(encoded: $0) }
            #expect(issued?.publicKey.isSameKey(as: enrolment.client.key.publicKey) == true)
            #expect(issued?.subject == enrolment.client.subject)
        }
    }

    @Test("Row 15: a critical authorityKeyIdentifier in the signer's certificate, as of Windows, does not matter")
    func criticalKeyIdentifier() async throws {
        try await Self.expectIssued { certificate in
            let identifier = ASN1Tree(tag: 0x80, octets: [1, 2, 3, 4])
            let authority = CertificateExtension(
                .Extension.authorityKeyIdentifier,
                isCritical: true,
                value: ASN1Tree(tag: 0x30, children: [identifier]).der
            )
            let encoded = DERWriter.encode { $0.serialize(authority) }
            certificate[7, 0].children.append(try ASN1Tree(encoded))
        }
    }

    @Test("Row 18: a signer with another subject than the request's, as of Cisco, is known by its key")
    func otherSubject() async throws {
        try await Self.expectIssued { certificate in
            let name = try ASN1Tree(TestClient.encoded("CN=router.local"))
            certificate[3] = name
            certificate[5] = name
        }
    }

    @Test(
        "Row 20: negative serial numbers and bad dates in the signer's certificate do not matter",
        arguments: [
            ([0x80, 0x01], "030101000000Z", "230101000000Z"), ([0xff], "000000000000Z", "soon"),
            ([0x00], "491231235959Z", "500101000000Z"),
        ] as [([UInt8], String, String)]
    )
    func oldCertificate(serialNumber: [UInt8], notBefore: String, notAfter: String) async throws {
        try await Self.expectIssued { certificate in
            certificate[1].octets = serialNumber
            certificate[4, 0].octets = Array(notBefore.utf8)
            certificate[4, 1].octets = Array(notAfter.utf8)
        }
    }

    @Test("Row 22: a signer's certificate of version 1, as of certmonger, is read")
    func versionOne() async throws {
        try await Self.expectIssued { certificate in
            certificate.children.remove(at: 7)
            certificate.children.remove(at: 0)
        }
    }

    @Test("Row 24: a signer's key whose algorithm has no NULL is read")
    func keyWithoutNull() async throws {
        try await Self.expectIssued { $0[6, 0].children.removeLast() }
    }

    /// What Windows and others put into a request besides the usual.
    static func unusualAttributes() throws -> [Attribute] {
        // BMPString
        func wide(_ text: String) -> ASN1Tree {
            ASN1Tree(tag: 0x1e, octets: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })
        }
        let template = CertificateExtension(
            [1, 3, 6, 1, 4, 1, 311, 20, 2], value: wide("IPSECIntermediateOffline").der)
        let pair = ASN1Tree(tag: 0x30, children: [wide("ValidityPeriod"), wide("Years")])
        return [
            Attribute(
                .PKCS.extensionRequest,
                values: [DERWriter.encode { $0.serializeSequenceOf([template]) }]
            ),
            // szOID_ENROLLMENT_NAME_VALUE_PAIR
            Attribute([1, 3, 6, 1, 4, 1, 311, 13, 2, 1], values: [pair.der]),
            // szOID_OS_VERSION
            try Attribute([1, 3, 6, 1, 4, 1, 311, 13, 2, 3], value: ASN1IA5String("10.0.19045.2")),
            // unstructuredName, as of Cisco
            try Attribute([1, 2, 840, 113549, 1, 9, 2], value: ASN1PrintableString("router.example")),
            try Attribute([1, 3, 6, 1, 4, 1, 99999, 3], value: ASN1UTF8String("anything")),
            try Attribute(.PKCS.challengePassword, value: ASN1PrintableString(TestAuthority.challenge)),
        ]
    }

    @Test("Row 19: a template name, ValidityPeriod and unknown attributes of a request are ignored")
    func unusualRequest() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let request = try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: enrolment.client.key.publicKey,
                key: enrolment.client.key,
                attributes: try Self.unusualAttributes()
            )
            let message = try enrolment.message(
                for: server.authority.raCertificate,
                containing: request.encoded
            )
            let certificates = try await server.reply(to: message, of: enrolment).certificates
            let issued = try Certificate(derEncoded: try #require(certificates.first))
            // The profile's template decides: 365 days, and nothing of Microsoft's.
            #expect(issued.notValidAfter.timeIntervalSinceNow < 366 * 86_400)
            #expect(!issued.extensions.contains { $0.oid == [1, 3, 6, 1, 4, 1, 311, 20, 2] })
        }
    }

    @Test(
        "Row 20: bytes behind the PKCS#10 are ignored",
        arguments: [[0], [0x0a], [UInt8](repeating: 0, count: 100), [0x30, 0x80]] as [[UInt8]]
    )
    func trailingBytes(_ bytes: [UInt8]) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(
                for: server.authority.raCertificate,
                containing: try enrolment.certificationRequest().encoded + bytes
            )
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test("Row 20: a PKCS#10 as PEM is read")
    func pem() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let request = Data(try enrolment.certificationRequest().encoded)
                .base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            let text = "-----BEGIN CERTIFICATE REQUEST-----\n\(request)\n-----END CERTIFICATE REQUEST-----\n"
            let message = try enrolment.message(
                for: server.authority.raCertificate,
                containing: Array(text.utf8)
            )
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test("Row 23: attributes of a request out of DER's order, as of strongSwan, are signed as they were sent")
    func unsortedRequest() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let request = try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: enrolment.client.key.publicKey,
                key: enrolment.client.key,
                attributes: try Self.unusualAttributes()
            )
            let unsorted = try request.changed(signedBy: enrolment.client.key) { $0[3].children.reverse() }
            #expect(unsorted != request.encoded)
            let message = try enrolment.message(for: server.authority.raCertificate, containing: unsorted)
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test("Row 24: a request without NULL in its algorithms is read at every level", arguments: AlgorithmLevel.allCases)
    func withoutNull(_ level: AlgorithmLevel) async throws {
        try await TestServer.run(level: level) { server in
            let enrolment = try TestEnrolment()
            let request = try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: try OldFormats.withoutNull(enrolment.client.key.publicKey),
                key: enrolment.client.key,
                challengePassword: TestAuthority.challenge
            )
            let message = try enrolment.message(
                for: server.authority.raCertificate,
                // The algorithm of the signature is not signed.
                containing: try ASN1Tree(request.encoded).removing([1, 1]).der
            )
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }
}
