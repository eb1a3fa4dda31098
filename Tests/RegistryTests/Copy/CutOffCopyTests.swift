import Foundation
import Testing

@testable import Registry

@Suite("A copy that is cut off", .freshDatabase)
struct CutOffCopyTests {
    private static func source(_ driver: DatabaseDriver) async throws -> Registry {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.waiting(TestRecords.request(1))
        return registry
    }

    private static func change(_ registry: Registry, _ number: Int) async throws {
        _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
    }

    private static func set(_ database: any SQLDatabase) async throws {
        _ = try await database.write { try $0.execute("INSERT INTO setting (name, value) VALUES ('a', 'b')", []) }
    }

    @Test("before anything counts leaves nothing behind", arguments: DatabaseDriver.available)
    func first(_ driver: DatabaseDriver) async throws {
        let registry = try await Self.source(driver)
        let target = try driver.openOther()
        await #expect(throws: UnreliableDatabase.CutOff.self) {
            try await CopiedRegistry.copy(registry.database, to: try UnreliableDatabase(target, failing: 1))
        }
        #expect(try await target.read { try $0.tables() } == [])
        try await Self.change(registry, 2)
    }

    @Test(
        "before its source is closed is unusable, its source goes on, and the next one takes its place",
        arguments: DatabaseDriver.available)
    func second(_ driver: DatabaseDriver) async throws {
        let registry = try await Self.source(driver)
        let target = try driver.openOther()
        await #expect(throws: UnreliableDatabase.CutOff.self) {
            try await CopiedRegistry.copy(try UnreliableDatabase(registry.database, failing: 1), to: target)
        }
        for isMigrated in [true, false] {
            let error = await #expect(throws: RegistryError.self) {
                _ = try await Registry(database: target, migrating: isMigrated)
            }
            #expect(error?.description.contains("is not finished") == true)
        }
        await #expect(throws: RegistryError.self) { try await Self.set(target) }
        try await Self.change(registry, 2)
        let report = try await CopiedRegistry.copy(registry.database, to: target)
        #expect(!report.isResumed)
        #expect(try await Registry(database: target).count("request") == 2)
    }

    @Test(
        "before it is opened takes no changes, nor does its source, and is finished by the next one",
        arguments: DatabaseDriver.available)
    func third(_ driver: DatabaseDriver) async throws {
        let registry = try await Self.source(driver)
        let target = try driver.openOther()
        await #expect(throws: UnreliableDatabase.CutOff.self) {
            try await CopiedRegistry.copy(registry.database, to: try UnreliableDatabase(target, failing: 2))
        }
        await #expect(throws: RegistryError.closed(CopiedRegistry.moved)) { try await Self.change(registry, 2) }
        await #expect(throws: RegistryError.self) { try await Self.set(target) }
        // Not by one that goes elsewhere.
        let elsewhere = await #expect(throws: CopyError.self) {
            try await CopiedRegistry.copy(registry.database, to: try driver.openOther("elsewhere"))
        }
        #expect(elsewhere?.code == .moved)
        let report = try await CopiedRegistry.copy(registry.database, to: target)
        #expect(report.isResumed)
        #expect(report.audit.isIntact)
        let copy = try await Registry(database: target)
        try await Self.change(copy, 2)
        await #expect(throws: RegistryError.closed(CopiedRegistry.moved)) { try await Self.change(registry, 3) }
    }
}

@Suite("A copy of a registry", .freshDatabase)
struct CopySourceTests {
    @Test("that is in use has everything that anybody was told of", arguments: DatabaseDriver.available)
    func live(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let writing = Task {
            var granted = 0
            for number in 1... {
                do {
                    _ = try await registry.waiting(
                        TestRecords.request(number, transactionID: "\(number)", key: number))
                    granted += 1
                } catch RegistryError.closed {
                    return granted
                }
            }
            return granted
        }
        try await Task.sleep(for: .milliseconds(300))
        let target = try driver.openOther()
        try await CopiedRegistry.copy(registry.database, to: target)
        let granted = try await writing.value
        #expect(granted > 0)
        #expect(try await Registry(database: target).count("request") == Int64(granted))
    }

    @Test(
        "of an earlier schema is brought up to this one", arguments: 1..<Migrations.steps.count,
        DatabaseDriver.available)
    func earlier(version: Int, _ driver: DatabaseDriver) async throws {
        let database = try DatabaseDriver.sqlite.open()
        try await Migrations.run(on: database, upTo: version)
        let statements = version == 1 ? MigrationTests.firstVersion : []
        try await database.write { connection in
            for statement in statements { try connection.execute(statement, []) }
        }
        let target = try driver.openOther()
        try await CopiedRegistry.copy(database, to: target)
        let copy = try await Registry(database: target, migrating: false)
        #expect(try await copy.profiles().map(\.name) == (version == 1 ? ["default"] : []))
        #expect(try await copy.verifyAudit().isIntact)
        await #expect(throws: RegistryError.closed(CopiedRegistry.moved)) { _ = try await Registry(database: database) }
    }

    @Test("of a later schema, or of none, is refused", arguments: DatabaseDriver.available)
    func unknown(_ driver: DatabaseDriver) async throws {
        let target = try driver.openOther()
        let nothing = await #expect(throws: CopyError.self) {
            try await CopiedRegistry.copy(try driver.openOther("nothing"), to: target)
        }
        #expect(nothing?.code == .noRegistry)
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { try $0.execute("UPDATE schema_version SET version = version + 1", []) }
        let known = Migrations.steps.count
        await #expect(throws: RegistryError.tooNew(found: known + 1, known: known)) {
            try await CopiedRegistry.copy(registry.database, to: target)
        }
        #expect(try await target.read { try $0.tables() } == [])
    }
}
