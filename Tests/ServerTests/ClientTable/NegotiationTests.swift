import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CryptographicMessageSyntax
@testable import SCEP
@testable import Server

/// Rows 7, 12, 13, 22 and 26 of the table of clients: what they ask and see before they enrol, and how they go on.
@Suite("Clients in the field: what they see of the server")
struct NegotiationTests {
    /// The bits of keyUsage, as they are encoded (RFC 5280 §4.2.1.3).
    static func keyUsage(_ certificate: [UInt8]) throws -> [UInt8]? {
        try Certificate(derEncoded: certificate).extensions.first { $0.oid == .Extension.keyUsage }
            .map { Array($0.value) }
    }

    @Test("Row 7: GetCACert has the RA's certificate first, and jscep finds keyEncipherment in no other")
    func encryptionCertificate() async throws {
        try await TestServer.run { server in
            let response = try await server.get("/scep?operation=GetCACert")
            let certificates = try ASN1Tree(response.bytes)[1, 0, 3].children.map(\.der)
            #expect(certificates == [server.authority.raCertificate.encoded, server.authority.caCertificate.encoded])
            let enciphers = try certificates.map { try #require(try Self.keyUsage($0)?.last) & 0x20 != 0 }
            #expect(enciphers == [true, false])
        }
    }

    @Test(
        "Row 12: the certificate that clients encrypt to has digitalSignature and keyEncipherment",
        arguments: [
            (.registrationAuthority, [0x03, 0x02, 0x05, 0xa0]),
            // And keyCertSign and cRLSign.
            (.certificateAuthority, [0x03, 0x02, 0x01, 0xa6]),
        ] as [(ProfileSettings.Mode, [UInt8])]
    )
    func keyUsage(mode: ProfileSettings.Mode, usage: [UInt8]) async throws {
        try await TestServer.run(mode: mode) { server in
            let response = try await server.get("/scep?operation=GetCACert")
            let first = try #require(try CACertificates(encoded: response.bytes).certificates.first)
            #expect(first == server.authority.raCertificate.encoded)
            #expect(try Self.keyUsage(first) == usage)
        }
    }

    @Test("Row 12: a profile in CA mode is not served where the CA's certificate lacks them")
    func authorityWithoutUsage() async throws {
        let sentence = try await Self.sentenceAtStart { authority in
            guard let old = try await authority.registry.profiles().first else { return }
            var profile = old
            var settings = try ProfileSettings(json: profile.settings)
            settings.mode = .certificateAuthority
            profile.settings = try settings.json()
            _ = try await authority.registry.update(profile, from: old, by: "test", at: Date())
        }
        #expect(sentence?.contains("digitalSignature or keyEncipherment") == true)
    }

    @Test("Row 12: a profile in RA mode is not served where the RA's certificate lacks them")
    func registrationAuthorityWithoutUsage() async throws {
        // The template of the HTTPS listener has digitalSignature alone.
        let sentence = try await Self.sentenceAtStart { try await $0.renewRegistrationKey(template: .server) }
        #expect(sentence?.contains("digitalSignature or keyEncipherment") == true)
    }

    /// Why a server does not serve a profile; nil where it does.
    private static func sentenceAtStart(_ prepare: (TestAuthority) async throws -> Void) async throws -> String? {
        try await withTemporaryDirectory { directory in
            let authority = try await TestAuthority(directory: directory)
            defer { try? authority.registry.close() }
            try await authority.addRegistrationKey()
            try await prepare(authority)
            return try await ServedConfiguration(authority.registry, masterKey: .test).current.unserved.first?.reason
        }
    }

    @Test("Row 13: the capabilities are a setting, for versions of iOS that want both SHA-1 and SHA-256 listed")
    func capabilities() async throws {
        try await TestServer.run(
            settings: .with { $0.capabilities = [.postPKIOperation, .renewal, .sha1, .sha256, .tripleDES, .aes] },
            { server in
                let text = try await server.get("/scep?operation=GetCACaps").text
                #expect(text == "POSTPKIOperation\nRenewal\nSHA-1\nSHA-256\nDES3\nAES\n")
            }
        )
    }

    @Test("Row 13: a certificate is renewed by a PKCSReq that it signs, as iOS does, as well as by a RenewalReq")
    func renewals() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let certificate = try await server.certificate(of: enrolment)
            for type in [MessageType.pkcsReq, .renewalReq] {
                var renewal = try TestEnrolment.renewal(of: certificate, by: enrolment.client, as: type)
                renewal.transactionID = "\(type)"
                // A request is granted once to a certificate; another key makes another one.
                if type == .renewalReq { renewal.requestKey = nil }
                let message = try renewal.message(for: server.authority.raCertificate)
                let renewed = try #require(try await server.reply(to: message, of: renewal).certificates.first)
                #expect(renewed != certificate)
                let old = try SignerCertificate(encoded: certificate).identifier.serialNumber
                #expect(server.events.all.last?.values["renews"] == old.hexadecimal)
            }
        }
    }

    @Test("Row 22: certmonger asks GetCACert with message=0, 1, 2 … and stops, because the answers repeat")
    func numberedCertificates() async throws {
        try await TestServer.run { server in
            let first = try await server.get("/scep?operation=GetCACert&message=0")
            let second = try await server.get("/scep?operation=GetCACert&message=1")
            #expect(first.status == .ok)
            #expect(first.bytes == second.bytes)
        }
    }

    @Test("Row 22: certmonger enrols by GET only")
    func enrolmentByGET() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            let spelled = QueryStringTests.Spelling.asTheStandardHasIt.write(message)
            let response = try await server.get("/scep?operation=PKIOperation&message=" + spelled)
            #expect(response.contentType == "application/x-pki-message")
            #expect(
                try enrolment.verified(response.bytes, from: server.authority.raCertificate).certificates.count == 1)
        }
    }

    @Test(
        "Row 26: GetCACaps answers whatever is asked with it: without an answer sscep falls back to DES and MD5",
        arguments: ["GET", "POST"]
    )
    func capabilitiesAlwaysAnswer(method: String) async throws {
        try await TestServer.run { server in
            for query in ["", "&message=CAIdentifier", "&message=%", "&message=&x", "&profile=nobody"] {
                let uri = "/scep?operation=GetCACaps" + query
                let response = try await method == "GET" ? server.get(uri) : server.post(uri, [])
                #expect(response.status == .ok)
                #expect(response.text.contains("AES\n"))
                #expect(response.text.contains("SHA-256\n"))
            }
        }
    }

    /// A request in DES and MD5, the PKCS#10 inside it too.
    private static func oldMessage(for server: TestServer) throws -> (message: [UInt8], enrolment: TestEnrolment) {
        var enrolment = try TestEnrolment()
        enrolment.digest = .md5
        enrolment.cipher = .des
        let key = enrolment.client.key
        let request = try enrolment.certificationRequest().changed(signedBy: key, digest: .md5) { _ in }
        var forgery = try Forgery(enrolment, for: server.authority.raCertificate)
        forgery.sign = { try OldFormats.signature(of: $0, by: key, digest: .md5) }
        return (try forgery.signed(try forgery.envelope(around: request).derEncoded()).derEncoded(), enrolment)
    }

    @Test(
        "Row 26: DES, MD5 and GET get a certificate at legacy, in AES and SHA-256", arguments: AlgorithmLevel.allCases)
    func oldAlgorithms(_ level: AlgorithmLevel) async throws {
        try await TestServer.run(level: level) { server in
            let (message, enrolment) = try Self.oldMessage(for: server)
            let spelled = QueryStringTests.Spelling.linesFolded.write(message)
            let response = try await server.get("/scep?operation=PKIOperation&message=" + spelled)
            let reply = try enrolment.verified(response.bytes, from: server.authority.raCertificate)
            #expect(reply.digest == .sha256)
            if level == .legacy {
                #expect(reply.certificates.count == 1)
                #expect(reply.contentEncryption == .aes128)
                #expect(server.events.all.last?.values["weak"] == "yes")
            } else {
                #expect(reply.failInfo == .badAlg)
            }
        }
    }

    /// A query under the transactionID that sscep has for all of them.
    private static func query(
        _ type: MessageType,
        _ identifier: IssuerAndSerialNumber,
        by client: TestSupport.TestClient,
        at server: TestServer
    ) async throws -> (response: [UInt8], reply: VerifiedCertRep) {
        var query = TestEnrolment(client)
        query.messageType = type
        query.transactionID = "SSCEP transactionId"
        let message = try query.message(for: server.authority.raCertificate, containing: try identifier.der)
        let response = try await server.post("/scep?operation=PKIOperation", message)
        return (response.bytes, try query.verified(response.bytes, from: server.authority.raCertificate))
    }

    @Test("Row 26: GetCert and GetCRL under sscep's one transactionID get each its own answer")
    func fixedTransactionID() async throws {
        try await TestServer.run { server in
            let list = try await server.authority.publishRevocationList()
            var owners: [(TestSupport.TestClient, [UInt8])] = []
            for (name, key) in [("CN=one", TestKeys.device), ("CN=two", TestKeys.otherDevice)] {
                let enrolment = try TestEnrolment(name: name, key: key)
                owners.append((enrolment.client, try await server.certificate(of: enrolment)))
            }
            let authority = server.authority.caCertificate.identifier
            for (client, certificate) in owners + owners {
                let identifier = try SignerCertificate(encoded: certificate).identifier
                let own = try await Self.query(.getCert, identifier, by: client, at: server)
                #expect(own.reply.certificates == [certificate])
                // sscep sends the CA's own serial number.
                let crl = try await Self.query(.getCRL, authority, by: client, at: server)
                #expect(crl.reply.answer == .success(certificates: [], crls: [list]))
                let signedData = try AnswerTests.content(of: crl.response, for: client)[1, 0]
                // version, digestAlgorithms, encapContentInfo, crls, signerInfos: no certificates, no content
                #expect(signedData.children.map(\.tag) == [0x02, 0x31, 0x30, 0xa1, 0x31])
                #expect(signedData[2].children.count == 1)
                #expect(signedData[3].children.map(\.der) == [list])
                let nobody = IssuerAndSerialNumber(issuer: identifier.issuer, serialNumber: [0x55])
                #expect(try await Self.query(.getCert, nobody, by: client, at: server).reply.failInfo == .badCertId)
            }
        }
    }
}
