import Foundation
import Testing

@testable import Registry

@Suite("What was written", .freshDatabase)
struct DurabilityTests {
    @Test("is synced at every commit: SQLite's settings, as the connections see them")
    func settings() async throws {
        let database = try DatabaseDriver.sqlite.open()
        @Sendable func setting(_ name: String, _ connection: any SQLConnection) throws -> SQLRow {
            try connection.query("PRAGMA \(name)", [])[0]
        }
        let writer = try await database.write { connection in
            (
                try setting("journal_mode", connection).text(0), try setting("synchronous", connection).integer(0),
                try setting("foreign_keys", connection).integer(0)
            )
        }
        #expect(writer == ("wal", 2, 1))
        #expect(try await database.read { try setting("journal_mode", $0).text(0) } == "wal")
    }

    @Test("by two processes at once is all there", arguments: DatabaseDriver.available)
    func twoConnections(_ driver: DatabaseDriver) async throws {
        let one = try await driver.openRegistry()
        _ = try await one.install()
        let other = try await driver.openRegistry()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let registry = number % 2 == 0 ? one : other
                group.addTask {
                    let earlier = try await registry.grant(
                        TestRecords.request(number),
                        TestRecords.certificate(number),
                        at: TestRecords.now
                    )
                    #expect(earlier.isRecorded)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await one.certificateCount() == 201)
        #expect(try await other.certificateCount() == 201)
    }

    @Test("by two processes for the same request is there once", arguments: DatabaseDriver.available)
    func twoConnectionsOneRequest(_ driver: DatabaseDriver) async throws {
        let registries = [try await driver.openRegistry(), try await driver.openRegistry()]
        _ = try await registries[0].install()
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<40 {
                group.addTask {
                    let own = TestRecords.certificate(number)
                    let earlier = try await registries[number % 2].grant(
                        TestRecords.request(1),
                        own,
                        at: TestRecords.now
                    )
                    guard case .earlier(.issued(let certificate), _) = earlier else { return own.encoded }
                    return certificate
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        #expect(try await registries[0].count("request") == 1)
    }

    @Test("before SIGKILL is there after it: every serial number that a client was told")
    func killed() async throws {
        let place = try #require(FreshDatabase.place)
        let path: String = place + "/ucm.sqlite"
        let child = try await #require(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            [path = path as String] in try await grantUntilKilled(path: path)
        }
        let output = String(decoding: child.standardOutputContent, as: UTF8.self)
        let told = output.split(separator: "\n").compactMap { line in
            line.hasPrefix("granted ") ? Int(line.dropFirst(8)) : nil
        }
        #expect(told.count >= 100)
        let registry = try await Registry(database: try SQLiteDatabase(path: path))
        let authority = try await registry.authorities()[0].id
        for number in told {
            let certificate = TestRecords.certificate(number)
            let stored = try await registry.certificate(serialNumber: certificate.serialNumber, authority: authority)
            #expect(stored?.certificate == certificate, "told, but not there: \(number)")
            #expect(try await registry.granted(TestRecords.request(number).identity) == certificate.encoded)
        }
        // No certificate without its request.
        #expect(try await registry.certificateCount() == Int(registry.count("request")) + 1)
    }
}

/// Grants from eight tasks and says so after each, until the process is killed in the middle of it.
private func grantUntilKilled(path: String) async throws {
    let registry = try await Registry(database: try SQLiteDatabase(path: path))
    _ = try await registry.install()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
            group.addTask {
                for number in 0... {
                    let number = number * 8 + task
                    _ = try await registry.grant(
                        TestRecords.request(number),
                        TestRecords.certificate(number),
                        at: TestRecords.now
                    )
                    let line = Array("granted \(number)\n".utf8)
                    _ = write(STDOUT_FILENO, line, line.count)
                    // The other seven are in the middle of it.
                    if number >= 300 { kill(getpid(), SIGKILL) }
                }
            }
        }
        try await group.waitForAll()
    }
}
