/// What the audit log says of accounts, roles and tokens: never a password, a code, a token or what is kept of one.
extension AccountRecord {
    /// What events about it are about.
    public var auditObject: String { "user \(self.name)" }

    /// How it is.
    public var auditState: AuditState {
        [
            "role": .text(self.role), "fullName": .text(self.fullName), "disabled": .truth(self.isDisabled),
            "totp": .truth(self.sealedCodes != nil),
        ]
    }
}

extension RoleRecord {
    /// What events about it are about.
    public var auditObject: String { "role \(self.name)" }

    /// How it is.
    public var auditState: AuditState {
        ["description": .text(self.description), "permissions": .json(orText: self.permissions)]
    }
}

extension TokenRecord {
    /// What events about it are about.
    public var auditObject: String { "token \(self.name) of \(self.accountName)" }

    /// How it is.
    public var auditState: AuditState {
        ["scopes": .json(orText: self.scopes), "expiresAt": self.expiresAt.map(AuditValue.date)]
    }
}

extension AccountTransaction {
    /// Records what somebody has done to an account.
    ///
    /// - Parameters:
    ///   - kind: What.
    ///   - actor: Who.
    ///   - old: The account as it was; nil where it was not, or nothing that the audit log tells is changed.
    ///   - new: The account as it is; nil where it is no more, or nothing that the audit log tells is changed.
    /// - Throws: ``RegistryError``.
    public func record(
        _ kind: EventKind,
        by actor: Decider,
        from old: AccountRecord?,
        to new: AccountRecord?
    ) throws {
        try self.record(
            NewEvent(
                kind,
                by: actor,
                object: (new ?? old)?.auditObject,
                before: old?.auditState,
                after: new?.auditState
            )
        )
    }
}
