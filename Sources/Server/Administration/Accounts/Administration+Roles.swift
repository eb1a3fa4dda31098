public import Foundation
import Registry

/// A role as people see it.
public struct RoleDescription: Hashable, Sendable {
    /// The role.
    public var role: Role
    /// Whether it is always there and stays as it is.
    public var isBuiltIn: Bool
    /// The accounts that have it, by name.
    public var users: [String]
    /// Changes with every change; nil of a built-in one.
    public var revision: String?
}

/// What is to be changed of a role; what is nil stays.
public struct RoleChange: Hashable, Sendable {
    /// What it is for, in a line.
    public var summary: String?
    /// What it permits.
    public var permissions: Set<Permission>?

    /// Describes a change.
    ///
    /// - Parameters:
    ///   - summary: What it is for, in a line.
    ///   - permissions: What it permits.
    public init(summary: String? = nil, permissions: Set<Permission>? = nil) {
        self.summary = summary
        self.permissions = permissions
    }
}

/// Roles; nobody puts more into one than he has himself.
extension Administration {
    /// All roles, the built-in ones first; needs `users:read`.
    ///
    /// - Parameters:
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The roles.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func roles(by principal: Principal, at now: Date) async throws -> [RoleDescription] {
        try principal.require(.readUsers)
        return try await self.registry.readAccounts(at: now) { accounts in
            try Role.builtIn.map { role in
                RoleDescription(
                    role: role,
                    isBuiltIn: true,
                    users: try accounts.accountNames(withRole: role.name),
                    revision: nil
                )
            } + accounts.roles().map { try RoleDescription($0, in: accounts) }
        }
    }

    /// A role; needs `users:read`.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The role.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func role(_ name: String, by principal: Principal, at now: Date) async throws -> RoleDescription {
        guard let role = try await self.roles(by: principal, at: now).first(where: { $0.role.name == name }) else {
            throw AdministrationError.unknownRole(name)
        }
        return role
    }

    /// Makes a role; needs `users:write` and all that it permits.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - principal: Who makes it.
    ///   - now: The time.
    /// - Returns: The role.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    @discardableResult
    public func createRole(_ role: Role, by principal: Principal, at now: Date) async throws -> RoleDescription {
        try principal.require(.writeUsers)
        try role.check()
        try principal.requireAll(role.permissions, of: "the role \(role.name)")
        return try await self.registry.changeAccounts(at: now) { accounts in
            guard try accounts.insert(role.record, by: principal.decider) else {
                throw AdministrationError("there is a role \(role.name) already", .conflict, field: "name")
            }
            let made = try accounts.custom(role.name)
            try accounts.record(.roleCreated, by: principal.decider, from: nil, to: made)
            return try RoleDescription(made, in: accounts)
        }
    }

    /// Changes a role for all who have it, at once; needs `users:write`, all that it permits and all that it will.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - change: What is changed.
    ///   - revision: What it was when somebody looked at it; nil for whatever it is.
    ///   - principal: Who changes it.
    ///   - now: The time.
    /// - Returns: The role as it is now.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    @discardableResult
    public func changeRole(
        _ name: String,
        _ change: RoleChange,
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws -> RoleDescription {
        try principal.require(.writeUsers)
        return try await self.registry.changeAccounts(at: now) { accounts in
            let record = try accounts.custom(name, expecting: revision)
            let old = try Role(record: record)
            var new = old
            new.summary = change.summary ?? new.summary
            new.permissions = change.permissions ?? new.permissions
            guard new != old else { return try RoleDescription(record, in: accounts) }
            try new.check()
            try principal.requireAll(old.permissions.union(new.permissions), of: "the role \(name)")
            try accounts.update(new.record, by: principal.decider)
            if new.permissions != old.permissions { try accounts.checkAdministratorStays() }
            let changed = try accounts.custom(name)
            try accounts.record(.roleChanged, by: principal.decider, from: record, to: changed)
            return try RoleDescription(changed, in: accounts)
        }
    }

    /// Deletes a role that nobody has; needs `users:write`.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - revision: What it was when somebody looked at it; nil for whatever it is.
    ///   - principal: Who deletes it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says who has it, or ``RegistryError``.
    public func deleteRole(
        _ name: String,
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws {
        try principal.require(.writeUsers)
        try await self.registry.changeAccounts(at: now) { accounts in
            let role = try accounts.custom(name, expecting: revision)
            let users = try accounts.accountNames(withRole: name)
            guard users.isEmpty else {
                let shown = users.prefix(10).joined(separator: ", ") + (users.count > 10 ? " and others" : "")
                throw AdministrationError("the role \(name) is in use by \(shown): give them another one", .conflict)
            }
            try accounts.deleteRole(role.name)
            try accounts.record(.roleDeleted, by: principal.decider, from: role, to: nil)
        }
    }
}

extension RoleDescription {
    init(_ record: RoleRecord, in accounts: AccountTransaction) throws {
        self.init(
            role: try Role(record: record),
            isBuiltIn: false,
            users: try accounts.accountNames(withRole: record.name),
            revision: record.history.map { "\($0.revision)" }
        )
    }
}

extension AccountTransaction {
    fileprivate func record(
        _ kind: EventKind,
        by actor: Decider,
        from old: RoleRecord?,
        to new: RoleRecord?
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

    /// A role that somebody has made, and that is what it was when somebody looked at it.
    fileprivate func custom(_ name: String, expecting revision: String? = nil) throws -> RoleRecord {
        guard Role.builtIn(name) == nil else {
            throw AdministrationError("the role \(name) is built in and stays as it is: make another one", .conflict)
        }
        guard let role = try self.role(named: name) else { throw AdministrationError.unknownRole(name) }
        if let revision, revision != role.history.map({ "\($0.revision)" }) {
            throw AdministrationError(
                "somebody else has changed the role \(name) meanwhile: look at it again", .changed)
        }
        return role
    }
}

extension AdministrationError {
    fileprivate static func unknownRole(_ name: String) -> AdministrationError {
        AdministrationError("there is no role \(name): ucm role list shows all of them", .notFound)
    }
}
