import CryptographicMessageSyntax
import Enrollment
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Registry

@Suite("A client with the right challenge that asks for too much")
struct RefusedCertificateTests {
    /// Enrols with an extension, or another name, and returns why it was refused.
    static func refusal(
        extension asked: CertificateExtension? = nil,
        name: String = "CN=device.example"
    ) async throws -> (text: String, reason: String)? {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment(name: name)
            enrolment.extensions = asked.map { [$0] } ?? []
            let (exchange, reply) = try await authority.enrol(enrolment)
            guard case .refused(.badRequest, let reason) = exchange.outcome,
                case .failure(.badRequest, let text) = reply.answer
            else { return nil }
            #expect(!exchange.isConcealed)
            #expect(try await authority.registry.certificateCount() == 0)
            enrolment.extensions = []
            enrolment.client = try TestClient(key: TestKeys.device)
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
            return (text, reason)
        }
    }

    @Test(
        "to be a CA is told so",
        arguments: [
            ("CA", CertificateExtension([2, 5, 29, 19], value: [0x30, 0x03, 0x01, 0x01, 0xff])),
            ("sign certificates", CertificateExtension([2, 5, 29, 15], value: [0x03, 0x02, 0x02, 0x04])),
            ("sign certificates or CRLs", CertificateExtension([2, 5, 29, 15], value: [0x03, 0x02, 0x01, 0x02])),
        ])
    func authority(_ cause: String, asked: CertificateExtension) async throws {
        let refusal = try #require(try await Self.refusal(extension: asked))
        #expect(refusal.text == "The request asks for a certificate that may not be issued.")
        #expect(refusal.reason.contains(cause))
    }

    @Test("to bear the CA's own name is told so")
    func name() async throws {
        let refusal = try #require(try await Self.refusal(name: "CN=Test CA"))
        #expect(refusal.text == "The request asks for a certificate that may not be issued.")
        #expect(refusal.reason.contains("own name"))
    }

    @Test("an unreadable SAN is told so")
    func unreadable() async throws {
        let asked = CertificateExtension([2, 5, 29, 17], value: [0x30, 0x03, 0x82, 0x01])
        #expect(try await Self.refusal(extension: asked) != nil)
    }

    @Test("nothing unusual gets a certificate")
    func nothing() async throws {
        #expect(try await Self.refusal() == nil)
    }
}
