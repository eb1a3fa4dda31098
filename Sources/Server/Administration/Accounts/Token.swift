public import Foundation
import Registry

/// An API token that is to be made.
public struct TokenOrder: Hashable, Sendable {
    /// What it is for, in a line.
    public var name: String
    /// What it permits, as long as its account may do that too.
    public var scopes: Set<Permission>
    /// When it ends; nil for never.
    public var expiresAt: Date?

    /// How long a token is good where nothing else is said, in seconds.
    static let usualLifetime: TimeInterval = 90 * 86_400

    /// Orders a token that ends in 90 days; one that never ends has to be chosen by setting that.
    ///
    /// - Parameters:
    ///   - name: What it is for, in a line.
    ///   - scopes: What it permits.
    ///   - now: The time.
    public init(name: String, scopes: Set<Permission>, at now: Date) {
        self.name = name
        self.scopes = scopes
        self.expiresAt = now.addingTimeInterval(Self.usualLifetime)
    }
}

/// A token that was made, whose secret is shown once and then known to nobody else.
public struct MadeToken: Hashable, Sendable {
    /// The token.
    public var token: TokenDescription
    /// The secret.
    public var secret: String
}

/// An API token as people see it.
public struct TokenDescription: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// Whose it is.
    public var account: String
    /// What it is for.
    public var name: String
    /// What it permits, as long as its account may do that too.
    public var scopes: Set<Permission>
    /// When it was made.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: String
    /// When it ends; nil for never.
    public var expiresAt: Date?
    /// When it was used last, to the minute; nil where it never was.
    public var lastUsedAt: Date?
    /// From where it was used last.
    public var lastAddress: String?
    /// When it was revoked; nil where it was not.
    public var revokedAt: Date?

    /// Whether it is neither revoked nor over.
    public func isUsable(at date: Date) -> Bool {
        self.revokedAt == nil && self.expiresAt.map { $0 > date } ?? true
    }
}

extension TokenOrder {
    /// Refuses what makes no sense for anybody.
    func check(at now: Date) throws(AdministrationError) {
        guard self.name.contains(where: { !$0.isWhitespace }), self.name.utf8.count <= 100 else {
            throw AdministrationError("the name of a token has 1 to 100 bytes and says what it is for", field: "name")
        }
        try AccountName.checkText(self.name, of: "the name of a token", field: "name")
        guard !self.scopes.isEmpty else {
            throw AdministrationError("a token without a scope is good for nothing: name at least one", field: "scopes")
        }
        if let expiresAt, expiresAt <= now {
            throw AdministrationError(
                "the token would have ended on \(expiresAt.formatted(.iso8601)) already", field: "expiresAt")
        }
    }

    /// Refuses what makes no sense for an account.
    func check(for account: AccountRecord, in accounts: AccountTransaction, atMost maximum: Int) throws {
        let missing = self.scopes.subtracting(try accounts.permissions(ofRole: account.role))
        guard missing.isEmpty else {
            throw AdministrationError(
                "the user \(account.name) may not do this himself: \(missing.names)", field: "scopes")
        }
        let names = try accounts.usableTokenNames(of: account.id)
        guard !names.contains(self.name) else {
            throw AdministrationError(
                "the user \(account.name) has a token \(self.name) already: revoke it, or choose another name",
                .conflict,
                field: "name")
        }
        guard names.count < maximum else {
            throw AdministrationError(
                "the user \(account.name) has \(names.count) tokens: revoke those that nobody needs", .conflict)
        }
    }
}

extension TokenDescription {
    init(_ token: TokenRecord) throws {
        self.init(
            id: token.id,
            account: token.accountName,
            name: token.name,
            scopes: try Set(json: token.scopes),
            createdAt: token.createdAt,
            createdBy: token.createdBy,
            expiresAt: token.expiresAt,
            lastUsedAt: token.lastUsedAt,
            lastAddress: token.lastAddress,
            revokedAt: token.revokedAt
        )
    }
}
