import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// Captured messages, told to people.
@Suite struct MessageReportTests {
    /// A PKCSReq as it was sent, and its answer.
    private static func exchange() async throws -> (request: ScriptedServer.Message, answer: [UInt8]) {
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [try Device.certificate()], crls: [])) }
        let request = try Device.request()
        let client = try SCEPClient.scripted(server)
        _ = try await client.enroll(request)
        let message = try server.messages.first.unwrapped()
        let answer = try CertRep.success(certificates: [try Device.certificate()], crls: []).encoded(
            answering: message.message,
            digest: .sha256,
            cipher: .aes128,
            signer: CertRepSigner(certificate: TestPKI.registration.certificate, key: TestPKI.registration.key),
            senderNonce: [9]
        )
        return (message, answer)
    }

    private static func registrationKey() throws -> ClientKey {
        try ClientKey(derEncoded: TestPKI.registration.key.pkcs8)
    }

    @Test func `a request from outside`() async throws {
        let text = try MessageReport().text(of: try await Self.exchange().request.encoded)
        for words in [
            "messageType", "19 (PKCSReq)", "transactionID",
            TransactionID(enrolling: TestKeys.device.publicKey).description,
            "senderNonce", "SHA-512", "AES-128-CBC", "RSAES-PKCS1-v1_5", "of CN=Test CA", "verifies under",
            "C=DE, CN=device.example",
        ] {
            #expect(text.contains(words), "\(words) in\n\(text)")
        }
        #expect(!text.contains("PKCS#10"))
    }

    @Test func `a request opened with the RA's key, its challenge kept to itself`() async throws {
        let message = try await Self.exchange().request.encoded
        for certificate in [nil, TestPKI.registration.certificate.encoded] {
            let report = MessageReport(key: try Self.registrationKey(), certificate: certificate)
            let text = try report.text(of: message)
            #expect(text.contains("PKCS#10"))
            #expect(text.contains("DNS:device.example"))
            #expect(text.contains("13 bytes, not shown"))
            #expect(!text.contains("correct horse"))
        }
        let open = MessageReport(key: try Self.registrationKey(), showSecrets: true)
        #expect(try open.text(of: message).contains("correct horse"))
    }

    @Test func `the wrong key, or the wrong certificate, opens nothing`() async throws {
        let message = try await Self.exchange().request.encoded
        let reports = [
            MessageReport(key: try Device.key.get()),
            MessageReport(key: try Self.registrationKey(), certificate: TestPKI.authority.certificate.encoded),
        ]
        for report in reports {
            let text = try report.text(of: message)
            #expect(text.contains("does not open"))
            #expect(!text.contains("PKCS#10"))
        }
    }

    @Test func `an answer, and what it brings`() async throws {
        let answer = try await Self.exchange().answer
        let text = try MessageReport(key: try Device.key.get()).text(of: answer)
        for words in [
            "3 (CertRep)", "0 (SUCCESS)", "recipientNonce", "CN=Test RA", "CN=device.example", "serial number",
        ] {
            #expect(text.contains(words), "\(words) in\n\(text)")
        }
    }

    @Test func `refusals with their names`() async throws {
        let message = try await Self.exchange().request.message
        let answer = try CertRep.failure(.badCertId, text: "none\u{7}").encoded(
            answering: message,
            digest: .sha256,
            cipher: .aes128,
            signer: CertRepSigner(certificate: TestPKI.registration.certificate, key: TestPKI.registration.key),
            senderNonce: [9]
        )
        let text = try MessageReport().text(of: answer)
        for words in ["2 (FAILURE)", "4 (badCertId)", "failInfoText", #"none\u{7}"#, "empty"] {
            #expect(text.contains(words))
        }
    }

    @Test func `everything else that SCEP has`() throws {
        let crl = try TestPKI.authority.crl(revoking: [5])
        let request = try Device.request().request.encoded
        let texts = try [
            (TestPKI.authority.certificate.encoded, "basic constraints"), (crl, "revoked"), (request, "PKCS#10"),
            (SignedData(certificates: [TestPKI.next.certificate.encoded], crls: [crl]).derEncoded(), "CN=Next CA"),
            (Array("AES\r\nSHA-256\nother\u{1b}\n".utf8), #"other\u{1b}"#),
        ].map { (try MessageReport().text(of: $0), $1) }
        for (text, words) in texts { #expect(text.contains(words)) }
        for nothing in [[], [0x30, 0x00], Array("hello".utf8)] as [[UInt8]] {
            let error = #expect(throws: SCEPClientError.self) { try MessageReport().text(of: nothing) }
            #expect(error?.code == .input)
        }
    }

    @Test func `however a message was captured`() throws {
        let message = try Device.request().request.encoded
        let base64 = Data(message).base64EncodedString()
        let folded = Data(message).base64EncodedString(options: [.lineLength64Characters, .endLineWithCarriageReturn])
        let url = try SCEPURL("http://ca.example/scep").url("PKIOperation", message: base64)
        let texts = [
            base64, base64 + "\n", folded, url, PEM("PKCS7", message).text, String(url.split(separator: "?")[1]),
            "192.0.2.7 - - [23/Nov/2026:01:00:00 +0000] \"GET \(url) HTTP/1.1\" 200 1234",
        ]
        for text in texts { #expect(try CapturedMessage.bytes(in: Array(text.utf8)) == message) }
        #expect(try CapturedMessage.bytes(in: message) == message)
        #expect(try CapturedMessage.bytes(in: Array("AES\n".utf8)) != message)
        #expect(throws: SCEPClientError.self) { try CapturedMessage.bytes(in: []) }
        let other = try SCEPURL("http://ca.example/scep").url("GetCACert", message: "x")
        #expect(throws: SCEPClientError.self) { try CapturedMessage.bytes(in: Array(other.utf8)) }
    }

    @Test func `damaged messages never trap`() async throws {
        let (request, answer) = try await Self.exchange()
        var generator = SeededGenerator(seed: 11)
        let reports = [MessageReport(key: try Self.registrationKey()), MessageReport(key: try Device.key.get())]
        for (report, message) in zip(reports, [request.encoded, answer]) {
            for _ in 0..<400 {
                var changed = message
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    changed[Int.random(in: changed.indices, using: &generator)] = .random(
                        in: .min ... .max, using: &generator)
                }
                _ = try? report.text(of: changed)
                _ = try? report.text(of: Array(changed.prefix(Int.random(in: 0...changed.count, using: &generator))))
            }
        }
    }

    /// Envelopes in envelopes, which only those who know the key can make.
    @Test func `layers without end are not followed`() throws {
        var content = try Device.request().request.encoded
        for _ in 0..<40 {
            content = try EnvelopedData.seal(content, for: [TestPKI.registration.certificate], cipher: .aes128)
                .derEncoded()
        }
        let text = try MessageReport(key: try Self.registrationKey()).text(of: content)
        #expect(!text.contains("PKCS#10"))
        #expect(text.split(separator: "\n").count < 100)
    }
}
