import Enrollment
import Foundation
import Hummingbird
import HummingbirdTesting
import Synchronization
import TestSupport
import Testing

@testable import Registry
@testable import Server

/// A database that can be told to answer nothing for a while.
final class HangingDatabase: SQLDatabase {
    private let database: SQLiteDatabase
    private let state = Mutex<(isHanging: Bool, waiting: Int)>((false, 0))

    init(path: String) throws { self.database = try SQLiteDatabase(path: path) }

    var isHanging: Bool {
        get { self.state.withLock(\.isHanging) }
        set { self.state.withLock { $0.isHanging = newValue } }
    }

    /// How many questions have come while it hung.
    var waiting: Int { self.state.withLock(\.waiting) }

    var dialect: SQLDialect { self.database.dialect }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        if self.isHanging { self.state.withLock { $0.waiting += 1 } }
        while self.isHanging { try? await Task.sleep(for: .milliseconds(5)) }
        return try await self.database.read(body)
    }

    func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T { try await self.database.write(announced: announced, body) }

    func announceWrite() -> AnnouncedWrite { self.database.announceWrite() }
    func check() async throws -> [String] { [] }
    func close() throws { try self.database.close() }
}

@Suite("The health of a server")
struct HealthTests {
    static func report(_ client: any TestClientProtocol) async throws -> (status: Int, HealthReport) {
        let response = try await client.execute(uri: "/health/ready", method: .get)
        #expect(response.contentType == "application/json")
        #expect(response.headers[.cacheControl] == "no-store")
        return (response.status.code, try JSONDecoder().decode(HealthReport.self, from: Data(response.bytes)))
    }

    @Test("is said on each listener")
    func ready() async throws {
        try await LiveInstallation.run { live in
            let installation = live.installation
            for router in [
                installation.router(logger: .quiet, on: .https), installation.router(logger: .quiet, on: .http),
                installation.metricsRouter(),
            ] {
                try await Application(router: router, logger: .quiet).test(.router) { client in
                    var (status, report) = try await Self.report(client)
                    // A machine with all tests at work may need more than two seconds for a row.
                    for _ in 0..<30 where status != 200 { (status, report) = try await Self.report(client) }
                    #expect(status == 200)
                    #expect(report.status == "ready")
                    #expect(report.checks.map(\.name) == ["database", "keys", "profiles"])
                    #expect(report.checks.allSatisfy { $0.status == "ok" })
                    let alive = try await client.execute(uri: "/health/live", method: .get)
                    #expect(alive.status == .ok)
                }
            }
        }
    }

    @Test("is bad where the database refuses, and the process lives all the same")
    func refusing() async throws {
        try await LiveInstallation.serve { live, client in
            try live.registry.close()
            let (status, report) = try await Self.report(client)
            #expect(status == 503)
            #expect(report.status == "unavailable")
            #expect(report.checks.first == HealthReport.Check("database", isOK: false, "refuses: the log says why"))
            #expect(try await client.execute(uri: "/health/live", method: .get).status == .ok)
        }
    }

    @Test("is bad where the database does not answer in time, which it is asked once at a time")
    func hanging() async throws {
        try await LiveInstallation.run { live in
            let database = try HangingDatabase(path: live.test.directory + "/ucm.sqlite")
            let registry = try await Registry(database: database, migrating: false)
            let served = try await ServedConfiguration(registry, masterKey: live.installation.masterKey)
            let health = ServerHealth(configuration: served, patience: .milliseconds(100))
            database.isHanging = true
            for _ in 0..<3 {
                let report = await health.report()
                #expect(!report.isReady)
                #expect(report.checks.first == HealthReport.Check("database", isOK: false, "does not answer"))
            }
            #expect(database.waiting == 1)
            database.isHanging = false
            // The question that waited is answered now, and the next one at once.
            let patient = ServerHealth(configuration: served, patience: .seconds(60))
            #expect(await patient.report().isReady)
            try? await Task.sleep(for: .milliseconds(100))
            #expect(ServerHealth.patience == .seconds(2))
            try registry.close()
        }
    }

    @Test("is bad where no profile is served")
    func nothingServed() async throws {
        try await LiveInstallation.serve { live, client in
            _ = try await live.registry.database.write { try $0.execute("DELETE FROM challenge", []) }
            _ = try await live.registry.database.write { connection in
                try connection.execute("UPDATE profile SET settings = '{\"template\":\"gone\"}'", [])
                try connection.execute("UPDATE configuration SET revision = revision + 1", [])
            }
            _ = try await live.served.refresh()
            let (status, report) = try await Self.report(client)
            #expect(status == 503)
            #expect(
                report.checks.last
                    == HealthReport.Check("profiles", isOK: false, "the only one is not served: the log says why"))
        }
    }
}
