import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server
@testable import ucm

@Suite("Backups at the command line")
struct BackupCommandTests {
    /// Runs a command as somebody types it, and returns its exit status.
    static func run(_ words: String...) async -> Int32 {
        do {
            var command = try UCM.parseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as ExitCode {
            return error.rawValue
        } catch {
            return UCM.exitCode(for: error).rawValue
        }
    }

    @Test("are made, restored and examined, and say by their status how it went")
    func commands() async throws {
        try await TestInstallation.run { test in
            try await test.open(at: Date()).registry.close()
            let secret = try test.file("passphrase", "correct horse battery\nnot this\n")
            let short = try test.file("short", "short\n")
            let path = test.directory + ".backup"
            let (data, restored) = (test.directory, test.directory + ".restored")
            #expect(await Self.run("backup", path, "--data", data, "--passphrase-file", short) == 1)
            #expect(await Self.run("backup", path, "--data", data, "--passphrase-file", secret) == 0)
            #expect(await Self.run("backup", path, "--data", data, "--passphrase-file", secret) == 1)
            #expect(await Self.run("restore", path, "--data", restored, "--passphrase-file", short) == 1)
            #expect(await Self.run("restore", path, "--data", restored, "--passphrase-file", secret) == 0)
            #expect(await Self.run("restore", path, "--data", restored, "--passphrase-file", secret) == 1)
            // Nothing else answers there.
            try Data("https: 127.0.0.1:1\n".utf8).write(to: URL(fileURLWithPath: restored + "/ucm.yaml"))
            #expect(await Self.run("doctor", "--data", restored) == 0)
            #expect(await Self.run("doctor", "--data", restored + "x") == ExitStatus.checkFailed.rawValue)
            #expect(await Self.run("doctor", "--data", restored, "--output", "xml") == 64)
        }
    }

    @Test("go on where one was cut off, and never over somebody else's file")
    func cutOff() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let secret = try test.file("passphrase", "correct horse battery\n")
            let path = test.directory + ".backup"
            try Data(repeating: 1, count: 1 << 20).write(to: URL(fileURLWithPath: path + ".part"))
            #expect(await Self.run("backup", path, "--data", test.directory, "--passphrase-file", secret) == 0)
            let made = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(made.count < 1 << 18)
            #expect(try RestorationTests.mode(path) == 0o600)
            let (second, mine) = (path + "2", test.directory + ".mine")
            try Data("mine".utf8).write(to: URL(fileURLWithPath: mine))
            try FileManager.default.createSymbolicLink(atPath: second + ".part", withDestinationPath: mine)
            #expect(await Self.run("backup", second, "--data", test.directory, "--passphrase-file", secret) == 1)
            try FileManager.default.removeItem(atPath: second + ".part")
            try FileManager.default.linkItem(atPath: mine, toPath: second + ".part")
            #expect(await Self.run("backup", second, "--data", test.directory, "--passphrase-file", secret) == 1)
            #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
        }
    }

    @Test("are written by one at a time")
    func exclusive() throws {
        let path = FileManager.default.temporaryDirectory.path + "/ucm-test-\(UUID().uuidString)"
        let first = try BackupFile(path)
        let error = #expect(throws: BackupError.self) { try BackupFile(path) }
        #expect(error?.description.contains("another backup is being written") == true)
        try first.write([1, 2, 3])
        try first.finish()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
        #expect(throws: BackupError.self) { try BackupFile(path) }
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("show how far they are on one line", arguments: [(0, 0), (50, 20), (99, 39), (100, 40)])
    func bar(percentage: Int, filled: Int) {
        let line = ProgressBar.line("Backup", percentage)
        #expect(line.count { $0 == "=" } == filled)
        #expect(line.hasPrefix("Backup [") && line.hasSuffix("] \(percentage) %"))
    }
}
