import Foundation
import Testing

@testable import Registry

@Suite("A look-up", .freshDatabase)
struct LookUpTests {
    @Test("sees what was written before", arguments: DatabaseDriver.available)
    func isCurrent(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await database.write { _ = try $0.execute("CREATE TABLE sample (n BIGINT)", []) }
        for number in 1...3 as ClosedRange<Int64> {
            try await database.write { _ = try $0.execute("INSERT INTO sample (n) VALUES ($1)", [.integer(number)]) }
            let latest = try await database.lookUp { try $0.query("SELECT max(n) FROM sample", []).first?.integer(0) }
            #expect(latest == number)
        }
    }

    @Test("changes nothing", arguments: DatabaseDriver.available)
    func isReadOnly(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        await #expect(throws: RegistryError.self) {
            try await database.lookUp { _ = try $0.execute("CREATE TABLE sample (n BIGINT)", []) }
        }
    }

    @Test("does not wait for reads that take long", arguments: DatabaseDriver.available)
    func doesNotWait(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        let gates = (0..<8).map { _ in DispatchSemaphore(value: 0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for gate in gates { group.addTask { try await database.read { _ in gate.wait() } } }
            let found = try await database.lookUp { try $0.query("SELECT 1", []).first?.integer(0) }
            #expect(found == 1)
            for gate in gates { gate.signal() }
            try await group.waitForAll()
        }
    }

    @Test("fails once the database is closed", arguments: DatabaseDriver.available)
    func closed(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try database.close()
        await #expect(throws: (any Error).self) {
            _ = try await database.lookUp { try $0.query("SELECT 1", []).count }
        }
    }
}
