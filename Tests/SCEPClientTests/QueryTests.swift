import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// GetCert, GetCRL and GetNextCACert.
@Suite struct QueryTests {
    private static let point = "http://crl.test/ca.crl"
    private static var authority: IssuerAndSerialNumber {
        IssuerAndSerialNumber(issuer: TestPKI.authority.certificate.subject, serialNumber: [5])
    }

    @Test func `GetCert names the certificate by the CA and its number`() async throws {
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [try Device.certificate()], crls: [])) }
        let client = try SCEPClient.scripted(server)
        let certificate = try await client.certificate(serialNumber: [7], as: try Device.identity())
        #expect(certificate.certificate.encoded == (try Device.certificate()))
        let message = try #require(server.messages.first)
        #expect(message.message.messageType == .getCert)
        #expect(message.content.suffix(3) == [0x02, 0x01, 0x07])
    }

    @Test func `another certificate than the one that was asked for is not taken`() async throws {
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [try Device.certificate()], crls: [])) }
        let client = try SCEPClient.scripted(server)
        let identity = try Device.identity()
        let error = await #expect(throws: SCEPClientError.self) {
            try await client.certificate(serialNumber: [8], as: identity)
        }
        #expect(error?.code == .answer)
    }

    @Test func `badCertId is a refusal, PENDING no answer`() async throws {
        let identity = try Device.identity()
        for (rep, code) in [(CertRep.failure(.badCertId, text: ""), SCEPClientError.Code.refused), (.pending, .answer)]
        {
            let client = try SCEPClient.scripted(ScriptedServer { _, _ in .answer(rep) })
            let error = await #expect(throws: SCEPClientError.self) {
                try await client.certificate(serialNumber: [8], as: identity)
            }
            #expect(error?.code == code)
        }
    }

    @Test func `GetCRL brings the CRL of the CA`() async throws {
        let crl = try TestPKI.authority.crl(revoking: [5])
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [], crls: [crl])) }
        let client = try SCEPClient.scripted(server)
        let list = try await client.crl(for: Self.authority, as: try Device.identity())
        #expect(list.serialNumbers == [[5]])
        #expect(server.messages.first?.message.messageType == .getCRL)
    }

    @Test func `a CRL that the CA has not signed is not taken`() async throws {
        let impostor = try TestIdentity("Test CA", key: TestPKI.stranger.key, isAuthority: true)
        let crl = try impostor.crl()
        let client = try SCEPClient.scripted(
            ScriptedServer { _, _ in .answer(.success(certificates: [], crls: [crl])) })
        let identity = try Device.identity()
        let error = await #expect(throws: SCEPClientError.self) {
            try await client.crl(for: Self.authority, as: identity)
        }
        #expect(error?.code == .answer)
    }

    @Test func `a distribution point comes first`() async throws {
        let crl = try TestPKI.authority.crl(revoking: [6])
        let server = ScriptedServer()
        server.set { $0.pages[Self.point] = crl }
        let client = try SCEPClient.scripted(server)
        let list = try await client.crl(
            for: Self.authority,
            distributionPoints: ["ldap://crl.test/cn=ca", Self.point],
            as: try Device.identity()
        )
        #expect(list.serialNumbers == [[6]])
        #expect(server.messages.isEmpty)
    }

    @Test(arguments: [TestPKI.stranger, TestPKI.next])
    func `where it has nothing to be believed, the server is asked`(other: TestIdentity) async throws {
        let (wrong, right) = (try other.crl(), try TestPKI.authority.crl(revoking: [6]))
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [], crls: [right])) }
        server.set { $0.pages[Self.point] = wrong }
        let client = try SCEPClient.scripted(server)
        let list = try await client.crl(
            for: Self.authority,
            distributionPoints: [Self.point],
            as: try Device.identity()
        )
        #expect(list.encoded == right)
    }

    @Test func `GetNextCACert is believed where the CA has signed it`() async throws {
        let inner = SignedData(certificates: [TestPKI.next.certificate.encoded]).derEncoded()
        func signed(_ signer: TestIdentity, _ digest: DigestAlgorithm) throws -> [UInt8] {
            try SignedData.sign(
                inner,
                attributes: [],
                key: signer.key,
                signer: signer.certificate.identifier,
                digest: digest,
                certificates: [signer.certificate.encoded]
            ).derEncoded()
        }
        let server = ScriptedServer()
        let client = try SCEPClient.scripted(server)
        let answer = try signed(TestPKI.authority, .sha256)
        server.set { $0.next = answer }
        let next = try await client.nextCACertificates()
        #expect(next.authorities.map(\.certificate) == [TestPKI.next.certificate])
        for (signer, digest, code) in [
            (TestPKI.stranger, DigestAlgorithm.sha256, SCEPClientError.Code.answer), (TestPKI.authority, .sha1, .weak),
        ] {
            let answer = try signed(signer, digest)
            server.set { $0.next = answer }
            let error = await #expect(throws: SCEPClientError.self) { try await client.nextCACertificates() }
            #expect(error?.code == code)
        }
    }
}
