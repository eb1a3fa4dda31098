public import Foundation

/// An API token that is to be made.
public struct NewToken: Hashable, Sendable {
    /// SHA-256 of its secret.
    public var digest: [UInt8]
    /// Whose it is.
    public var account: Int64
    /// What it is called.
    public var name: String
    /// What it permits, as a JSON array that others understand.
    public var scopes: String
    /// When it ends; nil for never.
    public var expiresAt: Date?

    /// Makes a record.
    public init(digest: [UInt8], account: Int64, name: String, scopes: String, expiresAt: Date?) {
        self.digest = digest
        self.account = account
        self.name = name
        self.scopes = scopes
        self.expiresAt = expiresAt
    }
}

/// An API token.
public struct TokenRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// Whose it is, by number.
    public var account: Int64
    /// Whose it is, by name.
    public var accountName: String
    /// What it is called.
    public var name: String
    /// What it permits, as a JSON array that others understand.
    public var scopes: String
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
}

extension TokenRecord {
    /// The columns of a record, in the order in which it is read, and the tables that they are in.
    static let selection = """
        SELECT api_token.id, account_id, account.name, api_token.name, scopes, api_token.created_at,
            api_token.created_by, expires_at, last_used_at, last_address, revoked_at
        FROM api_token JOIN account ON account.id = api_token.account_id
        """

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.account = try row.integer(1)
        self.accountName = try row.text(2)
        self.name = try row.text(3)
        self.scopes = try row.text(4)
        self.createdAt = try row.date(5)
        self.createdBy = try row.text(6)
        self.expiresAt = try row.dateIfPresent(7)
        self.lastUsedAt = try row.dateIfPresent(8)
        self.lastAddress = try row.textIfPresent(9)
        self.revokedAt = try row.dateIfPresent(10)
    }
}
