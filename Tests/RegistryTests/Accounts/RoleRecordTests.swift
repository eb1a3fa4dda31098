import Foundation
import Testing

@testable import Registry

@Suite("A role that somebody has made", .freshDatabase)
struct RoleRecordTests {
    @Test("is made once, changed and deleted", arguments: DatabaseDriver.available)
    func life(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let role = RoleRecord(name: "vpn", description: "for VPNs", permissions: #"["profiles:read"]"#)
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            #expect(try accounts.roles().isEmpty)
            #expect(try accounts.insert(role, by: "anna"))
            #expect(try !accounts.insert(RoleRecord(name: "vpn", description: "", permissions: "[]"), by: "bea"))
            #expect(try accounts.insert(RoleRecord(name: "a", description: "", permissions: "[]"), by: "bea"))
        }
        var expected = role
        expected.history = RoleRecord.History(
            createdAt: TestRecords.now, createdBy: "anna", changedAt: TestRecords.now, changedBy: "anna", revision: 1)
        try await registry.changeAccounts(at: TestRecords.second(5)) { [expected] accounts throws in
            #expect(try accounts.roles().map(\.name) == ["a", "vpn"])
            #expect(try accounts.role(named: "vpn") == expected)
            #expect(try accounts.role(named: "VPN") == nil)
            var changed = expected
            (changed.description, changed.permissions) = ("other", "[]")
            try accounts.update(changed, by: "bea")
        }
        (expected.description, expected.permissions) = ("other", "[]")
        expected.history = RoleRecord.History(
            createdAt: TestRecords.now, createdBy: "anna", changedAt: TestRecords.second(5), changedBy: "bea",
            revision: 2)
        try await registry.changeAccounts(at: TestRecords.second(6)) { [expected] accounts throws in
            #expect(try accounts.role(named: "vpn") == expected)
            try accounts.deleteRole("vpn")
            #expect(try accounts.roles().map(\.name) == ["a"])
        }
    }
}
