import Foundation

@testable import Registry

extension AccountTransaction {
    /// Makes an account and returns it as it is recorded.
    @discardableResult
    func make(_ name: String, fullName: String = "", role: String = "viewer") throws -> AccountRecord {
        let account = NewAccount(name: name, fullName: fullName, passwordHash: "hash of \(name)", role: role)
        guard let id = try self.insert(account, by: "anna"), let made = try self.account(id) else {
            throw RegistryError.failed("a test's account is not recorded")
        }
        return made
    }

    /// Begins a session and returns its number.
    @discardableResult
    func begin(_ number: Int, of account: Int64, lasting seconds: TimeInterval = 3600) throws -> Int64 {
        try self.insert(
            NewSession(
                digest: TestRecords.bytes(number),
                account: account,
                expiresAt: self.now.addingTimeInterval(seconds),
                clientAddress: "192.0.2.\(number)",
                userAgent: "browser \(number)"
            )
        )
    }

    /// Makes a token and returns its number.
    @discardableResult
    func token(_ number: Int, of account: Int64, expiresAt: Date? = nil) throws -> Int64 {
        try self.insert(
            NewToken(
                digest: TestRecords.bytes(number),
                account: account,
                name: "token \(number)",
                scopes: #"["audit:read"]"#,
                expiresAt: expiresAt
            ),
            by: "anna"
        )
    }
}

extension TestRecords {
    /// Some seconds after ``now``.
    static func second(_ seconds: TimeInterval) -> Date { Self.now.addingTimeInterval(seconds) }
}
