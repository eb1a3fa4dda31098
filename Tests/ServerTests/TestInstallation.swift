import Configuration
import Foundation
import Logging
import TestSupport

@testable import Registry
@testable import Server

/// A data directory, with an elliptic curve for a CA key because that is quick to make.
struct TestInstallation {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let directory: String

    /// Runs a test with an empty directory.
    static func run(_ body: (TestInstallation) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            // The temporary directory itself is there already; the data directory is for the program to make.
            try await body(TestInstallation(directory: directory + "/data"))
        }
    }

    func configuration(
        _ flags: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> ServerConfiguration {
        var all = ["data": self.directory, "ca-key": "p256"]
        all.merge(flags) { $1 }
        return try await ServerTests.configuration(flags: all, environment: environment)
    }

    /// Starts, as far as it goes without listening.
    func open(
        _ flags: [String: String] = [:],
        environment: [String: String] = [:],
        logger: Logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() },
        at now: Date = Self.now
    ) async throws -> OpenedInstallation {
        try await OpenedInstallation(
            try await self.configuration(flags, environment: environment),
            logger: logger,
            at: now
        )
    }

    /// Starts and stops, and returns what was shown.
    @discardableResult
    func start(
        _ flags: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> FirstRun.Secrets? {
        let installation = try await self.open(flags, environment: environment)
        try installation.registry.close()
        return installation.secrets
    }

    /// Writes a file beside the data directory, readable for its owner, and returns its path.
    func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = (self.directory as NSString).deletingLastPathComponent + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    var masterKeyFile: String { self.directory + "/master.key" }
}
