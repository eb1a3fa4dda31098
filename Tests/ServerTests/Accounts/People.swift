import CertificateAuthority
import Foundation
import Testing

@testable import Registry
@testable import Server

/// An installation and the people who use it.
struct People: Sendable {
    static let now = TestInstallation.now
    /// A password that everybody here has after the first sign-in, unless a test says otherwise.
    static let password = "Fichte unter Regen 9"

    let administration: Administration
    /// Somebody at the machine itself.
    let machine = Principal.machine(user: "root")

    /// Runs a test with a new installation.
    static func run(_ body: (People) async throws -> Void) async throws {
        try await AdministrationTests.run { try await body(People(administration: $0)) }
    }

    /// Some seconds after ``now``.
    static func second(_ seconds: TimeInterval) -> Date { Self.now.addingTimeInterval(seconds) }

    /// Makes an account whose password was changed already.
    @discardableResult
    func add(_ name: String, _ role: String = "viewer", at date: Date = Self.now) async throws -> AccountDescription {
        let order = AccountOrder(name: name, role: role, password: Self.password)
        _ = try await self.administration.createAccount(order, by: self.machine, at: date)
        try await self.administration.registry.changeAccounts(at: date) { accounts throws in
            var account = try accounts.existing(name)
            account.mustChangePassword = false
            try accounts.update(account)
        }
        return try await self.account(name, at: date)
    }

    /// Signs somebody in.
    func signIn(
        _ name: String,
        _ password: String = Self.password,
        code: String? = nil,
        from address: String = "192.0.2.1",
        at date: Date = Self.now
    ) async throws -> SignIn {
        try await self.administration.signIn(
            name: name, password: password, code: code, address: address, userAgent: "browser", at: date)
    }

    /// Why somebody cannot sign in; nil where he can.
    func refusal(
        _ name: String,
        _ password: String = Self.password,
        code: String? = nil,
        from address: String = "192.0.2.1",
        at date: Date = Self.now
    ) async throws -> SignInError? {
        do {
            _ = try await self.signIn(name, password, code: code, from: address, at: date)
            return nil
        } catch let error as SignInError {
            return error
        }
    }

    /// Makes an account and signs it in.
    func enter(_ name: String, _ role: String = "viewer", at date: Date = Self.now) async throws -> Principal {
        try await self.add(name, role, at: date)
        return try await self.signIn(name, at: date).principal
    }

    /// An account as it is.
    func account(_ name: String, at date: Date = Self.now) async throws -> AccountDescription {
        try await self.administration.account(name, by: self.machine, at: date)
    }

    /// Sets an authenticator up for whoever has signed in.
    func setUpCodes(_ principal: Principal, at date: Date = Self.now) async throws -> (TOTP, recoveryCodes: [String]) {
        let setup = try await self.administration.beginTOTP(by: principal, at: date)
        let codes = TOTP(secret: try #require(Base32.decode(setup.secret)))
        let code = codes.code(step: TOTP.step(at: date))
        return (codes, try await self.administration.confirmTOTP(code: code, by: principal, at: date))
    }

    /// The events of these kinds, the oldest first, as "kind: object: detail" and what differs in lines of their own.
    func events(_ kinds: EventKind...) async throws -> [String] {
        try await self.administration.events(EventFilter(kinds: kinds), limit: 1000).reversed().map { event in
            let parts = [event.kindName, event.object ?? "", event.detail].filter { !$0.isEmpty }
            let differences = event.differences.map { difference in
                "\n\(difference.name): \(difference.before ?? "-") -> \(difference.after ?? "-")"
            }
            return parts.joined(separator: ": ") + differences.joined()
        }
    }

    /// How many sessions an account has.
    func sessionCount(_ name: String, at date: Date = Self.now) async throws -> Int {
        try await self.administration.sessions(of: name, by: self.machine, at: date).count
    }
}

/// Why somebody cannot have something; nil where he can.
///
/// Not to be called inside `#require` or `#expect`, as ``startupError(_:)``.
func obstacle<T>(_ body: () async throws -> T) async throws -> AdministrationError? {
    do {
        _ = try await body()
        return nil
    } catch let error as AdministrationError {
        return error
    }
}
