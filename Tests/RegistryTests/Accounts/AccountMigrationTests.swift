import Foundation
import Testing

@testable import Registry

@Suite("The accounts of the fourth version", .freshDatabase)
struct AccountMigrationTests {
    @Test("are those that there were, and can do what they could", arguments: DatabaseDriver.available)
    func kept(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 4)
        _ = try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO account (name, password_hash, role, must_change_password, created_at)
                VALUES ('Admin', 'scrypt$1', 'administrator', 1, 5000), ('bea', 'scrypt$2', 'viewer', 0, 6000)
                """,
                []
            )
        }
        try database.close()
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let all = try accounts.accounts(AccountFilter(), limit: 9)
            #expect(all.map(\.name) == ["Admin", "bea"])
            #expect(all.map(\.passwordHash) == ["scrypt$1", "scrypt$2"])
            #expect(all.map(\.role) == ["administrator", "viewer"])
            #expect(all.map(\.mustChangePassword) == [true, false])
            #expect(all.map { $0.createdAt.timeIntervalSince1970 } == [5, 6])
            #expect(all.map(\.passwordChangedAt) == all.map(\.createdAt))
            #expect(all.allSatisfy { $0.createdBy == "first start" && !$0.isDisabled && $0.sealedCodes == nil })
            #expect(try accounts.account(named: "ADMIN")?.name == "Admin")
            #expect(try accounts.accounts(AccountFilter(search: "ADM"), limit: 9).count == 1)
            #expect(try accounts.make("carl").id > all[1].id)
            #expect(try accounts.insert(NewAccount(name: "admin", passwordHash: "", role: ""), by: "anna") == nil)
        }
    }

    @Test("may be none", arguments: DatabaseDriver.available)
    func none(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 4)
        try database.close()
        #expect(try await driver.openRegistry().count("account") == 0)
    }
}
