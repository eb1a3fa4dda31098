import CertificateAuthority
import Foundation
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("A master key that is written")
struct MasterKeyWritingTests {
    static func mode(of path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("is for its owner only, whatever the process leaves to others")
    func mode() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            #expect(try Self.mode(of: test.masterKeyFile) == 0o600)
            let path = test.masterKeyFile + ".other"
            let before = umask(0)
            defer { umask(before) }
            try MasterKeySource.write(MasterKey.generate(), to: path)
            #expect(try Self.mode(of: path) == 0o600)
        }
    }

    @Test("replaces no file, and follows no link")
    func replacesNothing() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let link = test.masterKeyFile + ".link"
            let target = test.directory + "/target"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let key = try Data(contentsOf: URL(fileURLWithPath: test.masterKeyFile))
            for path in [test.masterKeyFile, link] {
                #expect(throws: StartupError.self) { try MasterKeySource.write(MasterKey.generate(), to: path) }
            }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(try Data(contentsOf: URL(fileURLWithPath: test.masterKeyFile)) == key)
        }
    }

    @Test("may come from a passphrase of several lines, which is the same for a change and for a start")
    func passphrase() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let file = try test.file("passphrase", "correct horse\nbattery staple\n")
            _ = try await MasterKeyRotation(try await test.configuration()).run(
                to: .passphrase(try MasterKeyRotation.passphrase(inFile: file)),
                by: "anna",
                at: TestInstallation.now
            )
            #expect(try await test.start(["master-passphrase-file": file]) == nil)
            let open = try test.file("open", "correct horse battery", mode: 0o644)
            #expect(throws: StartupError.self) { try MasterKeyRotation.passphrase(inFile: open) }
        }
    }
}
