import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import SCEP
@testable import Server

/// Rows 6, 7, 8, 10 and 11 of the table of clients: what they need of the bytes of a CertRep.
@Suite("Clients in the field: what they need in an answer")
struct AnswerTests {
    /// Answers of each kind to a request of a device.
    enum Kind: String, CaseIterable {
        case success
        case failure
        case pending

        var status: UInt8 {
            switch self {
            case .success: 0x30
            case .failure: 0x32
            case .pending: 0x33
            }
        }

        /// The request that is answered so.
        var enrolment: TestEnrolment {
            get throws {
                var enrolment = try TestEnrolment()
                enrolment.transactionID = "aB3+/= xY"
                enrolment.senderNonce = (0..<16).map { $0 &* 17 }
                if self == .failure { enrolment.challenge = "wrong" }
                return enrolment
            }
        }

        /// Runs a test with the answer.
        func run(_ body: @escaping @Sendable (Answer, TestEnrolment) throws -> Void) async throws {
            try await TestServer.run(
                settings: .with { $0.approval = self == .pending ? .manual : .automatic },
                { server in
                    let enrolment = try self.enrolment
                    let message = try enrolment.message(for: server.authority.raCertificate)
                    let response = try await server.post("/scep?operation=PKIOperation", message)
                    #expect(response.status == .ok)
                    #expect(response.contentType == "application/x-pki-message")
                    try body(try Answer(response.bytes), enrolment)
                })
        }
    }

    @Test(
        "Row 6: the attributes are what sscep looks for, to the byte: PrintableStrings, the transactionID, the nonce",
        arguments: Kind.allCases
    )
    func encodings(_ kind: Kind) async throws {
        try await kind.run { answer, enrolment in
            let transactionID = Array(enrolment.transactionID.utf8)
            #expect(answer.values(.SCEP.transactionID) == [[0x13, UInt8(transactionID.count)] + transactionID])
            #expect(answer.values(.SCEP.messageType) == [[0x13, 0x01, 0x33]])
            #expect(answer.values(.SCEP.pkiStatus) == [[0x13, 0x01, kind.status]])
            #expect(answer.values(.SCEP.failInfo) == (kind == .failure ? [[0x13, 0x01, 0x32]] : nil))
            #expect(answer.values(.SCEP.recipientNonce) == [[0x04, 16] + enrolment.senderNonce])
            #expect(answer.values(.SCEP.senderNonce)?.first?.prefix(2) == [0x04, 16])
        }
    }

    @Test(
        "Row 6: the Content-Types are exactly those of the RFC",
        arguments: [
            (.registrationAuthority, "GetCACaps", "text/plain"),
            (.registrationAuthority, "GetCACert", "application/x-x509-ca-ra-cert"),
            (.certificateAuthority, "GetCACert", "application/x-x509-ca-cert"),
        ] as [(ProfileSettings.Mode, String, String)]
    )
    func contentTypes(mode: ProfileSettings.Mode, operation: String, type: String) async throws {
        try await TestServer.run(mode: mode) { server in
            let response = try await server.get("/scep?operation=" + operation)
            #expect(response.contentType == type)
        }
    }

    @Test("Row 7: jscep sees no senderNonce twice, not even in answers to one and the same message")
    func freshNonces() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            var nonces: Set<[UInt8]> = [enrolment.senderNonce]
            for _ in 1...5 {
                let response = try await server.post("/scep", message)
                nonces.insert(try #require(try Answer(response.bytes).octets(.SCEP.senderNonce)))
            }
            #expect(nonces.count == 6)
            #expect(nonces.allSatisfy { $0.count == 16 })
        }
    }

    @Test("Row 8: every authenticated attribute is there once, with one value", arguments: Kind.allCases)
    func attributes(_ kind: Kind) async throws {
        var expected: Set<ASN1ObjectIdentifier> = [
            .CMS.contentType, .CMS.messageDigest, .SCEP.transactionID, .SCEP.messageType, .SCEP.pkiStatus,
            .SCEP.senderNonce, .SCEP.recipientNonce,
        ]
        if kind == .failure { expected.formUnion([.SCEP.failInfo, .SCEP.failInfoText]) }
        let all = expected
        try await kind.run { answer, _ in
            let attributes = answer.info.signedAttributes
            #expect(Set(attributes.map(\.type)) == all)
            #expect(attributes.count == all.count)
            #expect(attributes.allSatisfy { $0.values.count == 1 })
            // Sorted as DER has it, because some verify only that.
            let sorted = SignerInfo.encode(attributes)
            #expect(sorted == answer.info.receivedAttributes)
        }
    }

    /// The certificates-only SignedData inside a SUCCESS.
    static func content(of response: [UInt8], for client: TestSupport.TestClient) throws -> ASN1Tree {
        let envelope = try EnvelopedData(berEncoded: try #require(try Answer(response).signedData.content))
        return try ASN1Tree(try envelope.open(try envelope.recipient(for: client.certificate), with: client.key))
    }

    @Test("Row 10: a SUCCESS carries the device's certificate alone, which iOS takes because it is the first")
    func leafAlone() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let response = try await server.post("/scep", try enrolment.message(for: server.authority.raCertificate))
            let signedData = try Self.content(of: response.bytes, for: enrolment.client)[1, 0]
            // version, digestAlgorithms, encapContentInfo, certificates, signerInfos
            #expect(signedData.children.map(\.tag) == [0x02, 0x31, 0x30, 0xa0, 0x31])
            #expect(signedData[1].children.isEmpty)
            #expect(signedData[2].children.count == 1, "the content is omitted (RFC 8894 §3.4)")
            #expect(signedData[3].children.count == 1)
            let issued = try SignerCertificate(encoded: signedData[3, 0].der)
            #expect(issued.publicKey.isSameKey(as: enrolment.client.key.publicKey))
            #expect(signedData[4].children.isEmpty)
        }
    }

    @Test("Row 11: a switch sends the CA along for Cisco's VPN, behind the device's certificate, not sorted")
    func chain() async throws {
        try await TestServer.run(
            settings: .with { $0.replyChain = .chain },
            { server in
                let enrolment = try TestEnrolment()
                let response = try await server.post(
                    "/scep", try enrolment.message(for: server.authority.raCertificate))
                let certificates = try Self.content(of: response.bytes, for: enrolment.client)[1, 0, 3].children.map(
                    \.der)
                #expect(certificates.count == 2)
                let first = try SignerCertificate(encoded: certificates[0])
                #expect(first.publicKey.isSameKey(as: enrolment.client.key.publicKey))
                #expect(certificates[1] == server.authority.caCertificate.encoded)
                // A DER SET would have the CA in front.
                #expect(certificates[1].lexicographicallyPrecedes(certificates[0]))
            })
    }
}
