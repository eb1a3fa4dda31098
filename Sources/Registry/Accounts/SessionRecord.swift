public import Foundation

/// A session that begins.
public struct NewSession: Hashable, Sendable {
    /// SHA-256 of its secret, which only the browser has.
    public var digest: [UInt8]
    /// Whose it is.
    public var account: Int64
    /// When it ends, however much it is used.
    public var expiresAt: Date
    /// From where it was opened.
    public var clientAddress: String?
    /// By which program, as that says itself.
    public var userAgent: String?

    /// Makes a record.
    public init(
        digest: [UInt8],
        account: Int64,
        expiresAt: Date,
        clientAddress: String? = nil,
        userAgent: String? = nil
    ) {
        self.digest = digest
        self.account = account
        self.expiresAt = expiresAt
        self.clientAddress = clientAddress
        self.userAgent = userAgent
    }
}

/// A session.
public struct SessionRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// Whose it is, by number.
    public var account: Int64
    /// Whose it is, by name.
    public var accountName: String
    /// When it began.
    public var createdAt: Date
    /// When it was used last, to the minute.
    public var lastUsedAt: Date
    /// When it ends, however much it is used.
    public var expiresAt: Date
    /// From where it was used last.
    public var clientAddress: String?
    /// By which program, as that says itself.
    public var userAgent: String?
}

extension SessionRecord {
    /// The columns of a record, in the order in which it is read, and the tables that they are in.
    static let selection = """
        SELECT session.id, account_id, account.name, session.created_at, last_used_at, expires_at, client_address,
            user_agent
        FROM session JOIN account ON account.id = session.account_id
        """

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.account = try row.integer(1)
        self.accountName = try row.text(2)
        self.createdAt = try row.date(3)
        self.lastUsedAt = try row.date(4)
        self.expiresAt = try row.date(5)
        self.clientAddress = try row.textIfPresent(6)
        self.userAgent = try row.textIfPresent(7)
    }
}
