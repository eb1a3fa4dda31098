import CertificateAuthority
import Enrollment
import Foundation
import NIOSSL
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Registry
@testable import Server

@Suite("The certificate of the HTTPS listener")
struct ServerCertificateTests {
    private static let day: TimeInterval = 86_400

    /// The certificates of the listener that the CA has issued, the newest first.
    static func issued(_ installation: OpenedInstallation) async throws -> [Certificate] {
        try await installation.registry.serviceKeys(.server, authority: try installation.defaultAuthority.id).map {
            try Certificate(derEncoded: $0.certificate)
        }
    }

    /// Opens a fresh installation, starts its listener `times` times and returns what was issued.
    static func issued(
        _ starts: [(names: [String], after: TimeInterval)]
    ) async throws -> [Certificate] {
        var result: [Certificate] = []
        try await TestInstallation.run { test in
            let installation = try await test.open()
            for (names, time) in starts {
                let now = TestInstallation.now.addingTimeInterval(time)
                _ = try await ServerCertificate(installation, names: names, at: now)
            }
            result = try await Self.issued(installation)
            try installation.registry.close()
        }
        return result
    }

    @Test("is the one from the first run, for every name of the machine")
    func isKept() async throws {
        try await TestInstallation.run { test in
            let flags = ["host-name": "ca.example,192.0.2.1,2001:db8::1"]
            let installation = try await test.open(flags)
            let names = HostNames.all(try await test.configuration(flags))
            #expect(
                Set(["ca.example", "192.0.2.1", "2001:db8::1", "localhost", "127.0.0.1", "::1"]).isSubset(of: names))
            for days in [0.0, 1, 59] {
                let now = TestInstallation.now.addingTimeInterval(days * Self.day)
                let certificate = try await ServerCertificate(installation, names: names, at: now)
                #expect(certificate.configuration().certificateChain.count == 2)
            }
            let issued = try await Self.issued(installation)
            #expect(issued.count == 1)
            #expect(try issued.first?.extensions.subjectAlternativeNames?.count == names.count)
            try installation.registry.close()
        }
    }

    @Test("is kept whatever the order of the names, and however an address is written")
    func sameNames() async throws {
        let issued = try await Self.issued([
            (["a.example", "::1", "2001:DB8::A"], 0), (["2001:db8:0::a", "a.example", "::1"], 0),
            (["a.example", "0:0:0:0:0:0:0:1", "2001:db8::A"], 1),
        ])
        // one from the first run
        #expect(issued.count == 2)
    }

    @Test("is issued anew for other names")
    func otherNames() async throws {
        let issued = try await Self.issued([(["a.example"], 0), (["a.example", "b.example"], 0), (["b.example"], 0)])
        #expect(issued.count == 4)
        let names = try #require(try issued.first?.extensions.subjectAlternativeNames)
        #expect(Array(names) == [.dnsName("b.example")])
    }

    @Test(
        "is issued anew at a start when a third of its life is left",
        arguments: [
            (59.9, 2), (60.1, 3), (89, 3), (400, 3),
        ])
    func dueAtStart(days: Double, count: Int) async throws {
        let issued = try await Self.issued([(["a.example"], 0), (["a.example"], days * Self.day)])
        #expect(issued.count == count)
    }

    @Test("is renewed while the server runs, once, and handed out at once")
    func renewal() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            let certificate = try await ServerCertificate(installation, names: ["a.example"], at: TestInstallation.now)
            let before = certificate.configuration().certificateChain
            let due = TestInstallation.now.addingTimeInterval(60 * Self.day + 1)
            #expect(try await !certificate.renewIfDue(at: due.addingTimeInterval(-200)))
            #expect(certificate.configuration().certificateChain == before)
            #expect(try await certificate.renewIfDue(at: due))
            #expect(certificate.configuration().certificateChain != before)
            #expect(try await !certificate.renewIfDue(at: due))
            let newest = try #require(try await Self.issued(installation).first)
            #expect(newest.notValidAfter == Date(timeIntervalSince1970: due.timeIntervalSince1970 + 90 * Self.day))
            try installation.registry.close()
        }
    }

    @Test("never asks a client for one: macOS and Windows break on it")
    func clientCertificates() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            let certificate = try await ServerCertificate(installation, names: ["a.example"], at: TestInstallation.now)
            #expect(certificate.configuration().certificateVerification == .none)
            #expect(certificate.configuration().minimumTLSVersion == .tlsv12)
            try installation.registry.close()
        }
    }

    /// A certificate and its key as PEM files.
    static func files(_ test: TestInstallation, name: String) throws -> (certificate: String, key: String) {
        let key = try SoftwareKey.generate(.p256)
        let certificate = try RootAuthority.make(
            name: name,
            key: key,
            answersSCEP: false,
            serialNumber: [1],
            now: TestInstallation.now
        )
        return (
            try test.file(
                name + ".pem",
                PEMDocument(type: "CERTIFICATE", derBytes: certificate).pemString + "\n"
            ),
            try test.file(name + ".key", PEMDocument(type: "PRIVATE KEY", derBytes: key.pkcs8).pemString + "\n")
        )
    }

    @Test("of the administrator's own is used as it is, and never renewed")
    func ownFiles() async throws {
        try await TestInstallation.run { test in
            let files = try Self.files(test, name: "own")
            let certificate = try ServerCertificate(certificateFile: files.certificate, keyFile: files.key)
            #expect(certificate.configuration().certificateChain.count == 1)
            #expect(try await !certificate.renewIfDue(at: .distantFuture))
        }
    }

    @Test("of the administrator's own that is wrong is named")
    func wrongFiles() async throws {
        try await TestInstallation.run { test in
            let files = try Self.files(test, name: "own")
            let text = try test.file("text", "hello\n")
            let missing = test.directory + ".missing"
            for wrong in [text, missing, files.key] {
                let sentence = try await startupError {
                    try ServerCertificate(certificateFile: wrong, keyFile: files.key)
                }
                #expect(sentence.hasPrefix("the file \(wrong) of --tls-cert"))
            }
            for wrong in [text, missing, files.certificate] {
                let sentence = try await startupError {
                    try ServerCertificate(certificateFile: files.certificate, keyFile: wrong)
                }
                #expect(sentence.hasPrefix("the file \(wrong) of --tls-key"))
            }
        }
    }

    @Test("of the administrator's own does not start with the key of another")
    func mismatch() async throws {
        try await TestInstallation.run { test in
            let (one, other) = (try Self.files(test, name: "one"), try Self.files(test, name: "other"))
            let sentence = try await startupError {
                try ServerCertificate(certificateFile: one.certificate, keyFile: other.key)
            }
            #expect(sentence == "the key in \(other.key) is not the one of the certificate in \(one.certificate)")
        }
    }
}
