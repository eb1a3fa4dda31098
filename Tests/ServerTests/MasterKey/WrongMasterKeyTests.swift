import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A wrong master key")
struct WrongMasterKeyTests {
    static let wrong = ["UCM_MASTER_KEY": Data([UInt8](repeating: 9, count: 32)).base64EncodedString()]
    static let right = ["UCM_MASTER_KEY": Data([UInt8](repeating: 7, count: 32)).base64EncodedString()]

    @Test("changes no byte of the database, for a server, a command or another key")
    func untouched() async throws {
        try await TestInstallation.run { test in
            try await test.start(environment: Self.right)
            let before = try test.databaseDigest()
            let files = try FileManager.default.contentsOfDirectory(atPath: test.directory).sorted()
            let configuration = try await test.configuration(environment: Self.wrong)
            let server = try await startupError { try await test.start(environment: Self.wrong) }
            let command = try await startupError { try await Administration(configuration) }
            let rotation = try await startupError {
                try await MasterKeyRotation(configuration).run(
                    to: .file(test.directory + "/next.key"), by: "anna", at: TestInstallation.now)
            }
            for sentence in [server, command, rotation] {
                #expect(sentence == server)
                #expect(sentence.contains("UCM_MASTER_KEY") && sentence.contains("nothing was changed"))
                #expect(!sentence.contains("\n"))
            }
            #expect(try test.databaseDigest() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: test.directory).sorted() == files)
            #expect(try await test.start(environment: Self.right) == nil)
        }
    }

    /// A database as the version before had it, with one CA under ``right``.
    static func makeOldDatabase(_ test: TestInstallation, version: Int) async throws {
        let key = try SoftwareKey.generate(.p256)
        let certificate = try RootAuthority.make(
            name: "Old CA", key: key, answersSCEP: false, serialNumber: [1], now: TestInstallation.now)
        let sealed = try MasterKey.test.seal(key.pkcs8, for: SealPurpose.authority("Old CA"))
        let database = try DatabaseAddress.file(DataDirectory(path: test.directory).path + "/ucm.sqlite").open()
        try await Migrations.run(on: database, upTo: version)
        _ = try await database.write { connection in
            try connection.execute(
                "INSERT INTO authority (id, name, certificate, sealed_key, created_at) VALUES (1, 'Old CA', $1, $2, 0)",
                [.bytes(certificate), .bytes(sealed)])
            let profile =
                version == 1
                ? "INSERT INTO profile VALUES ('default', 1, 'ra', 'compatible', 0)"
                : "INSERT INTO profile (name, authority_id, settings) VALUES ('default', 1, '{}')"
            try connection.execute(profile, [])
        }
        try database.close()
    }

    static func version(_ test: TestInstallation) async throws -> Int64 {
        let database = try SQLiteDatabase(path: test.directory + "/ucm.sqlite")
        defer { try? database.close() }
        return try await database.read { try $0.query("SELECT version FROM schema_version", [])[0].integer(0) }
    }

    @Test(
        "leaves a database of an earlier version as it was, and the right one brings it up to date",
        arguments: [1, 2, 3])
    func oldSchema(version: Int) async throws {
        try await TestInstallation.run { test in
            try await Self.makeOldDatabase(test, version: version)
            let before = try test.databaseDigest()
            let environments = [Self.wrong, version == 3 ? ["UCM_MASTER_PASSPHRASE": "correct horse battery"] : [:]]
            for environment in environments {
                let sentence = try await startupError { try await test.start(environment: environment) }
                #expect(!sentence.contains("\n"))
            }
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile))
            #expect(try test.databaseDigest() == before)
            #expect(try await Self.version(test) == Int64(version))
            // No command migrates, whichever key it has.
            for environment in [Self.wrong, Self.right] {
                let configuration = try await test.configuration(environment: environment)
                let sentence = await refusal { try await Administration(configuration) }
                #expect(!sentence.isEmpty)
                #expect(try await Self.version(test) == Int64(version))
            }
            // An old CA has no RA's key here, so nobody can be answered; but the schema is this version's now.
            let opened = try await OpenedRegistry(
                try await test.configuration(environment: Self.right), migrating: true)
            #expect(!opened.isNew)
            let authorities = try await LoadedAuthorities(opened.registry, masterKey: opened.masterKey)
            #expect(authorities.all.map(\.name) == ["Old CA"])
            try opened.registry.close()
            #expect(try await Self.version(test) == Int64(Migrations.steps.count))
        }
    }

    @Test("is found out in a database whose server was killed")
    func afterKill() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open(environment: Self.right)
            // Its log is not put into the database's file.
            let path = test.directory + "-copy"
            try FileManager.default.copyItem(atPath: test.directory, toPath: path)
            try installation.registry.close()
            let sentence = try await startupError { try await test.start(["data": path], environment: Self.wrong) }
            #expect(sentence.contains("UCM_MASTER_KEY"))
            #expect(try await test.start(["data": path], environment: Self.right) == nil)
        }
    }
}
