import CertificateAuthority
import Enrollment
import Foundation
import SCEP
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A backup of an installation")
struct RestorationTests {
    static let now = TestInstallation.now
    static let passphrase = SmallBackup.passphrase

    /// Makes a backup and returns where it is.
    static func backup(_ test: TestInstallation, _ flags: [String: String] = [:], name: String = "backup") async throws
        -> String
    {
        let administration = try await Administration(try await test.configuration(flags))
        defer { try? administration.close() }
        let path = (test.directory as NSString).deletingLastPathComponent + "/" + name
        _ = try await administration.backup(toFile: path, passphrase: Self.passphrase, by: "anna", at: Self.now)
        return path
    }

    /// Restores into another directory beside it.
    @discardableResult
    static func restore(
        _ path: String,
        to name: String = "restored",
        _ flags: [String: String] = [:],
        environment: [String: String] = [:],
        passphrase: String = Self.passphrase
    ) async throws -> (installation: TestInstallation, summary: Restoration.Summary) {
        let directory = (path as NSString).deletingLastPathComponent + "/" + name
        let test = TestInstallation(directory: directory)
        let configuration = try await test.configuration(flags, environment: environment)
        let summary = try await Restoration(configuration).run(
            from: path, passphrase: passphrase, by: "otto", at: Self.now)
        return (test, summary)
    }

    static func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("brings everything up again, in a directory of its own, and devices renew")
    func everything() async throws {
        try await TestInstallation.run { test in
            let device = try TestEnrolment(name: "CN=pump")
            let (certificate, everything) = try await Self.prepare(test, device)
            let path = try await Self.backup(test)
            #expect(try Self.mode(path) == 0o600)
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))

