import CertificateAuthority
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A restoration")
struct RefusedRestorationTests {
    static func names(_ directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? ["nothing"]).sorted()
    }

    @Test("writes over nothing", arguments: ["ucm.sqlite", "master.key", "notes.txt", ".restoring"])
    func occupied(name: String) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await RestorationTests.backup(test)
            let directory = (path as NSString).deletingLastPathComponent + "/restored"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
            let refused = await refusal { try await RestorationTests.restore(path) }
            #expect(refused.contains(name))
            #expect(Self.names(directory) == [name])
            #expect(try String(contentsOfFile: directory + "/" + name, encoding: .utf8) == "mine")
        }
    }

    @Test("goes into a directory that has settings only")
    func settings() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await RestorationTests.backup(test)
            let directory = (path as NSString).deletingLastPathComponent + "/restored"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("http: 8080\n".utf8).write(to: URL(fileURLWithPath: directory + "/ucm.yaml"))
            try await RestorationTests.restore(path)
            #expect(Self.names(directory).contains("ucm.yaml"))
            #expect(Self.names(directory).contains("master.key"))
        }
    }

    @Test("with a wrong passphrase, or of what is no backup, makes nothing", arguments: [false, true])
    func wrong(isOther: Bool) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = isOther ? try test.file("other", "hello") : try await RestorationTests.backup(test)
            let refused = await refusal { try await RestorationTests.restore(path, passphrase: "another passphrase") }
            #expect(refused.contains(isOther ? "no backup of UCM" : "the passphrase is not the one"))
            #expect(Self.names((path as NSString).deletingLastPathComponent + "/restored") == ["nothing"])
            let missing = await refusal { try await RestorationTests.restore(path + "x") }
            #expect(missing.contains("cannot be read"))
        }
    }

    @Test("of a damaged file leaves nothing behind, whether the directory was there", arguments: [false, true])
    func damaged(isThere: Bool) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await RestorationTests.backup(test)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes.removeLast(5)
            try bytes.write(to: URL(fileURLWithPath: path))
            let directory = (path as NSString).deletingLastPathComponent + "/restored"
            if isThere { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
            let refused = await refusal { try await RestorationTests.restore(path) }
            #expect(refused.contains("damaged or was cut off"))
            #expect(Self.names(directory) == (isThere ? [] : ["nothing"]))
        }
    }

    @Test("takes the master key from where it is configured, if it is the same one")
    func elsewhere() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await RestorationTests.backup(test)
            let key = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            let file = try test.file("key", key)
            let (restored, summary) = try await RestorationTests.restore(path, ["master-key-file": file])
            #expect(summary.masterKey.contains("is the one of the backup"))
            #expect(!FileManager.default.fileExists(atPath: restored.masterKeyFile))
            try await restored.start(["master-key-file": file])
            let environment = ["UCM_MASTER_KEY": key.trimmingCharacters(in: .newlines)]
            let (second, _) = try await RestorationTests.restore(path, to: "second", environment: environment)
            try await second.start(environment: environment)

            let other = Data(MasterKey.generate()).base64EncodedString()
            let refused = await refusal {
                try await RestorationTests.restore(path, to: "third", environment: ["UCM_MASTER_KEY": other])
            }
            #expect(refused.contains("is not the one of the backup"))
            #expect(Self.names((path as NSString).deletingLastPathComponent + "/third") == ["nothing"])
        }
    }

    @Test("of an installation whose master key comes from a passphrase opens with that, or with a file")
    func passphrase() async throws {
        try await TestInstallation.run { test in
            let flags = ["master-passphrase-file": try test.file("passphrase", "another horse battery")]
            try await test.start(flags)
            let path = try await RestorationTests.backup(test, flags)
            let (restored, _) = try await RestorationTests.restore(path, flags)
            #expect(!FileManager.default.fileExists(atPath: restored.masterKeyFile))
            try await restored.start(flags)
            let (second, summary) = try await RestorationTests.restore(path, to: "second")
            #expect(summary.masterKey.contains("it was the master key of this passphrase"))
            try await second.start()
            let wrong = ["master-passphrase-file": try test.file("wrong", "some other battery")]
            let refused = await refusal { try await RestorationTests.restore(path, to: "third", wrong) }
            #expect(refused.contains("is not the one of the backup"))
        }
    }

    @Test("of what was sealed under a master key that was changed since opens with its own key")
    func rotated() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let path = try await RestorationTests.backup(test)
            _ = try await MasterKeyRotation(try await test.configuration()).run(
                to: .inPlace, by: "anna", at: TestInstallation.now)
            let second = try await RestorationTests.backup(test, name: "later")
            for (number, path) in [path, second].enumerated() {
                let (restored, _) = try await RestorationTests.restore(path, to: "\(number)")
                try await restored.start()
            }
        }
    }
}
