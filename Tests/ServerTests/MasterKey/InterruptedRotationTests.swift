import CertificateAuthority
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A change of the master key that is cut off")
struct InterruptedRotationTests {
    @Test("before the commit leaves the old key, and can be made again")
    func beforeCommit() async throws {
        try await TestInstallation.run { test in
            let waiting = try await MasterKeyRotationTests.prepare(test)
            let key = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            let next = MasterKeySource.next(test.masterKeyFile)
            try MasterKeySource.write(MasterKey.generate(), to: next)
            #expect(try await test.start() == nil)
            #expect(try String(contentsOfFile: test.masterKeyFile, encoding: .utf8) == key)
            _ = try await MasterKeyRotationTests.rotate(test, to: .inPlace)
            #expect(!FileManager.default.fileExists(atPath: next))
            try await MasterKeyRotationTests.check(waiting, test, [:])
        }
    }

    @Test("inside the transaction leaves the old key")
    func insideTransaction() async throws {
        try await TestInstallation.run { test in
            let waiting = try await MasterKeyRotationTests.prepare(test)
            // What is sealed last does not open, so everything before it is undone.
            try await Self.change(test, "INSERT INTO secret (name, sealed) VALUES ('zzz', X'00')")
            let before = try await Self.sealed(test)
            let sentence = await refusal { try await MasterKeyRotationTests.rotate(test, to: .inPlace) }
            #expect(sentence.contains("zzz"))
            #expect(try await Self.sealed(test) == before)
            #expect(try await test.start() == nil)
            try await Self.change(test, "DELETE FROM secret WHERE name = 'zzz'")
            _ = try await MasterKeyRotationTests.rotate(test, to: .inPlace)
            #expect(try await Self.sealed(test) != before)
            try await MasterKeyRotationTests.check(waiting, test, [:])
        }
    }

    @Test(
        "between the commit and the renaming is finished by whoever starts next",
        arguments: ["server", "command", "change"])
    func afterCommit(next: String) async throws {
        try await TestInstallation.run { test in
            let waiting = try await MasterKeyRotationTests.prepare(test)
            let path = MasterKeySource.next(test.masterKeyFile)
            // As far as it comes: everything is sealed under a key that is in its file for the time being.
            _ = try await MasterKeyRotationTests.rotate(test, to: .file(path))
            let key = try String(contentsOfFile: path, encoding: .utf8)
            #expect(try String(contentsOfFile: test.masterKeyFile, encoding: .utf8) != key)
            switch next {
            case "server": #expect(try await test.start() == nil)
            case "command": try await Administration(try await test.configuration()).close()
            default: _ = try await MasterKeyRotationTests.rotate(test, to: .inPlace)
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            let now = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            #expect((now == key) == (next != "change"))
            try await MasterKeyRotationTests.check(waiting, test, [:])
        }
    }

    @Test("is not finished with a file that others can read, or that is another key's", arguments: [0o644, 0o600])
    func wrongRest(mode: Int) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = MasterKeySource.next(test.masterKeyFile)
            _ = try await MasterKeyRotationTests.rotate(test, to: .file(path))
            if mode == 0o600 {
                try FileManager.default.removeItem(atPath: path)
                try MasterKeySource.write(MasterKey.generate(), to: path)
            } else {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
            let before = try test.databaseDigest()
            let sentence = try await startupError { try await test.start() }
            #expect(sentence.contains(test.masterKeyFile) && sentence.contains("nothing was changed"))
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try test.databaseDigest() == before)
        }
    }

    private static func change(_ test: TestInstallation, _ statement: String) async throws {
        let database = try SQLiteDatabase(path: test.directory + "/ucm.sqlite")
        defer { try? database.close() }
        _ = try await database.write { try $0.execute(statement, []) }
    }

    /// Everything in the database that is sealed.
    private static func sealed(_ test: TestInstallation) async throws -> [[UInt8]] {
        let database = try SQLiteDatabase(path: test.directory + "/ucm.sqlite")
        defer { try? database.close() }
        return try await database.read { connection in
            try connection.query(
                """
                SELECT sealed_key FROM authority UNION ALL SELECT sealed_key FROM service_key
                UNION ALL SELECT sealed_key FROM authority_request UNION ALL SELECT sealed_request FROM request
                """,
                []
            ).map { try $0.bytes(0) }
        }
    }
}
