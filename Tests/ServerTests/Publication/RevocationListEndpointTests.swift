import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("A CRL over HTTP")
struct RevocationListEndpointTests {
    static let path = "/crl/ucm-ca.crl"

    @Test("is the registry's, as DER and as PEM")
    func forms() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.revoke(try await live.issue())
            try await live.publish(at: Date())
            let list = try await live.list()
            let der = try await client.execute(uri: Self.path, method: .get)
            #expect(der.status == .ok)
            #expect(der.contentType == "application/pkix-crl")
            #expect(der.bytes == list.encoded)
            #expect(der.headers[.contentLength] == "\(list.encoded.count)")
            #expect(der.headers[.cacheControl] == "public, max-age=600, must-revalidate")
            #expect(der.headers[.lastModified] == HTTPDate.text(list.thisUpdate))
            let expires = try #require(der.headers[.expires].flatMap(HTTPDate.date))
            #expect((590...610).contains(expires.timeIntervalSinceNow))

            let pem = try await client.execute(uri: "/crl/ucm-ca.pem", method: .get)
            #expect(pem.contentType == "application/x-pem-file")
            #expect(pem.headers[.eTag] != der.headers[.eTag])
            let lines = pem.text.split(separator: "\n")
            #expect(lines.first == "-----BEGIN X509 CRL-----")
            #expect(lines.last == "-----END X509 CRL-----")
            #expect(Data(base64Encoded: lines.dropFirst().dropLast().joined()).map(Array.init) == list.encoded)
        }
    }

    @Test("is described to a HEAD")
    func head() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.publish(at: Date())
            for form in ["crl", "pem"] {
                let get = try await client.execute(uri: "/crl/ucm-ca.\(form)", method: .get)
                let head = try await client.execute(uri: "/crl/ucm-ca.\(form)", method: .head)
                #expect(head.status == .ok)
                #expect(head.bytes.isEmpty)
                for name in [HTTPField.Name.eTag, .lastModified, .contentType, .cacheControl] {
                    #expect(head.headers[name] == get.headers[name], "\(name)")
                }
                #expect(head.headers[.contentLength] == "\(get.bytes.count)")
            }
        }
    }

    /// What a client says that it has, with `ETAG` and `DATE` for what the server said, and what it is answered.
    static let headers: [(names: [HTTPField.Name: String], isUnchanged: Bool)] = [
        ([.ifNoneMatch: "ETAG"], true), ([.ifNoneMatch: "W/ETAG"], true), ([.ifNoneMatch: "*"], true),
        ([.ifNoneMatch: "\"7-crl\", ETAG"], true), ([.ifNoneMatch: "\"7-crl\",W/ETAG ,\"8\""], true),
        ([.ifNoneMatch: "\"7-crl\""], false), ([.ifNoneMatch: ""], false), ([.ifNoneMatch: ",,"], false),
        ([.ifNoneMatch: "\"1-pem\""], false), ([.ifNoneMatch: "w/ETAG"], false),
        ([.ifModifiedSince: "DATE"], true), ([.ifModifiedSince: "Fri, 31 Dec 9999 23:59:59 GMT"], true),
        ([.ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"], false), ([.ifModifiedSince: "yesterday"], false),
        ([.ifNoneMatch: "\"7-crl\"", .ifModifiedSince: "DATE"], false),
        ([.ifNoneMatch: "ETAG", .ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"], true),
    ]

    @Test("is not sent again to whoever has it")
    func conditions() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.publish(at: Date())
            let known = try await client.execute(uri: Self.path, method: .get)
            let (tag, date) = (try #require(known.headers[.eTag]), try #require(known.headers[.lastModified]))
            for (names, isUnchanged) in Self.headers {
                var headers = HTTPFields()
                for (name, value) in names {
                    headers[name] = value.replacing("ETAG", with: tag).replacing("DATE", with: date)
                }
                for method in [HTTPRequest.Method.get, .head] {
                    let response = try await client.execute(uri: Self.path, method: method, headers: headers)
                    #expect(response.status == (isUnchanged ? .notModified : .ok), "\(headers)")
                    #expect(response.bytes.isEmpty == (isUnchanged || method == .head), "\(headers)")
                    #expect(response.headers[.eTag] == tag)
                    #expect(response.headers[.cacheControl] == known.headers[.cacheControl])
                }
            }
            // Another CRL has another tag.
            try await live.revoke(try await live.issue())
            try await live.publish(at: Date())
            let next = try await client.execute(uri: Self.path, method: .get, headers: [.ifNoneMatch: tag])
            #expect(next.status == .ok)
            #expect(try listHeader(next.bytes).number == 2)
        }
    }

    @Test("is not served before there is one, nor after its end")
    func unavailable() async throws {
        try await LiveInstallation.serve { live, client in
            func check() async throws {
                for form in ["crl", "pem"] {
                    let response = try await client.execute(uri: "/crl/ucm-ca.\(form)", method: .get)
                    #expect(response.status == .serviceUnavailable)
                    #expect(response.headers[.retryAfter] != nil)
                    #expect(response.headers[.cacheControl] == "no-store")
                    #expect(response.headers[.eTag] == nil)
                }
            }
            try await check()
            try await live.publish(at: live.day(-8))
            #expect(try await live.list().number == 1)
            try await check()
            // Who has it already is not told that it still holds.
            let known: HTTPFields = [.ifNoneMatch: "*"]
            #expect(
                try await client.execute(uri: Self.path, method: .get, headers: known).status == .serviceUnavailable)
            try await live.publish(at: Date())
            let response = try await client.execute(uri: Self.path, method: .get)
            #expect(response.status == .ok)
            #expect(try listHeader(response.bytes).number == 2)
        }
    }

    @Test("is not kept beyond its end by anybody")
    func endingSoon() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.publish(at: Date().addingTimeInterval(60 - 168 * 3600))
            let response = try await client.execute(uri: Self.path, method: .get)
            let age = response.headers[.cacheControl]?.split(separator: "max-age=").last?.prefix { $0.isNumber }
            #expect((50...60).contains(age.flatMap { Int($0) } ?? 0))
            #expect(response.status == .ok)
        }
    }

    @Test("is not called fresh while a revocation is not on it")
    func outOfDate() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.publish(at: Date())
            let blocking = try await live.blockRevocationList()
            let sentence = await refusal { try await live.publish(at: Date()) }
            #expect(sentence.contains("65"))
            let old = try await client.execute(uri: Self.path, method: .get)
            #expect(old.status == .ok)
            #expect(try listHeader(old.bytes).number == 1)
            #expect(old.headers[.cacheControl] == "no-cache")
            _ = try await live.registry.release([blocking], by: "anna", note: "", at: Date())
            try await live.publish(at: Date())
            let new = try await client.execute(uri: Self.path, method: .get)
            #expect(try listHeader(new.bytes).number == 2)
            #expect(new.headers[.cacheControl]?.hasPrefix("public") == true)
        }
    }
}
