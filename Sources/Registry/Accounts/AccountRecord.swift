public import Foundation

/// Somebody who is to have an account.
public struct NewAccount: Hashable, Sendable {
    /// The name, unique in whatever case.
    public var name: String
    /// What the person is called.
    public var fullName: String
    /// scrypt's parameters, salt and result.
    public var passwordHash: String
    /// What the account may do, by the role's name.
    public var role: String

    /// Makes a record.
    public init(name: String, fullName: String = "", passwordHash: String, role: String) {
        self.name = name
        self.fullName = fullName
        self.passwordHash = passwordHash
        self.role = role
    }
}

/// Somebody who has an account.
public struct AccountRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The name, unique in whatever case.
    public var name: String
    /// What the person is called.
    public var fullName: String
    /// scrypt's parameters, salt and result.
    public var passwordHash: String
    /// What the account may do, by the role's name.
    public var role: String
    /// Whether the password is one that somebody else has given out.
    public var mustChangePassword: Bool
    /// Whether nobody can sign in with it.
    public var isDisabled: Bool
    /// What its one-time codes are made from, encrypted; nil where it needs none.
    public var sealedCodes: [UInt8]?
    /// What they will be made from once that is confirmed, encrypted.
    public var sealedNewCodes: [UInt8]?
    /// The time step of the latest code that was used; none up to it is good any more.
    public var lastStep: Int64?
    /// When the password was set.
    public var passwordChangedAt: Date
    /// When somebody signed in with it last.
    public var lastSignInAt: Date?
    /// When it was made.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: String
    /// A number that every change by somebody increases.
    public var revision: Int64
}

extension AccountRecord {
    /// The columns of a record, in the order in which it is read.
    static let columns = """
        account.id, account.name, account.full_name, account.password_hash, account.role, account.must_change_password,
        account.is_disabled, account.sealed_totp, account.sealed_new_totp, account.totp_step,
        account.password_changed_at, account.last_sign_in_at, account.created_at, account.created_by, account.revision
        """

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.name = try row.text(1)
        self.fullName = try row.text(2)
        self.passwordHash = try row.text(3)
        self.role = try row.text(4)
        self.mustChangePassword = try row.integer(5) != 0
        self.isDisabled = try row.integer(6) != 0
        self.sealedCodes = try row.bytesIfPresent(7)
        self.sealedNewCodes = try row.bytesIfPresent(8)
        self.lastStep = try row.integerIfPresent(9)
        self.passwordChangedAt = try row.date(10)
        self.lastSignInAt = try row.dateIfPresent(11)
        self.createdAt = try row.date(12)
        self.createdBy = try row.text(13)
        self.revision = try row.integer(14)
    }
}

/// Which accounts are looked for; what is nil does not matter.
public struct AccountFilter: Hashable, Sendable {
    /// A part of the name or of what the person is called, in any case.
    public var search: String?
    /// The role.
    public var role: String?
    /// Whether nobody can sign in with them.
    public var isDisabled: Bool?

    /// Makes a filter.
    public init(search: String? = nil, role: String? = nil, isDisabled: Bool? = nil) {
        self.search = search
        self.role = role
        self.isDisabled = isDisabled
    }
}
