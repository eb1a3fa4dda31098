import Registry

/// Who may look at and change which accounts.
extension AccountTransaction {
    /// The account of a name.
    ///
    /// - Throws: ``AdministrationError`` of the kind `notFound`.
    func existing(_ name: String) throws -> AccountRecord {
        guard let account = try self.account(named: name) else { throw AdministrationError.unknownAccount(name) }
        return account
    }

    /// The account that somebody wants to see: his own, or any with `users:read`.
    ///
    /// - Parameters:
    ///   - name: Its name; nil for all accounts.
    ///   - principal: Who asks.
    /// - Returns: The account; nil for all of them.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    func readable(_ name: String?, by principal: Principal) throws -> AccountRecord? {
        try principal.requireChangedPassword()
        // Whoever may not see accounts does not learn which there are either.
        if let name, let account = try self.account(named: name), account.id == principal.account { return account }
        // Whoever changes accounts sees what became of them.
        if !principal.permissions.contains(.writeUsers) { try principal.require(.readUsers) }
        return try name.map(self.existing)
    }

    /// The account that somebody wants to change in a way that decides who can do what: he needs `users:write`, and all that
    /// the account may do.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - revision: What it was when he looked at it; nil for whatever it is.
    ///   - principal: Who asks.
    /// - Returns: The account.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    func changeable(
        _ name: String,
        expecting revision: String? = nil,
        by principal: Principal
    ) throws -> AccountRecord {
        try principal.require(.writeUsers)
        let account = try self.existing(name)
        try account.check(revision: revision)
        try principal.requireAll(try self.permissions(ofRole: account.role), of: "the user \(account.name)")
        return account
    }

    /// A role that somebody wants to give an account.
    func assignable(_ name: String, by principal: Principal) throws -> Role {
        guard let role = try self.knownRole(name) else {
            let names = try Role.builtIn.map(\.name) + self.roles().map(\.name)
            throw AdministrationError(
                "there is no role \(name): there are \(names.joined(separator: ", "))", field: "role")
        }
        try principal.requireAll(role.permissions, of: "the role \(role.name)")
        return role
    }
}

extension AccountRecord {
    /// Refuses to go on where somebody else has changed the account since it was looked at.
    func check(revision: String?) throws(AdministrationError) {
        guard let revision, revision != "\(self.revision)" else { return }
        throw AdministrationError(
            "somebody else has changed the user \(self.name) meanwhile: look at it again", .changed)
    }
}

extension AdministrationError {
    static func unknownAccount(_ name: String) -> AdministrationError {
        AdministrationError("there is no user \(name): ucm user list shows all of them", .notFound)
    }
}
