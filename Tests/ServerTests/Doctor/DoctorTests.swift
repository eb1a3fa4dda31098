import CertificateAuthority
import Configuration
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("An examination")
struct DoctorTests {
    static func examine(
        _ test: TestInstallation,
        _ flags: [String: String] = [:],
        at now: Date = TestInstallation.now,
        online: Doctor.Online = { _ in [] }
    ) async -> [Finding] {
        let all = ["data": test.directory, "ca-key": "p256"].merging(flags) { $1 }
        return await Doctor(flags: all.mapValues { ConfigValue(.string($0), isSecret: false) }, environment: [:])
            .examine(at: now, online: online)
    }

    /// The worst of one check.
    static func level(_ findings: [Finding], _ check: String) -> Finding.Level? {
        let levels = findings.filter { $0.check == check }.map(\.level)
        return [.error, .warning, .skipped, .ok].first(where: levels.contains)
    }

    @Test("of an installation that is well finds nothing to do, and changes nothing")
    func well() async throws {
        try await LiveInstallation.run(["http": "8080", "host-name": "ca.example"]) { live in
            try await live.publish()
            let before = try await live.registry.everything()
            let findings = await Self.examine(live.test, ["http": "8080", "host-name": "ca.example"]) { examined in
                #expect(examined.http == "http://127.0.0.1:8080")
                #expect(examined.https == "https://127.0.0.1:8443")
                #expect(examined.profiles.map(\.path) == ["/scep"])
                #expect(examined.authorities.map(\.revocationListPath) == ["/crl/ucm-ca.crl"])
                #expect(examined.publicationURL == "http://ca.example:8080")
                return [Finding("online", .ok, "asked")]
            }
            #expect(findings.filter { $0.level == .error || $0.level == .warning } == [])
            #expect(findings.contains { $0.check == "online" })
            let checks = Set(findings.map(\.check))
            #expect(
                checks.isSuperset(of: [
                    "configuration", "data directory", "disk space", "database", "keys", "clock", "certificates", "CRL",
                    "TLS certificate", "profiles", "publication", "backup",
                ]))
            #expect(try await live.registry.everything() == before)
        }
    }

    /// Something that is wrong, and which check has to find it.
    struct Illness: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var check: String
        var level: Finding.Level = .error
        var days = 0.0
        /// A part of what is said or advised.
        var says: String
        var flags: [String: String] = [:]
        var cause: @Sendable (LiveInstallation) async throws -> Void = { _ in }
    }

    static func sql(_ statement: String) -> @Sendable (LiveInstallation) async throws -> Void {
        { live in _ = try await live.registry.database.write { try $0.execute(statement, []) } }
    }

    static func mode(_ name: String, _ mode: Int) -> @Sendable (LiveInstallation) async throws -> Void {
        { live in
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: live.test.directory + name)
        }
    }

    static func yaml(_ text: String) -> @Sendable (LiveInstallation) async throws -> Void {
        { live in try Data(text.utf8).write(to: URL(fileURLWithPath: live.test.directory + "/ucm.yaml")) }
    }

    static let illnesses: [Illness] = [
        Illness(
            testDescription: "a setting that is none", check: "configuration", level: .warning,
            says: "host-name may be meant",
            cause: Self.yaml("hostname: ca.example\n")),
        Illness(
            testDescription: "a setting at a wrong place", check: "configuration", level: .warning, says: "UCM_DATA",
            cause: Self.yaml("data: /other\n")),
        Illness(
            testDescription: "a value that cannot be", check: "configuration", says: "--https is",
            cause: Self.yaml("https: many\n")),
        Illness(
            testDescription: "no file of a token", check: "configuration", says: "No such file",
            flags: ["metrics-token-file": "/nowhere"]),
        Illness(
            testDescription: "a directory for all", check: "data directory", level: .warning, says: "chmod 700",
            cause: Self.mode("", 0o755)),
        Illness(
            testDescription: "a database for all", check: "data directory", level: .warning, says: "chmod 600",
            cause: Self.mode("/ucm.sqlite", 0o644)),
        Illness(
            testDescription: "a master key for all", check: "master key", says: "chmod 600",
            cause: Self.mode("/master.key", 0o644)),
        Illness(
            testDescription: "no master key", check: "master key", says: "is missing",
            cause: { try FileManager.default.removeItem(atPath: $0.test.masterKeyFile) }),
        Illness(
            testDescription: "another master key", check: "master key", says: "is not the one of this database",
            cause: { live in
                let other = Data(MasterKey.generate()).base64EncodedString()
                try Data(other.utf8).write(to: URL(fileURLWithPath: live.test.masterKeyFile))
            }),
        Illness(
            testDescription: "an older schema", check: "database", says: "start the server of this version",
            cause: Self.sql("UPDATE schema_version SET version = version - 1")),
        Illness(
            testDescription: "a newer schema", check: "database", says: "use the newer version",
            cause: Self.sql("UPDATE schema_version SET version = version + 1")),
        Illness(
            testDescription: "a key of another certificate", check: "keys", says: "is not the one of its certificate",
            cause: Self.sql(
                """
                UPDATE service_key SET certificate = (SELECT certificate FROM service_key WHERE purpose = 'tls')
                WHERE purpose = 'ocsp'
                """)),
        Illness(
            testDescription: "a key that was changed", check: "keys", says: "cannot be used",
            cause: Self.sql("UPDATE service_key SET sealed_key = X'00' WHERE purpose = 'tls'")),
        Illness(
            testDescription: "a clock that went back", check: "clock", days: -2, says: "set the clock"),
        Illness(
            testDescription: "a clock at its beginning", check: "clock", days: -20_800, says: "which cannot be"),
        Illness(
            testDescription: "an RA that was not renewed", check: "certificates", level: .warning, days: 700,
            says: "the RA certificate"),
        Illness(
            testDescription: "a CA that ended", check: "certificates", days: 3_660, says: "the CA UCM CA ended"),
        Illness(testDescription: "no CRL", check: "CRL", level: .warning, says: "has no CRL yet"),
        Illness(
            testDescription: "an old CRL", check: "CRL", level: .warning, days: 4, says: "should be newer",
            cause: { try await $0.publish() }),
        Illness(
            testDescription: "a CRL that ended", check: "CRL", days: 8, says: "ended on",
            cause: { try await $0.publish() }),
        Illness(
            testDescription: "a CRL without the latest revocation", check: "CRL", level: .warning,
            says: "lacks the latest revocations",
            cause: { live in
                try await live.publish()
                try await live.revoke(try await live.issue())
            }),
        Illness(
            testDescription: "a TLS certificate for other names", check: "TLS certificate", level: .warning,
            says: "it lacks the names new.example", flags: ["host-name": "new.example"]),
        Illness(
            testDescription: "a TLS certificate that ended", check: "TLS certificate", days: 91, says: "it ends on"),
        Illness(
            testDescription: "no file of a TLS certificate", check: "TLS certificate", says: "holds no PEM certificate",
            flags: ["tls-cert": "/nowhere", "tls-key": "/nowhere"]),
        Illness(
            testDescription: "a profile without a template", check: "profiles", says: "which does not exist",
            cause: Self.sql("UPDATE profile SET settings = '{\"template\":\"gone\"}'")),
        Illness(
            testDescription: "an open profile", check: "profiles", level: .warning, says: "it is open",
            cause: Self.sql("UPDATE profile SET settings = '{\"isOpen\":true}'")),
        Illness(
            testDescription: "no URL of CRLs", check: "publication", level: .warning, says: "ucm publication set --url"),
    ]

    @Test("finds what is wrong, and says what to do", arguments: Self.illnesses)
    func ill(_ illness: Illness) async throws {
        try await LiveInstallation.run { live in
            try await illness.cause(live)
            let findings = await Self.examine(
                live.test, illness.flags, at: TestInstallation.now.addingTimeInterval(illness.days * 86_400))
            let found = findings.filter { $0.check == illness.check && $0.level == illness.level }
            #expect(found.contains { "\($0.what) \($0.advice)".contains(illness.says) }, "\(findings)")
            #expect(found.allSatisfy { !$0.advice.isEmpty })
        }
    }

    @Test("finds a damaged file")
    func damagedFile() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = test.directory + "/ucm.sqlite"
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            let size = try file.seekToEnd()
            try file.seek(toOffset: size / 2)
            try file.write(contentsOf: Data(repeating: 0x5a, count: Int(size / 3)))
            try file.close()
            for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + name) }
            let findings = await Self.examine(test)
            #expect(Self.level(findings, "database") == .error, "\(findings)")
        }
    }

    @Test("where there is nothing says so, and makes nothing")
    func nothing() async throws {
        try await TestInstallation.run { test in
            let findings = await Self.examine(test)
            #expect(Self.level(findings, "data directory") == .error)
            #expect(Self.level(findings, "everything else") == .skipped)
            #expect(!FileManager.default.fileExists(atPath: test.directory))
        }
    }
}
