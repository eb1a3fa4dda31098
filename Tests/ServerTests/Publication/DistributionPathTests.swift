import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import SwiftASN1
import TestSupport
import Testing

@testable import Server

@Suite("What is published of CAs, by path")
struct DistributionPathTests {
    /// What stands behind `/crl/` and `/ca/`, where nothing is.
    static let absent = [
        "", "ucm-ca", "ucm-ca.", ".crl", "crl", ".", "..", "ucm-ca.txt", "ucm-ca.CRL", "UCM-CA.crl", "UCM-CA.cer",
        "ucm-ca.crl.",
        "ucm-ca.crl/x", "x/ucm-ca.crl", "ucm ca.crl", "%2e%2e", "%2e%2e.crl", "..%2f..%2fetc%2fpasswd",
        "..%2Fucm-ca.crl", "ucm-ca%00.crl", "ucm-ca.crl%00", "%00", "%", "%zz.crl", "%ff.crl", "ucm-ca.crl%0d%0aX:1",
        "日本.crl", "%E6%97%A5%E6%9C%AC.crl", "ucm\u{2010}ca.crl", "\u{202e}lrc.ac-mcu", "*.crl", "{file}", ".pem",
        "1.crl",
        String(repeating: "a", count: 100_000) + ".crl", String(repeating: "%2e", count: 20_000),
        String(repeating: ".", count: 50_000),
    ]

    @Test("is nothing for anybody else's paths, however they are written")
    func absentPaths() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.publish(at: Date())
            for path in Self.absent {
                for folder in ["crl", "ca"] {
                    for method in [HTTPRequest.Method.get, .head] {
                        let response = try await client.execute(uri: "/\(folder)/\(path)", method: method)
                        #expect(response.status == .notFound, "\(method) \(folder)/\(path.prefix(40))")
                    }
                }
            }
            for path in ["/crl/ucm-ca.cer", "/ca/ucm-ca.crl"] {
                #expect(try await client.execute(uri: path, method: .get).status == .notFound, "\(path)")
            }
            for method in [HTTPRequest.Method.post, .put, .delete] {
                let response = try await client.execute(uri: "/crl/ucm-ca.crl", method: method)
                #expect(response.status == .notFound || response.status == .methodNotAllowed)
            }
            #expect(try await client.execute(uri: "/crl/ucm-ca.crl?x=1", method: .get).status == .ok)
        }
    }

    @Test("is found by what stands for the CA's name in certificates, whatever the name is")
    func oddNames() async throws {
        try await LiveInstallation.serve { live, client in
            try await live.administration.change(PublicationSettings.self, by: "anna", at: live.now) {
                $0.baseURL = "http://ca.example.com:8080"
            }
            let names = [
                ("Größe & Söhne, Inc.", "gr-e-s-hne-inc"), ("日本", "ca-3"), ("A  B--C/../D", "a-b-c-d"),
                ("<script>", "script"), ("%2e%2e", "2e-2e"), ("Ünï", "n"), ("ca 9", "ca-9"),
            ]
            for (name, slug) in names {
                let authority = try await live.create(name)
                let certificate = try await live.issue(by: name)
                let points = try #require(
                    try CertificateExtension.all(of: certificate.certificate).first { $0.identifier == [2, 5, 29, 31] }
                )
                let url = Data("http://ca.example.com:8080/crl/\(slug).crl".utf8)
                #expect(Data(points.value).range(of: url) != nil, "\(name)")
                let response = try await client.execute(uri: "/ca/\(slug).cer", method: .get)
                #expect(response.status == .ok)
                #expect(response.bytes == authority.issuer.certificate.encoded)
            }
            try await live.publish(at: Date())
            for (name, slug) in names {
                let list = try await client.execute(uri: "/crl/\(slug).crl", method: .get)
                #expect(try listHeader(list.bytes).issuer == live.authority(name).issuer.certificate.subject)
            }
        }
    }

    @Test("is the CA's certificate, alone or with those above it")
    func certificates() async throws {
        try await LiveInstallation.serve { live, client in
            let root = try live.authority()
            let below = try await live.create("Below", under: "UCM CA")
            let chain = [below.issuer.certificate.encoded, root.issuer.certificate.encoded]
            #expect(below.chain == chain)
            func get(_ file: String) async throws -> TestResponse {
                let response = try await client.execute(uri: "/ca/\(file)", method: .get)
                #expect(response.status == .ok)
                #expect(response.headers[.cacheControl] == "public, max-age=3600")
                let headers: HTTPFields = [.ifNoneMatch: response.headers[.eTag] ?? ""]
                let again = try await client.execute(uri: "/ca/\(file)", method: .get, headers: headers)
                #expect(again.status == .notModified)
                #expect(again.bytes.isEmpty)
                let head = try await client.execute(uri: "/ca/\(file)", method: .head)
                #expect(head.headers[.contentLength] == "\(response.bytes.count)")
                #expect(head.bytes.isEmpty)
                return response
            }
            for file in ["below.cer", "below.crt"] {
                let response = try await get(file)
                #expect(response.contentType == "application/pkix-cert")
                #expect(response.bytes == chain[0])
            }
            let bundle = try await get("below.p7c")
            #expect(bundle.contentType == "application/pkcs7-mime; smime-type=certs-only")
            #expect(try SignedData(berEncoded: bundle.bytes).certificates == chain)
            let pem = try await get("below.pem")
            #expect(pem.contentType == "application/x-pem-file")
            #expect(try KeyFile(pem.bytes, password: nil).certificates == chain)
            #expect(try await get("ucm-ca.cer").bytes == chain[1])
            #expect(try KeyFile(try await get("ucm-ca.pem").bytes, password: nil).certificates == [chain[1]])
        }
    }
}
