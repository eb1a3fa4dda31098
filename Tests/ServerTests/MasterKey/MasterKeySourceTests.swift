import CertificateAuthority
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Where the master key comes from")
struct MasterKeySourceTests {
    static let key = Data([UInt8](repeating: 3, count: 32)).base64EncodedString()
    static let passphrase = "correct horse battery"

    @Test("is one place, and two are refused by their names")
    func twoSources() async throws {
        try await TestInstallation.run { test in
            let keyFile = try test.file("key", Self.key)
            let passphraseFile = try test.file("passphrase", Self.passphrase)
            let sources: [(name: String, flags: [String: String], environment: [String: String])] = [
                ("UCM_MASTER_KEY", [:], ["UCM_MASTER_KEY": Self.key]),
                ("--master-key-file", ["master-key-file": keyFile], [:]),
                ("UCM_MASTER_PASSPHRASE", [:], ["UCM_MASTER_PASSPHRASE": Self.passphrase]),
                ("--master-passphrase-file", ["master-passphrase-file": passphraseFile], [:]),
            ]
            for (number, first) in sources.enumerated() {
                for second in sources[(number + 1)...] {
                    let sentence = try await startupError {
                        try await test.start(
                            first.flags.merging(second.flags) { $1 },
                            environment: first.environment.merging(second.environment) { $1 }
                        )
                    }
                    #expect(sentence.contains(first.name) && sentence.contains(second.name), "\(sentence)")
                    #expect(!sentence.contains(Self.key) && !sentence.contains(Self.passphrase))
                }
            }
        }
    }

    @Test("may be a passphrase, by variable or file, which opens what it has sealed and nothing else does")
    func passphrases() async throws {
        try await TestInstallation.run { test in
            let file = try test.file("passphrase", Self.passphrase + "\n")
            try await test.start(environment: ["UCM_MASTER_PASSPHRASE": Self.passphrase])
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile))
            #expect(try await test.start(["master-passphrase-file": file]) == nil)
            let before = try test.databaseDigest()
            let wrong = try await startupError {
                try await test.start(environment: ["UCM_MASTER_PASSPHRASE": Self.passphrase + "!"])
            }
            #expect(wrong.contains("passphrase") && wrong.contains("nothing was changed"))
            #expect(!wrong.contains(Self.passphrase))
            // Nor is a key file made where a passphrase belongs.
            let without = try await startupError { try await test.start() }
            #expect(without.contains("master.key") && without.contains("missing"))
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile))
            let key = try await startupError { try await test.start(environment: ["UCM_MASTER_KEY": Self.key]) }
            #expect(key.contains("UCM_MASTER_KEY"))
            #expect(try test.databaseDigest() == before)
        }
    }

    @Test("that is a passphrase has 12 characters or more, and is known however it is written")
    func lengths() async throws {
        try await TestInstallation.run { test in
            for passphrase in ["short", "eleven char"] {
                let sentence = try await startupError {
                    try await test.start(environment: ["UCM_MASTER_PASSPHRASE": passphrase])
                }
                #expect(sentence.contains("12"))
                #expect(!sentence.contains(passphrase))
            }
            // Nothing of those was the beginning of an installation.
            try await test.start(environment: ["UCM_MASTER_PASSPHRASE": "Größe und Weite"])
            let decomposed = "Größe und Weite".decomposedStringWithCanonicalMapping
            #expect(try await test.start(environment: ["UCM_MASTER_PASSPHRASE": decomposed]) == nil)
        }
    }

    @Test("is a file that nobody else can read", arguments: ["master-key-file", "master-passphrase-file"])
    func modes(flag: String) async throws {
        try await TestInstallation.run { test in
            let isKey = flag == "master-key-file"
            for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o777] {
                let file = try test.file("secret", isKey ? Self.key : Self.passphrase, mode: mode)
                let sentence = try await startupError { try await test.start([flag: file]) }
                #expect(sentence.hasSuffix("chmod 600 \(file)"), "\(sentence)")
            }
            let missing = try await startupError { try await test.start([flag: test.directory + "/nowhere"]) }
            #expect(missing.contains("nowhere") && missing.contains("missing"))
            let empty = try await startupError { try await test.start([flag: try test.file("empty", "\n")]) }
            #expect(empty.contains("empty"))
            for mode in [0o600, 0o400] {
                let file = try test.file("good\(mode)", isKey ? Self.key : Self.passphrase, mode: mode)
                try await test.start([flag: file])
            }
        }
    }

    @Test("that was derived from a passphrase needs the salt in the database, which no other secret gives away")
    func salt() async throws {
        try await TestInstallation.run { test in
            let environment = ["UCM_MASTER_PASSPHRASE": Self.passphrase]
            try await test.start(environment: environment)
            let database = try SQLiteDatabase(path: test.directory + "/ucm.sqlite")
            let salt = try #require(try await Registry.probe(setting: OpenedRegistry.saltName, in: database))
            #expect(Data(base64Encoded: salt)?.count == 16)
            // With another salt, or one that is damaged, it is another key.
            for other in [Data(repeating: 1, count: 16).base64EncodedString(), "AAAA"] {
                _ = try await database.write { connection in
                    try connection.execute(
                        "UPDATE setting SET value = $1 WHERE name = $2", [.text(other), .text(OpenedRegistry.saltName)])
                }
                let sentence = try await startupError { try await test.start(environment: environment) }
                #expect(sentence.contains("passphrase"), "\(sentence)")
            }
            _ = try await database.write { connection in
                try connection.execute(
                    "UPDATE setting SET value = $1 WHERE name = $2", [.text(salt), .text(OpenedRegistry.saltName)])
            }
            try database.close()
            #expect(try await test.start(environment: environment) == nil)
        }
    }
}