            let (restored, summary) = try await Self.restore(path)
            #expect(summary.rows == Int64(everything.values.map(\.count).reduce(0, +)))
            #expect(summary.date == Self.now)
            #expect(summary.program == ProgramVersion.current)
            #expect(try Self.mode(restored.directory) == 0o700)
            #expect(try Self.mode(restored.masterKeyFile) == 0o600)
            #expect(try Self.mode(restored.directory + "/ucm.sqlite") == 0o600)
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: restored.masterKeyFile))
                    == Data(contentsOf: URL(fileURLWithPath: test.masterKeyFile)))
            #expect(!FileManager.default.fileExists(atPath: restored.directory + "/.restoring"))
            try await Self.check(restored, everything, device, certificate)
        }
    }

    /// Enrols a device, and says what there is then.
    private static func prepare(
        _ test: TestInstallation,
        _ device: TestEnrolment
    ) async throws -> ([UInt8], [String: [[SQLValue]]]) {
        let installation = try await test.open()
        defer { try? installation.registry.close() }
        var device = device
        device.challenge = installation.secrets?.challenge
        let authority = try #require(installation.configuration.current.registrationAuthorities[Profile.defaultName])
        let recipient = try #require(authority.authority.registrationKeys.first).certificate
        let exchange = try await authority.answer(try device.message(for: recipient), from: "192.0.2.7", at: Self.now)
        let certificate = try #require(try device.verified(exchange.answer, from: recipient).certificates.first)
        return (certificate, try await installation.registry.everything())
    }

    /// Everything is as before but for what the restoration is remembered by, and the device renews.
    private static func check(
        _ restored: TestInstallation,
        _ everything: [String: [[SQLValue]]],
        _ device: TestEnrolment,
        _ certificate: [UInt8]
    ) async throws {
        let installation = try await restored.open()
        defer { try? installation.registry.close() }
        #expect(installation.secrets == nil)
        let now = try await installation.registry.everything()
        for (table, rows) in everything where table != "event" && !table.hasPrefix("audit") {
            #expect(now[table] == rows, "\(table)")
        }
        let event = try #require(try await installation.registry.events(EventFilter(), limit: 1).first)
        #expect(event.kind == .restored)
        #expect(event.actor == "otto")

        let authority = try #require(installation.configuration.current.registrationAuthorities[Profile.defaultName])
        let recipient = try #require(authority.authority.registrationKeys.first).certificate
        let renewal = try TestEnrolment.renewal(of: certificate, by: device.client)
        let exchange = try await authority.answer(try renewal.message(for: recipient), from: "192.0.2.7", at: Self.now)
        #expect(try renewal.verified(exchange.answer, from: recipient).certificates.count == 1)
    }

    @Test("is of one moment while devices enrol: what was there before is in it, and each certificate with its request")
    func live() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            for number in 0..<5 { _ = try await installation.enrol(transactionID: "before \(number)", at: Self.now) }
            let before = try await installation.registry.everything()["certificate"] ?? []
            let enrolling = Task {
                var number = 0
                while !Task.isCancelled {
                    _ = try await installation.enrol(transactionID: "meanwhile \(number)", at: Self.now)
                    number += 1
                }
            }
            let path = try await Self.backup(test)
            enrolling.cancel()
            _ = try? await enrolling.value
            let (restored, _) = try await Self.restore(path)
            let second = try await restored.open()
            defer { try? second.registry.close() }
            let after = try await second.registry.everything()
            #expect(after["certificate"]?.prefix(before.count) == before[...])
            #expect(try await second.registry.database.check() == [])
            // The first run has certificates without requests.
            let own = before.count - 5
            #expect((after["certificate"] ?? []).count - own == after["request"]?.count)
        }
    }

    @Test("is remembered, and told how it went")
    func event() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await Self.backup(test)
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            let event = try #require(try await administration.events(EventFilter(), limit: 1).first)
            #expect(event.kind == .backupMade)
            #expect(event.actor == "anna")
            #expect(event.detail.contains(path))
            let pieces = SealedBytes()
            let rows = try await administration.backup(
                to: pieces.append, passphrase: Self.passphrase, by: "anna", at: Self.now)
            #expect(event.detail.hasPrefix("\(rows - 1) rows"))
            #expect(pieces.bytes.starts(with: BackupHeader.magic))
        }
    }

    @Test("has nothing in it that could be read without its passphrase")
    func secrecy() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let data = try Data(contentsOf: URL(fileURLWithPath: try await Self.backup(test)))
            for text in ["UCM CA", "CREATE", "default", "scrypt", "master"] {
                #expect(data.range(of: Data(text.utf8)) == nil)
            }
        }
    }

    @Test("is not made with a short passphrase, nor over a file, and leaves nothing where it fails")
    func refusedBackup() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try test.file("backup", "mine")
            let other = path + "2"
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            let short = await refusal {
                try await administration.backup(toFile: other, passphrase: "12345678901", by: "anna", at: Self.now)
            }
            #expect(short == "the passphrase of a backup has 12 characters or more")
            let there = await refusal {
                try await administration.backup(toFile: path, passphrase: Self.passphrase, by: "anna", at: Self.now)
            }
            #expect(there.contains("is there already"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
            let nowhere = await refusal {
                try await administration.backup(
                    toFile: test.directory + "/no/backup", passphrase: Self.passphrase, by: "anna", at: Self.now)
            }
            #expect(nowhere.contains("No such file"))
            try administration.close()
            _ = await refusal {
                try await administration.backup(toFile: other, passphrase: Self.passphrase, by: "anna", at: Self.now)
            }
            for name in [other, other + ".part", path + ".part"] {
                #expect(!FileManager.default.fileExists(atPath: name))
            }
        }
    }
}

extension Registry {
    /// Every row of every table but the schema's version.
    func everything() async throws -> [String: [[SQLValue]]] {
        try await self.database.read { connection in
            var all: [String: [[SQLValue]]] = [:]
            for table in try connection.tables() where table.name != Registry.versionTable {
                var rows: [[SQLValue]] = []
                try connection.forEach("SELECT * FROM \"\(table.name)\"", []) { row in
                    rows.append(try table.columns.enumerated().map { try row.value($0.offset, $0.element.kind) })
                }
                all[table.name] = rows
            }
            return all
        }
    }
}
