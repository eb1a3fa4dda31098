public import Registry

/// Whoever asks for something: an account by a session or a token, or somebody at the machine itself.
public struct Principal: Hashable, Sendable {
    /// By what he is known.
    public enum Means: Hashable, Sendable {
        /// By a session, which has this number.
        case session(Int64)
        /// By an API token, which has this number.
        case token(Int64, name: String)
        /// By being able to open the database and its master key.
        case machine
    }

    /// The account's number; nil at the machine itself.
    public var account: Int64?
    /// His name.
    public var name: String
    /// The name of his role; nil at the machine itself.
    public var role: String?
    /// What he may do.
    public var permissions: Set<Permission>
    /// By what he is known.
    public var means: Means
    /// Whether he may do nothing before his password is changed.
    public var mustChangePassword: Bool
    /// The address from which he asks.
    public var address: String?

    /// Who decides, as it is recorded.
    public var decider: Decider {
        switch self.means {
        case .session: Decider(self.name, address: self.address)
        case .token(_, let name): Decider(self.name, means: "the token \(name)", address: self.address)
        case .machine: Decider("\(self.name) at the command line")
        }
    }

    /// Somebody at the machine itself, who may do everything: whoever can open the database needs no permission.
    ///
    /// - Parameter user: His name there.
    /// - Returns: Who it is.
    public static func machine(user: String) -> Principal {
        Principal(
            name: user,
            permissions: Set(Permission.allCases),
            means: .machine,
            mustChangePassword: false
        )
    }

    init(
        account: Int64? = nil,
        name: String,
        role: String? = nil,
        permissions: Set<Permission>,
        means: Means,
        mustChangePassword: Bool,
        address: String? = nil
    ) {
        self.account = account
        self.name = name
        self.role = role
        self.permissions = permissions
        self.means = means
        self.mustChangePassword = mustChangePassword
        self.address = address
    }
}

extension Principal {
    /// Refuses whoever has not a permission, or has to change his password first.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    public func require(_ permission: Permission) throws(AdministrationError) {
        try self.requireChangedPassword()
        guard self.permissions.contains(permission) else {
            throw AdministrationError("this needs the permission \(permission.rawValue)", .forbidden)
        }
    }

    /// Refuses whoever still has the password that somebody else gave him.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    public func requireChangedPassword() throws(AdministrationError) {
        guard !self.mustChangePassword else {
            throw AdministrationError(
                "the password is one that somebody else has given out: change it first", .forbidden)
        }
    }

    /// Refuses whoever would give or take more than he has himself.
    ///
    /// - Parameters:
    ///   - permissions: What is given, or what somebody has who is to be changed.
    ///   - what: What he is about to do, as a noun: "the role vpn".
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    func requireAll(_ permissions: Set<Permission>, of what: String) throws(AdministrationError) {
        let missing = permissions.subtracting(self.permissions)
        guard missing.isEmpty else {
            throw AdministrationError(
                "\(what) has permissions that you do not have yourself: \(missing.names)", .forbidden)
        }
    }

    /// Refuses a token, by which no password, code or token is made or changed: it would outlive the token.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    func refuseToken() throws(AdministrationError) {
        guard case .token = self.means else { return }
        throw AdministrationError(
            "no password, code or token is made or changed by a token: sign in for this", .forbidden)
    }

    /// The number of the account that he has signed in to, which he is about to change himself.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    func signedInAccount() throws(AdministrationError) -> Int64 {
        try self.refuseToken()
        guard case .session = self.means, let account = self.account else {
            throw AdministrationError("this is for whoever has signed in, and for his own account", .forbidden)
        }
        return account
    }

    /// His session; nil where he has none.
    var session: Int64? {
        guard case .session(let id) = self.means else { return nil }
        return id
    }
}
