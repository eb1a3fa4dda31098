import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import SCEP
import SCEPClient
import TestSupport
import Testing

@testable import ucm

/// `ucm scep` as somebody types it, against a server on a real socket.
@Suite struct CommandLineTests {
    /// A server and a directory for files.
    private struct Place {
        let url: String
        let directory: String

        func path(_ name: String) -> String { "\(self.directory)/\(name)" }

        func text(_ name: String) throws -> String { try String(contentsOfFile: self.path(name), encoding: .utf8) }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: self.path(name)))
        }

        func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self.path(name)) }

        func permissions(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: self.path(name))[.posixPermissions] as? Int
        }

        /// Runs a command with the URL and what the CA is known by, and returns its exit status.
        func run(_ command: String, _ arguments: String...) async throws -> Int32 {
            let isServed = command != "poll" && command != "decode"
            let known = ["--fingerprint", "\(Fingerprint(of: TestPKI.authority.certificate.encoded))"]
            var words = ["scep", command] + (isServed ? [self.url] : []) + arguments
            if isServed, command != "caps" { words += known }
            // A machine with all tests at work may take its time.
            if command != "decode" { words += ["--timeout", "600"] }
            do {
                var parsed = try UCM.parseAsRoot(words)
                guard var command = parsed as? any AsyncParsableCommand else {
                    try parsed.run()
                    return 0
                }
                try await command.run()
                return 0
            } catch let error as ExitCode {
                return error.rawValue
            } catch {
                return UCM.exitCode(for: error).rawValue
            }
        }
    }

    private static func serving(
        _ server: ScriptedServer,
        _ body: @escaping @Sendable (Place) async throws -> Void
    ) async throws {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post] {
            router.on("scep", method: method) { request, _ in
                let body = try await request.body.collect(upTo: 1 << 20)
                let answer = try await server.send(
                    TransportRequest(
                        url: "http://ca.test/scep?\(request.uri.query ?? "")",
                        body: method == .post ? Array(body.readableBytesView) : nil,
                        maximumAnswerSize: 1 << 20,
                        timeout: .seconds(10)
                    )
                )
                return Response(
                    status: .init(code: answer.status),
                    body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
                )
            }
        }
        try await withTemporaryDirectory { directory in
            try await Application(router: router, logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
                .test(.live) { client in
                    guard let port = client.port else { return }
                    try await body(Place(url: "http://127.0.0.1:\(port)/scep", directory: directory))
                }
        }
    }

    /// Grants whatever is asked for, after a number of answers that it is pending.
    private static func granting(pending: Int = 0) -> ScriptedServer {
        ScriptedServer { number, message in
            guard number >= pending else { return .answer(.pending) }
            let isPoll = message.message.messageType == .certPoll
            let key = isPoll ? nil : try CertificationRequest(encoded: message.content).publicKey
            let certificate = try TestIdentity(
                "device.example",
                key: TestPKI.authority.key,
                publicKey: key ?? message.message.signer.certificate.publicKey,
                issuer: TestPKI.authority,
                serialNumber: 7
            )
            return .answer(.success(certificates: [certificate.certificate.encoded], crls: []))
        }
    }

    @Test func `enroll makes a key that only its owner reads, and writes the certificate`() async throws {
        try await Self.serving(Self.granting()) { place in
            let status = try await place.run(
                "enroll", "--subject", "CN=device.example", "--san", "dns:device.example", "--challenge", "c",
                "--key-out", place.path("key.pem"), "--out", place.path("cert.pem")
            )
            #expect(status == 0)
            #expect(try place.permissions("key.pem") == 0o600)
            let key = try ClientKey(file: Array(place.text("key.pem").utf8))
            let certificate = try #require(try PEM.blocks(in: place.text("cert.pem")).first)
            #expect(certificate.label == "CERTIFICATE")
            #expect(try SignerCertificate(encoded: certificate.bytes).publicKey.isSameKey(as: key.publicKey))
        }
    }

    @Test func `a key is never replaced, and nothing is sent then`() async throws {
        let server = Self.granting()
        try await Self.serving(server) { place in
            try place.write("precious", to: "key.pem")
            let status = try await place.run("enroll", "--subject", "CN=x", "--key-out", place.path("key.pem"))
            #expect(status == 1)
            #expect(try place.text("key.pem") == "precious")
            #expect(server.messages.isEmpty)
        }
    }

    @Test func `a pending request leaves notes, by which it is polled until it is there`() async throws {
        let server = Self.granting(pending: 2)
        try await Self.serving(server) { place in
            try place.write("hush-hush\n", to: "challenge")
            let enrolled = try await place.run(
                "enroll", "--subject", "CN=device.example", "--challenge-file", place.path("challenge"),
                "--key-out", place.path("key.pem"), "--out", place.path("cert.pem")
            )
            #expect(enrolled == 3)
            let notes = try place.text("key.pem.pending")
            #expect(!notes.contains("hush-hush"))
            #expect(!notes.contains("PRIVATE"))
            let first = try await place.run("poll", "--state", place.path("key.pem.pending"))
            #expect(first == 3)
            #expect(!place.exists("cert.pem"))
            let second = try await place.run("poll", "--state", place.path("key.pem.pending"))
            #expect(second == 0)
            #expect(place.exists("cert.pem"))
            #expect(!place.exists("key.pem.pending"))
            #expect(Set(server.messages.map(\.message.transactionID)).count == 1)
            #expect(Set(server.messages.map(\.message.signer.certificate)).count == 1)
        }
    }

    @Test func `a key on a curve is polled with the challenge from its file`() async throws {
        let server = ScriptedServer { number, message in
            guard number > 0 else { return .answer(.pending) }
            let certificate = try TestIdentity(
                "device.example",
                key: TestPKI.authority.key,
                publicKey: message.message.signer.certificate.publicKey,
                issuer: TestPKI.authority
            )
            return .answerWithPassword("hush-hush", certificates: [certificate.certificate.encoded])
        }
        try await Self.serving(server) { place in
            try place.write("hush-hush\n", to: "challenge")
            let enrolled = try await place.run(
                "enroll", "--subject", "CN=device.example", "--challenge-file", place.path("challenge"),
                "--key-type", "p256", "--key-out", place.path("key.pem"), "--out", place.path("cert.pem")
            )
            #expect(enrolled == 3)
            let polled = try await place.run("poll", "--state", place.path("key.pem.pending"))
            #expect(polled == 0)
            #expect(place.exists("cert.pem"))
        }
    }

    @Test func `a refusal has a status of its own, and the key stays for another try`() async throws {
        try await Self.serving(ScriptedServer { _, _ in .answer(.failure(.badRequest, text: "No.")) }) { place in
            let status = try await place.run("enroll", "--subject", "CN=x", "--key-out", place.path("key.pem"))
            #expect(status == 2)
            #expect(place.exists("key.pem"))
        }
    }

    @Test func `renew with a new key, or with the same`() async throws {
        let server = Self.granting()
        try await Self.serving(server) { place in
            try place.write(PEM("CERTIFICATE", try Device.certificate()).text, to: "old.pem")
            try place.write(try Device.key.get().pem, to: "old.key")
            let old = ["--certificate", place.path("old.pem"), "--key", place.path("old.key")]
            let new = try await place.run(
                "renew", old[0], old[1], old[2], old[3], "--new-key-out", place.path("new.key"),
                "--out", place.path("new.pem")
            )
            #expect(new == 0)
            #expect(try place.permissions("new.key") == 0o600)
            let same = try await place.run(
                "renew", old[0], old[1], old[2], old[3], "--same-key", "--out", place.path("same.pem")
            )
            #expect(same == 0)
            #expect(server.messages.map(\.message.messageType) == [.renewalReq, .renewalReq])
            #expect(server.messages.allSatisfy { !$0.message.signer.certificate.isSelfIssued })
        }
    }

    @Test func `ca, next-ca, cert and crl write PEM`() async throws {
        let crl = try TestPKI.authority.crl(revoking: [7], nextUpdate: nil)
        let server = ScriptedServer { _, message in
            message.message.messageType == .getCRL
                ? .answer(.success(certificates: [], crls: [crl]))
                : .answer(.success(certificates: [try Device.certificate()], crls: []))
        }
        let next = try SignedData.sign(
            SignedData(certificates: [TestPKI.next.certificate.encoded]).derEncoded(),
            signers: [MessageSigner(TestPKI.authority.certificate, key: TestPKI.authority.key)],
            digest: .sha256,
            certificates: []
        ).derEncoded()
        server.set { $0.next = next }
        try await Self.serving(server) { place in
            try place.write(try Device.key.get().pem, to: "key")
            let statuses = [
                try await place.run("ca", "--out", place.path("ca.pem")),
                try await place.run("next-ca", "--out", place.path("next.pem")),
                try await place.run(
                    "cert", "--serial", "07", "--key", place.path("key"), "--out", place.path("cert.pem")),
                try await place.run("crl", "--serial", "0x7", "--out", place.path("crl.pem")),
                try await place.run("caps"),
            ]
            #expect(statuses == [0, 0, 0, 0, 0])
            let labels = try ["ca.pem", "next.pem", "cert.pem", "crl.pem"].map { name in
                try PEM.blocks(in: place.text(name)).map(\.label)
            }
            #expect(
                labels == [["CERTIFICATE", "CERTIFICATE"], ["CERTIFICATE"], ["CERTIFICATE"], ["X509 CRL"]]
            )
        }
    }

    @Test(arguments: [
        ["enroll", "http://ca.test"], ["enroll", "http://ca.test", "--subject", "CN=x"],
        ["enroll", "http://ca.test", "--subject", "CN=x", "--key", "a", "--key-out", "b"],
        ["enroll", "http://ca.test", "--csr", "a", "--key-out", "b"],
        ["enroll", "http://ca.test", "--csr", "a", "--key", "b", "--subject", "CN=x"],
        ["enroll", "http://ca.test", "--subject", "CN=x", "--key", "a", "--challenge", "b", "--challenge-file", "c"],
        ["enroll", "http://ca.test", "--subject", "CN=x", "--key", "a", "--fingerprint", "b", "--ca", "c"],
        ["renew", "http://ca.test", "--certificate", "a", "--key", "b"],
        ["renew", "http://ca.test", "--certificate", "a", "--key", "b", "--same-key", "--new-key", "c"],
        ["decode", "a", "--certificate", "b"], ["caps"], ["caps", "http://ca.test", "--timeout", "0"], ["poll"],
    ])
    func `what makes no sense is wrong usage`(arguments: [String]) {
        do {
            _ = try UCM.parseAsRoot(["scep"] + arguments)
            Issue.record("it should not be taken")
        } catch {
            #expect(UCM.exitCode(for: error) == .validationFailure)
        }
    }

    @Test(
        arguments: [
            ("07", [7]), ("0x7", [7]), ("7", [7]), ("00:FF", [0, 255]), ("0001", [1]), ("00", [0]), ("80", [0, 128]),
            ("0a:0b:0c", [10, 11, 12]),
        ] as [(String, [UInt8])])
    func `serial numbers as openssl shows them`(text: String, bytes: [UInt8]) throws {
        #expect(try SerialNumber.bytes(text) == bytes)
    }

    @Test(arguments: ["", "0x", "xyz", "-1", String(repeating: "0", count: 130)])
    func `what is no serial number is refused`(text: String) {
        #expect(throws: SCEPClientError.self) { try SerialNumber.bytes(text) }
    }
}
