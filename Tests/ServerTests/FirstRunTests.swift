import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import SCEP
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Registry
@testable import Server

@Suite("A first run")
struct FirstRunTests {
    @Test("makes everything, and shows the secrets once")
    func first() async throws {
        try await TestInstallation.run { test in
            let first = try await test.open()
            let secrets = try #require(first.secrets)
            let challenge = try #require(secrets.challenge)
            let password = try #require(secrets.adminPassword)
            #expect(challenge != password)
            let profiles = try await first.registry.profiles()
            #expect(profiles.map(\.name) == ["default"])
            #expect(try profiles.map { try ProfileSettings(json: $0.settings) } == [ProfileSettings()])
            #expect(try await first.registry.staticChallenges(at: Date()).count == 1)
            let ca = try Certificate(derEncoded: first.defaultAuthority.issuer.certificate.encoded)
            #expect("\(ca.subject)" == "CN=UCM CA")
            let names = try await [ServiceKey.Purpose.registrationAuthority, .server].asyncMap { purpose in
                let keys = try await first.registry.serviceKeys(purpose, authority: try first.defaultAuthority.id)
                #expect(keys.count == 1)
                return try "\(Certificate(derEncoded: keys[0].certificate).subject)"
            }
            #expect(names[0] == "CN=UCM CA RA")
            // Nothing of it is in the files.
            try first.registry.close()
            for file in try FileManager.default.contentsOfDirectory(atPath: test.directory) {
                let data = try #require(FileManager.default.contents(atPath: test.directory + "/" + file))
                #expect(data.range(of: Data(challenge.utf8)) == nil, "\(file)")
                #expect(data.range(of: Data(password.utf8)) == nil, "\(file)")
                for key in first.configuration.current.authorities.keys.values {
                    #expect(data.range(of: Data(key.pkcs8)) == nil, "\(file)")
                }
            }

            let second = try await test.open()
            #expect(second.secrets == nil)
            #expect(
                try second.defaultAuthority.issuer.certificate == first.defaultAuthority.issuer.certificate
            )
            #expect(try await second.registry.profiles() == profiles)
            try second.registry.close()
        }
    }

    @Test("makes a directory and files that only their owner reads")
    func permissions() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(test.directory) == 0o700)
            for file in try FileManager.default.contentsOfDirectory(atPath: test.directory) {
                #expect(try mode(test.directory + "/" + file) == 0o600, "\(file)")
            }
        }
    }

    @Test("enrols a device at once, and the next run knows it")
    func enrolment() async throws {
        try await TestInstallation.run { test in
            let first = try await test.open()
            var enrolment = try TestEnrolment()
            enrolment.challenge = first.secrets?.challenge
            let certificate = try await Self.enrol(enrolment, at: first)
            try first.registry.close()
            let second = try await test.open()
            #expect(try await Self.enrol(enrolment, at: second) == certificate)
            try second.registry.close()
        }
    }

    /// Enrols over HTTP and returns the certificate.
    static func enrol(_ enrolment: TestEnrolment, at installation: OpenedInstallation) async throws -> [UInt8]? {
        let logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        return try await Application(router: installation.router(logger: logger), logger: logger).test(.router) {
            client in
            let answer = try await client.execute(uri: "/scep?operation=GetCACert", method: .get)
            let ra = try SignerCertificate(
                encoded: try #require(
                    try SignedData(berEncoded: Array(answer.body.readableBytesView)).certificates.first)
            )
            let message = ByteBuffer(bytes: try enrolment.message(for: ra))
            let response = try await client.execute(uri: "/scep", method: .post, body: message)
            return try enrolment.verified(Array(response.body.readableBytesView), from: ra).certificates.first
        }
    }

    @Test("takes the settings that only it looks at")
    func settings() async throws {
        try await TestInstallation.run { test in
            let flags = ["ca-key": "rsa2048", "ca-name": "Example CA", "algorithm-level": "legacy", "scep-mode": "ca"]
            let first = try await test.open(flags)
            let ca = try SignerCertificate(encoded: first.defaultAuthority.issuer.certificate.encoded)
            #expect(ca.publicKey.rsaBits == 2048)
            #expect(try "\(Certificate(derEncoded: ca.encoded).subject)" == "CN=Example CA")
            #expect(
                first.configuration.current.registrationAuthorities["default"]?.certificates == .authority(ca.encoded))
            #expect(
                first.configuration.current.registrationAuthorities["default"]?.capabilities.contains(.tripleDES)
                    == true)
            try first.registry.close()
            let second = try await test.open(["ca-name": "Other CA", "algorithm-level": "modern"])
            #expect(try second.defaultAuthority.name == "Example CA")
            #expect(
                second.configuration.current.registrationAuthorities["default"]?.capabilities.contains(.tripleDES)
                    == true)
            try second.registry.close()
        }
    }

    @Test("takes secrets from files, and then shows none")
    func secretFiles() async throws {
        try await TestInstallation.run { test in
            let first = try await test.open([
                "challenge-file": try test.file("challenge", "from a file\n"),
                "admin-password-file": try test.file("password", "also from a file\r\n"),
            ])
            #expect(first.secrets?.challenge == nil)
            #expect(first.secrets?.adminPassword == nil)
            var enrolment = try TestEnrolment()
            enrolment.challenge = "from a file"
            #expect(try await Self.enrol(enrolment, at: first) != nil)
            enrolment.challenge = "from a file\n"
            enrolment.transactionID = "2"
            #expect(try await Self.enrol(enrolment, at: first) == nil)
            try first.registry.close()
        }
    }

    @Test("that is open has no challenge")
    func open() async throws {
        try await TestInstallation.run { test in
            let first = try await test.open(["open": "yes"])
            #expect(first.secrets?.challenge == nil)
            #expect(try await first.registry.staticChallenges(at: Date()).isEmpty)
            var enrolment = try TestEnrolment()
            enrolment.challenge = nil
            #expect(try await Self.enrol(enrolment, at: first) != nil)
            try first.registry.close()
        }
    }

    @Test(
        "stops at a secret's file that is missing or empty, and can be repeated",
        arguments: [
            "challenge-file", "admin-password-file",
        ])
    func badSecretFiles(flag: String) async throws {
        try await TestInstallation.run { test in
            let missing = test.directory + ".missing"
            let sentence = try await startupError { try await test.start([flag: missing]) }
            #expect(sentence == "the file \(missing) of --\(flag) cannot be read")
            for text in ["", "\n", "\r\n\n"] {
                let empty = try test.file("empty", text)
                let sentence = try await startupError { try await test.start([flag: empty]) }
                #expect(sentence == "the file \(empty) of --\(flag) is empty")
            }
            #expect(try await test.start() != nil)
        }
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
