/// Accounts.
extension AccountTransaction {
    /// The account of a name, in whatever case; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func account(named name: String) throws -> AccountRecord? {
        try self.connection.query(
            "SELECT \(AccountRecord.columns) FROM account WHERE folded_name = $1", [.text(SearchText.folded(name))]
        ).first.map(AccountRecord.init)
    }

    /// An account by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func account(_ id: Int64) throws -> AccountRecord? {
        try self.connection.query("SELECT \(AccountRecord.columns) FROM account WHERE id = $1", [.integer(id)])
            .first.map(AccountRecord.init)
    }

    /// Accounts by name, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: The last name of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The accounts.
    /// - Throws: ``RegistryError``.
    public func accounts(_ filter: AccountFilter, after last: String? = nil, limit: Int) throws -> [AccountRecord] {
        var conditions = SQLConditions()
        if let search = filter.search {
            let pattern = conditions.parameter(.text(SearchText.pattern(part: search)))
            conditions.add("search LIKE \(pattern) \(SearchText.escape)")
        }
        if let role = filter.role { conditions.add("role =", .text(role)) }
        if let isDisabled = filter.isDisabled { conditions.add("is_disabled =", .bool(isDisabled)) }
        if let last { conditions.add("folded_name >", .text(SearchText.folded(last))) }
        let limit = conditions.parameter(.integer(Int64(max(limit, 0))))
        return try self.connection.query(
            """
            SELECT \(AccountRecord.columns) FROM account \(conditions.clause) ORDER BY folded_name LIMIT \(limit)
            """,
            conditions.values
        ).map(AccountRecord.init)
    }

    /// The roles of all accounts that somebody can sign in with.
    ///
    /// - Throws: ``RegistryError``.
    public func rolesInUse() throws -> Set<String> {
        Set(
            try self.connection.query("SELECT DISTINCT role FROM account WHERE is_disabled = 0", [])
                .map { try $0.text(0) })
    }

    /// The names of the accounts that have a role.
    ///
    /// - Throws: ``RegistryError``.
    public func accountNames(withRole role: String) throws -> [String] {
        try self.connection.query("SELECT name FROM account WHERE role = $1 ORDER BY folded_name", [.text(role)])
            .map { try $0.text(0) }
    }

    /// Makes an account, whose password has to be changed at the first sign-in.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - decider: Who makes it.
    /// - Returns: Its number; nil where there is one of that name, in whatever case.
    /// - Throws: ``RegistryError``.
    public func insert(_ account: NewAccount, by decider: Decider) throws -> Int64? {
        try self.connection.query(
            """
            INSERT INTO account
                (name, folded_name, full_name, search, password_hash, role, must_change_password, is_disabled,
                 password_changed_at, created_at, created_by, revision)
            VALUES ($1, $2, $3, $4, $5, $6, 1, 0, $7, $8, $9, 1)
            ON CONFLICT (folded_name) DO NOTHING RETURNING id
            """,
            [
                .text(account.name), .text(SearchText.folded(account.name)), .text(account.fullName),
                .text(SearchText.stored(names: [account.name], subject: account.fullName)),
                .text(account.passwordHash), .text(account.role), .date(self.now), .date(self.now), .decider(decider),
            ]
        ).first?.integer(0)
    }

    /// Records what somebody has changed of an account: everything but its name and what was when.
    ///
    /// - Parameter account: The account as it shall be.
    /// - Throws: ``RegistryError``.
    public func update(_ account: AccountRecord) throws {
        try self.connection.execute(
            """
            UPDATE account SET full_name = $1, search = $2, password_hash = $3, role = $4, must_change_password = $5,
                is_disabled = $6, sealed_totp = $7, sealed_new_totp = $8, totp_step = $9, password_changed_at = $10,
                revision = revision + 1
            WHERE id = $11
            """,
            [
                .text(account.fullName), .text(SearchText.stored(names: [account.name], subject: account.fullName)),
                .text(account.passwordHash), .text(account.role), .bool(account.mustChangePassword),
                .bool(account.isDisabled), .bytes(ifPresent: account.sealedCodes),
                .bytes(ifPresent: account.sealedNewCodes), .integer(ifPresent: account.lastStep),
                .date(account.passwordChangedAt), .integer(account.id),
            ]
        )
    }

    /// Records that somebody has signed in, which is no change of the account.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - step: The time step of the code that was used; nil where none was.
    ///   - hash: What is kept of the password from now on; nil where that stays.
    /// - Throws: ``RegistryError``.
    public func noteSignIn(of account: Int64, step: Int64?, hash: String?) throws {
        try self.connection.execute(
            """
            UPDATE account SET last_sign_in_at = $1, totp_step = COALESCE($2, totp_step),
                password_hash = COALESCE($3, password_hash)
            WHERE id = $4
            """,
            [.date(self.now), .integer(ifPresent: step), .text(ifPresent: hash), .integer(account)]
        )
    }

    /// Deletes an account with all that can be signed in with.
    ///
    /// - Throws: ``RegistryError``.
    public func deleteAccount(_ id: Int64) throws {
        for table in ["session", "api_token", "recovery_code"] {
            try self.connection.execute("DELETE FROM \(table) WHERE account_id = $1", [.integer(id)])
        }
        try self.connection.execute("DELETE FROM account WHERE id = $1", [.integer(id)])
    }
}
