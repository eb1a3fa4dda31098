import Configuration
import Crypto
import Enrollment
import Foundation
import Logging
import SCEP
import TestSupport
import Testing

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
        var configuration = try await ServerTests.configuration(flags: all, environment: environment)
        // A password is tried in no time, for an installation is made for almost every test.
        configuration.passwordCost = PasswordHash.Cost(rounds: 16, blockSize: 1, parallelism: 1)
        return configuration
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

    /// The SHA-256 of what is in the database's file.
    func databaseDigest() throws -> [UInt8] {
        Array(SHA256.hash(data: try Data(contentsOf: URL(fileURLWithPath: self.directory + "/ucm.sqlite"))))
    }

    var masterKeyFile: String { self.directory + "/master.key" }
}

extension OpenedInstallation {
    /// The enrolment of a device with the default profile.
    ///
    /// - Parameters:
    ///   - challenge: Its challenge; nil for the one that the first run made.
    ///   - transactionID: Its transactionID.
    ///   - client: Where it comes from.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: What answering throws.
    func enrol(
        with challenge: String? = nil,
        transactionID: String = "1",
        from client: String = "192.0.2.7",
        at now: Date
    ) async throws -> (exchange: Exchange, certificates: [[UInt8]]) {
        let authority = try #require(self.configuration.current.registrationAuthorities[Profile.defaultName])
        let recipient = try #require(authority.authority.registrationKeys.first).certificate
        var enrolment = try TestEnrolment()
        enrolment.challenge = challenge ?? self.secrets?.challenge
        enrolment.transactionID = transactionID
        let exchange = try await authority.answer(try enrolment.message(for: recipient), from: client, at: now)
        return (exchange, try enrolment.verified(exchange.answer, from: recipient).certificates)
    }
}
