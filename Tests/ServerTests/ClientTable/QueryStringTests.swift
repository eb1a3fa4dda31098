import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import HummingbirdTesting
import SCEP
import TestSupport
import Testing

@testable import Server

/// Rows 1, 3 and 5 of the table of clients.
@Suite("Clients in the field: their URLs", .timeLimit(.minutes(10)))
struct QueryStringTests {
    /// The ways in which clients write base64 into a URL.
    enum Spelling: String, CaseIterable {
        case asTheStandardHasIt
        case lowerCaseEscapes
        case onlyEqualsEscaped
        case nothingEscaped
        case plusAsSpace
        case linesFolded
        case linesFoldedWithCarriageReturn
        case urlSafe
        case urlSafeWithoutPadding
        case escapedTwice
        case escapedTwiceAndFolded

        func write(_ message: [UInt8]) -> String {
            let base64 = Data(message).base64EncodedString()
            let folded = Data(message).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            let urlSafe = base64.replacing("+", with: "-").replacing("/", with: "_")
            return switch self {
            case .asTheStandardHasIt: Self.escape(base64)
            case .lowerCaseEscapes:
                base64.replacing("+", with: "%2b").replacing("/", with: "%2f").replacing("=", with: "%3d")
            case .onlyEqualsEscaped: base64.replacing("=", with: "%3D")
            case .nothingEscaped: base64
            case .plusAsSpace: base64.replacing("+", with: "%20")
            case .linesFolded: folded.replacing("\n", with: "%0A") + "%0A"
            case .linesFoldedWithCarriageReturn: folded.replacing("\n", with: "%0D%0A")
            case .urlSafe: urlSafe
            case .urlSafeWithoutPadding: urlSafe.replacing("=", with: "")
            case .escapedTwice: Self.escape(Self.escape(base64))
            case .escapedTwiceAndFolded: Self.escape(Self.escape(folded + "\n"))
            }
        }

        private static func escape(_ text: String) -> String {
            text.replacing("%", with: "%25").replacing("+", with: "%2B").replacing("/", with: "%2F")
                .replacing("=", with: "%3D").replacing("\n", with: "%0A")
        }
    }

    @Test("Row 1: the base64 of a GET is read from the raw query, however it is written", arguments: Spelling.allCases)
    func base64(_ spelling: Spelling) async throws {
        try await TestServer.run(over: .live) { server in
            let enrolment = try TestEnrolment()
            var message = try enrolment.message(for: server.authority.raCertificate)
            // Bytes behind a message are ignored; with them there is padding to be written.
            message += [UInt8](repeating: 0, count: 3 - message.count % 3 + 1)
            let base64 = Data(message).base64EncodedString()
            #expect("+/=".allSatisfy(base64.contains))
            let response = try await server.raw(
                "GET /scep?operation=PKIOperation&message=\(spelling.write(message)) HTTP/1.1\r\n"
                    + "Host: localhost\r\nConnection: close\r\n\r\n"
            )
            #expect(response.status == 200)
            let reply = try enrolment.verified(response.body, from: server.authority.raCertificate)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test(
        "Row 3: the tails that devices have burnt in reach the profile in front of them",
        arguments: [
            "/pkiclient.exe", "/cgi-bin/pkiclient.exe", "/certsrv/mscep/mscep.dll",
            "/certsrv/mscep/mscep.dll/pkiclient.exe",
        ],
        ["", "/scep", "/scep/routers"]
    )
    func tails(tail: String, prefix: String) async throws {
        try await TestServer.run { server in
            let profile = prefix.hasSuffix("routers") ? "routers" : "default"
            #expect(try await server.get(prefix + tail + "?operation=GetCACaps").status == .ok)
            #expect(server.events.all.last?.values["profile"] == profile)
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            let response = try await server.post(prefix + tail + "?operation=PKIOperation", message)
            let reply = try enrolment.verified(response.bytes, from: server.authority.raCertificate)
            #expect(reply.certificates.count == 1)
            #expect(server.events.all.last?.values["profile"] == profile)
        }
    }

    @Test(
        "Row 5: GetCACaps and GetCACert need no message, and junk in it changes nothing",
        arguments: [
            "&message", "&message=", "&message=0", "&message=1", "&message=CAIdentifier", "&message=default",
            "&message=%00%FF%", "&message=a%20b&message=tablets", "&message=../../tablets", "&message=TABLETS",
        ]
    )
    func junk(message: String) async throws {
        try await TestServer.run(
            prepare: { try await $0.addProfile("tablets") { $0.capabilities = [.sha1] } },
            { server in
                for operation in ["GetCACaps", "GetCACert"] {
                    let without = try await server.get("/scep?operation=\(operation)")
                    let with = try await server.get("/scep?operation=\(operation)\(message)")
                    #expect(with.status == .ok)
                    #expect(with.bytes == without.bytes)
                    #expect(with.contentType == without.contentType)
                }
            }
        )
    }

    @Test("Row 5: the name of a profile or of a CA in the message selects it")
    func names() async throws {
        try await TestServer.run(
            prepare: { authority in
                try await authority.addNextAuthority(switchAt: .distantFuture)
                try await authority.addProfile("tablets") { $0.capabilities = [.aes, .sha256] }
                try await authority.addProfile("branch", authority: NextAuthority.id)
            },
            { server in
                #expect(try await server.get("/scep?operation=GetCACaps&message=tablets").text == "AES\nSHA-256\n")
                #expect(try await server.get("/scep/tablets?operation=GetCACaps").text == "AES\nSHA-256\n")
                for name in ["branch", "Test%20CA%20G2"] {
                    let response = try await server.get("/scep?operation=GetCACert&message=" + name)
                    let certificates = try CACertificates(encoded: response.bytes).certificates
                    let subjects = try certificates.map { try SignerCertificate(encoded: $0).subject }
                    #expect(
                        try subjects
                            == ["CN=Test CA G2 RA", "CN=Test CA G2"].map { try TestClient.encoded($0) }
                    )
                }
                // The path's own CA, though it is not the path's name.
                let own = try await server.get("/scep?operation=GetCACert&message=Test%20CA")
                #expect(try await own.bytes == server.get("/scep?operation=GetCACert").bytes)
            }
        )
    }
}
