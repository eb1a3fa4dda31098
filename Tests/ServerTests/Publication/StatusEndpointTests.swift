import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("OCSP over HTTP (RFC 6960 appendix A)")
struct StatusEndpointTests {
    static func post(_ client: any TestClientProtocol, _ body: [UInt8]) async throws -> TestResponse {
        try await client.execute(
            uri: "/ocsp",
            method: .post,
            headers: [.contentType: "application/ocsp-request"],
            body: ByteBuffer(bytes: body)
        )
    }

    static func escaped(_ text: String) -> String {
        text.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3d")
    }

    @Test("answers POST and GET, in every way in which the path is written")
    func methods() async throws {
        try await LiveInstallation.serve { live, client in
            // Ten of them, so that there are pluses and slashes among the characters.
            for number in 0..<10 {
                let certificate = try await live.issue("CN=\(number)")
                let request = try StatusAnswer.request([try certificate.certID(by: .sha256)])
                let posted = try await Self.post(client, request)
                #expect(posted.status == .ok)
                #expect(posted.contentType == "application/ocsp-response")
                #expect(posted.headers[.cacheControl] == "no-store")
                #expect(try StatusAnswer(posted.bytes).statuses == [.good])
                let text = Data(request).base64EncodedString()
                let paths = [
                    text, Self.escaped(text), "/" + text, text.replacing("=", with: ""),
                    text.replacing("+", with: "-").replacing("/", with: "_"),
                ]
                for path in paths {
                    let got = try await client.execute(uri: "/ocsp/" + path, method: .get)
                    #expect(got.status == .ok)
                    // The same answer as before: it was kept.
                    #expect(got.bytes == posted.bytes, "\(path)")
                    #expect(got.headers[.cacheControl]?.hasPrefix("max-age=300, public") == true)
                    #expect(got.headers[.lastModified].flatMap(HTTPDate.date) != nil)
                    #expect(got.headers[.expires].flatMap(HTTPDate.date) != nil)
                }
            }
        }
    }

    @Test("keeps caches away from an answer with a nonce")
    func nonce() async throws {
        try await LiveInstallation.serve { live, client in
            let name = try (try await live.issue()).certID()
            let text = Data(try StatusAnswer.request([name], nonce: [1, 2, 3])).base64EncodedString()
            let response = try await client.execute(uri: "/ocsp/" + Self.escaped(text), method: .get)
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(try StatusAnswer(response.bytes).nonce == [1, 2, 3])
            for length in [0, 129, 4000] {
                let nonce = [UInt8](repeating: 1, count: length)
                let response = try await Self.post(client, try StatusAnswer.request([name], nonce: nonce))
                #expect(response.bytes == OCSPFailure.malformedRequest.encoded, "\(length)")
            }
        }
    }

    @Test("says of a request that it is malformed, and goes on")
    func malformed() async throws {
        try await LiveInstallation.serve { live, client in
            let request = try StatusAnswer.request([try (try await live.issue()).certID()])
            let bodies: [[UInt8]] = [
                [], [0x30], [0x30, 0x00], [0x30, 0x80], [0x00], request + [0], Array(request.dropLast()),
                [UInt8](repeating: 0x30, count: 65_536), [UInt8](repeating: 0, count: 65_537),
                [UInt8](repeating: 0x30, count: 1 << 20), Array("GET / HTTP/1.1".utf8),
                [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], request + [UInt8](repeating: 0, count: 65_536),
            ]
            for body in bodies {
                let response = try await Self.post(client, body)
                #expect(response.bytes == OCSPFailure.malformedRequest.encoded, "\(body.count)")
                #expect(response.status == .ok)
                #expect(response.headers[.cacheControl] == "no-store")
            }
            let paths = [
                "%", "%2", "%zz", "....", "AAAA", "日本", "%00", String(repeating: "A", count: 300_000),
                Data(request.dropLast()).base64EncodedString(), Data(request).base64EncodedString() + "/AAAA",
            ]
            for path in paths {
                let response = try await client.execute(uri: "/ocsp/" + path, method: .get)
                #expect(response.bytes == OCSPFailure.malformedRequest.encoded, "\(path.prefix(40))")
            }
            #expect(try StatusAnswer(try await Self.post(client, request).bytes).statuses == [.good])
        }
    }

    @Test("of a request that is damaged in one byte says something, and goes on")
    func mutations() async throws {
        try await LiveInstallation.serve { live, client in
            let name = try (try await live.issue()).certID()
            let request = try StatusAnswer.request([name], nonce: [9])
            for position in request.indices {
                for mask in [0x01, 0x80, 0xff] as [UInt8] {
                    var damaged = request
                    damaged[position] ^= mask
                    let response = try await Self.post(client, damaged)
                    let answer = try StatusAnswer(response.bytes)
                    #expect([0, 1].contains(answer.code), "\(position)")
                    guard answer.statuses.contains(.good) else { continue }
                    // Only its own serial number under its own CA is good; the nonce, and a NULL, may be others.
                    let names = try OCSPRequest(derEncoded: damaged).certificates
                    #expect(names.map(\.serialNumber) == [name.serialNumber], "\(position)")
                    #expect(names.map(\.issuerKeyHash) == [name.issuerKeyHash], "\(position)")
                    #expect(names.map(\.issuerNameHash) == [name.issuerNameHash], "\(position)")
                }
                let cut = try await Self.post(client, Array(request.prefix(position)))
                #expect(cut.bytes == OCSPFailure.malformedRequest.encoded)
            }
        }
    }

    @Test("says to try later where the registry cannot be read, and never that a certificate is good")
    func closedRegistry() async throws {
        try await LiveInstallation.serve { live, client in
            let certificate = try await live.issue()
            try live.registry.close()
            let response = try await Self.post(client, try StatusAnswer.request([try certificate.certID()]))
            #expect(response.bytes == OCSPFailure.tryLater.encoded)
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(live.events.all.contains { $0.message == "OCSP request cannot be answered" })
        }
    }

    @Test("says that it may not answer where there is no signer")
    func withoutSigner() async throws {
        try await LiveInstallation.serve { live, client in
            let request = try StatusAnswer.request([try (try await live.issue()).certID()])
            _ = try await live.registry.database.write { connection in
                try connection.execute("DELETE FROM service_key WHERE purpose = 'ocsp'", [])
                try Registry.noteChange(in: connection)
            }
            _ = try await live.served.refresh()
            let response = try await Self.post(client, request)
            #expect(response.bytes == OCSPFailure.unauthorized.encoded)
        }
    }
}
