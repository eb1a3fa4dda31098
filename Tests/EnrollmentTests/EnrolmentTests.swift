import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Registry
@testable import SCEP

@Suite("An enrolment")
struct EnrolmentTests {
    @Test("gets the certificate that it asked for")
    func success() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment(name: "CN=router-7")
            let names = try DERWriter.encode {
                try $0.serializeSequenceOf([GeneralName.dnsName("router-7.example")])
            }
            enrolment.extensions = [CertificateExtension([2, 5, 29, 17], value: names)]
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.certificates.count == 1)
            let encoded = try #require(reply.certificates.first)
            let certificate = try Certificate(derEncoded: encoded)
            let ca = try Certificate(derEncoded: authority.caCertificate.encoded)
            #expect(ca.publicKey.isValidSignature(certificate.signature, for: certificate))
            #expect(certificate.issuer == ca.subject)
            #expect("\(certificate.subject)" == "CN=router-7")
            #expect(try SignerCertificate(encoded: encoded).publicKey == enrolment.client.key.publicKey)
            #expect(
                try certificate.extensions.subjectAlternativeNames.map(Array.init) == [.dnsName("router-7.example")])
            #expect(try certificate.extensions.extendedKeyUsage.map(Array.init) == [.clientAuth])
            #expect(certificate.notValidAfter == TestAuthority.now.addingTimeInterval(365 * 86_400))

            #expect(exchange.messageType == .pkcsReq)
            #expect("\(exchange.transactionID)" == enrolment.transactionID)
            #expect(exchange.subject == "CN=router-7")
            #expect(!exchange.isConcealed)
            let serial = try SignerCertificate(encoded: encoded).identifier.serialNumber
            #expect(exchange.outcome == .issued(serialNumber: serial, renewing: nil))
        }
    }

    @Test("is recorded before it is answered")
    func record() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment(name: "CN=router-7")
            let (_, reply) = try await authority.enrol(enrolment)
            let encoded = try #require(reply.certificates.first)
            let serial = try SignerCertificate(encoded: encoded).identifier.serialNumber
            #expect(
                try await authority.registry.certificate(serialNumber: serial, authority: 1)?.certificate.encoded
                    == encoded)
            let row = try await authority.registry.database.read {
                try $0.query(
                    "SELECT transaction_id, profile, subject, client_address, sealed_request FROM request", [])[0]
            }
            #expect(try row.text(0) == enrolment.transactionID)
            #expect(try row.text(1) == Profile.defaultName)
            #expect(try row.text(2) == "CN=router-7")
            #expect(try row.text(3) == TestAuthority.clientAddress)
            let sealed = try row.bytes(4)
            #expect(sealed.firstRange(of: Array(TestAuthority.challenge.utf8)) == nil)
            #expect(
                try MasterKey.test.open(sealed, for: SealPurpose.request) == enrolment.certificationRequest().encoded
            )
        }
    }

    @Test("needs no senderNonce, and gives back one of up to 64 bytes", arguments: [nil, 0, 8, 16, 64] as [Int?])
    func nonces(count: Int?) async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.senderNonce = [UInt8](repeating: 0xa5, count: count ?? 0)
            let message = try Forgery(enrolment, for: authority.raCertificate).signed { attributes in
                if count == nil { attributes.remove(.SCEP.senderNonce) }
            }.derEncoded()
            let exchange = try await authority.answer(message)
            guard case .issued = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            let answer = try Answer(exchange.answer)
            #expect(answer.octets(.SCEP.recipientNonce) == count.map { [UInt8](repeating: 0xa5, count: $0) })
            #expect(answer.octets(.SCEP.senderNonce)?.count == 16)
        }
    }

    @Test("keeps its transactionID byte for byte", arguments: ["a", "SSCEP transactionId", "kE/9+Z==", "0*", "é"])
    func transactionID(_ transactionID: String) async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.transactionID = transactionID
            let message = try Forgery(enrolment, for: authority.raCertificate).signed { _ in }.derEncoded()
            guard transactionID.utf8.allSatisfy({ $0 < 0x80 }) else {
                await #expect(throws: SCEPError.self) { try await authority.answer(message) }
                return
            }
            let answer = try Answer(try await authority.answer(message).answer)
            #expect(answer.text(.SCEP.transactionID) == transactionID)
        }
    }

    @Test(
        "is described by a subject that people can read",
        arguments: [
            ("a␀b", #"CN=a\u{0}b"#), ("a,b", "CN=a\\,b"), ("Gerät", "CN=Gerät"), (" ", "CN=\\ "),
        ])
    func readableSubject(name: String, readable: String) async throws {
        try await withAuthority { authority in
            let exchange = try await authority.enrol(try TestEnrolment(name: name.replacing("␀", with: "\0"))).exchange
            #expect(exchange.subject == readable)
            let stored = try await authority.registry.database.read {
                try $0.query("SELECT subject FROM certificate", [])[0].text(0)
            }
            #expect(stored == readable)
        }
    }
}
