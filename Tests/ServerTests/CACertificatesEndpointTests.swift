import CryptographicMessageSyntax
import Enrollment
import HTTPTypes
import HummingbirdTesting
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("What a client asks before it enrols")
struct CACertificatesEndpointTests {
    @Test(
        "GetCACaps always answers, whatever the message says",
        arguments: [
            "/scep?operation=GetCACaps", "/scep?operation=GetCACaps&message=", "/scep?operation=GetCACaps&message=0",
            "/scep?message=CAIdentifier&operation=GetCACaps", "/scep?operation=GetCACaps&message=%00%ff",
            "/scep/routers?operation=GetCACaps", "/scep/pkiclient.exe?operation=GetCACaps",
            "/cgi-bin/pkiclient.exe?operation=GetCACaps", "/certsrv/mscep/mscep.dll?operation=GetCACaps",
            "/certsrv/mscep/mscep.dll/pkiclient.exe?operation=getcacaps&message=x",
            "/scep/routers/pkiclient.exe?operation=GetCACaps",
        ]
    )
    func capabilities(uri: String) async throws {
        try await TestServer.run { server in
            let response = try await server.get(uri)
            #expect(response.status == .ok)
            #expect(response.contentType == "text/plain")
            #expect(response.text == "AES\nPOSTPKIOperation\nRenewal\nSHA-256\nSHA-384\nSHA-512\nSCEPStandard\n")
            #expect(response.headers[.cacheControl] == "no-store")
        }
    }

    @Test(
        "GetCACert in RA mode is a SignedData, the RA's certificate first",
        arguments: ["", "&message=0", "&message=CA"])
    func registrationAuthority(message: String) async throws {
        try await TestServer.run { server in
            let response = try await server.get("/scep?operation=GetCACert\(message)")
            #expect(response.status == .ok)
            #expect(response.contentType == "application/x-x509-ca-ra-cert")
            #expect(response.headers[.cacheControl] == "no-store")
            let signedData = try SignedData(berEncoded: response.bytes)
            #expect(
                signedData.certificates
                    == [server.authority.raCertificate.encoded, server.authority.caCertificate.encoded]
            )
            #expect(signedData.signerInfos.isEmpty)
            #expect(signedData.content == nil)
        }
    }

    @Test("GetCACert in CA mode is one certificate")
    func authority() async throws {
        try await TestServer.run(mode: .certificateAuthority) { server in
            let response = try await server.get("/scep?operation=GetCACert")
            #expect(response.status == .ok)
            #expect(response.contentType == "application/x-x509-ca-cert")
            #expect(response.bytes == server.authority.caCertificate.encoded)
        }
    }

    @Test("GetNextCACert is 404 while there is none")
    func next() async throws {
        try await TestServer.run { server in
            let response = try await server.get("/scep?operation=GetNextCACert")
            #expect(response.status == .notFound)
            #expect(response.text == "There is no next CA certificate.\n")
        }
    }

    @Test(
        "Anything else is 400, and says what there is",
        arguments: [
            "/scep", "/scep?", "/scep?operation=", "/scep?operation=GetCACapsX", "/scep?op=GetCACaps",
            "/scep?operation=PKIOperation%00", "/scep?&&==&", "/pkiclient.exe",
        ]
    )
    func unknownOperation(uri: String) async throws {
        try await TestServer.run { server in
            let response = try await server.get(uri)
            #expect(response.status == .badRequest)
            #expect(response.contentType == "text/plain; charset=utf-8")
            for name in Operation.names { #expect(response.text.contains(name)) }
            #expect(response.text.split(separator: "\n").count == 1)
        }
    }

    @Test(
        "An unknown profile or path is 404",
        arguments: [
            "/scep/nobody", "/scep/nobody/pkiclient.exe", "/scep/a/b/c", "/scep/Routers", "/elsewhere", "/scep/%2e%2e",
        ]
    )
    func unknownPath(path: String) async throws {
        try await TestServer.run { server in
            let statuses = try await [
                server.get(path + "?operation=GetCACaps").status, server.post(path, [1]).status,
            ]
            #expect(statuses == [.notFound, .notFound])
        }
    }
}
