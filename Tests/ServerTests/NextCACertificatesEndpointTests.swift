import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP
@testable import Server

@Suite("GetNextCACert while there is a next CA (RFC 8894 §4.7)")
struct NextCACertificatesEndpointTests {
    @Test("is signed by today's CA and RA, around what GetCACert will answer")
    func registrationAuthority() async throws {
        try await TestServer.run(
            prepare: { try await $0.addNextAuthority(switchAt: .distantFuture) },
            { server in
                #expect(try await server.get("/scep?operation=GetCACaps").text.contains("GetNextCACert\n"))
                let response = try await server.get("/scep?operation=GetNextCACert")
                #expect(response.status == .ok)
                #expect(response.contentType == "application/x-x509-next-ca-cert")
                let signedData = try SignedData(berEncoded: response.bytes)
                let today = [server.authority.caCertificate, server.authority.raCertificate]
                #expect(signedData.signerInfos.count == today.count)
                for certificate in today { try signedData.verify(try signedData.signer(among: [certificate])) }
                let next = try SignedData(berEncoded: try #require(signedData.content))
                #expect(next.signerInfos.isEmpty)
                #expect(next.content == nil)
                let subjects = try next.certificates.map { try SignerCertificate(encoded: $0).subject }
                let names = [NextAuthority.name + " RA", NextAuthority.name]
                #expect(try subjects == names.map { try TestSupport.TestClient.encoded("CN=" + $0) })
                // jscep reads only the certificates outside.
                #expect(signedData.certificates == today.map(\.encoded) + next.certificates)
            })
    }

    @Test("is signed by the CA alone in CA mode")
    func authority() async throws {
        try await TestServer.run(
            mode: .certificateAuthority,
            prepare: { try await $0.addNextAuthority(switchAt: .distantFuture) },
            { server in
                let response = try await server.get("/scep?operation=GetNextCACert")
                let signedData = try SignedData(berEncoded: response.bytes)
                let signer = try signedData.soleSigner()
                #expect(signer.certificate == server.authority.caCertificate)
                try signedData.verify(signer)
                #expect(try SignedData(berEncoded: try #require(signedData.content)).certificates.count == 1)
            }
        )
    }

    @Test("is over once the next CA has taken over")
    func afterwards() async throws {
        try await TestServer.run(
            prepare: { authority in
                try await authority.addNextAuthority(switchAt: Date())
                _ = try await authority.registry.switchAuthorities(at: Date().addingTimeInterval(1))
            },
            { server in
                let capabilities = try await server.get("/scep?operation=GetCACaps")
                #expect(!capabilities.text.contains("GetNextCACert"))
                let response = try await server.get("/scep?operation=GetNextCACert")
                #expect(response.status == .notFound)
            }
        )
    }

    @Test("means that a request for the next CA's RA is issued by it, before the switch")
    func earlyRequest() async throws {
        try await TestServer.run(
            prepare: { try await $0.addNextAuthority(switchAt: .distantFuture) },
            { server in
                let response = try await server.get("/scep?operation=GetNextCACert")
                let content = try #require(try SignedData(berEncoded: response.bytes).content)
                let next = try SignedData(berEncoded: content).certificates.map { try SignerCertificate(encoded: $0) }
                let enrolment = try TestEnrolment()
                let reply = try await server.reply(
                    to: try enrolment.message(for: next[0]), of: enrolment, from: next[0])
                let issued = try SignerCertificate(encoded: try #require(reply.certificates.first))
                #expect(issued.identifier.issuer == next[1].subject)
            })
    }
}
