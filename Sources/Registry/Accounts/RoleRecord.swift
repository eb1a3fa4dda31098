public import Foundation

/// A role that somebody has made.
public struct RoleRecord: Hashable, Sendable {
    /// The name, unique.
    public var name: String
    /// What it is for.
    public var description: String
    /// What it permits, as a JSON array that others understand.
    public var permissions: String
    /// Who made and changed it; nil for one that is to be recorded.
    public internal(set) var history: History?

    /// Who made and changed a role.
    public struct History: Hashable, Sendable {
        /// When it was made.
        public var createdAt: Date
        /// Who made it.
        public var createdBy: String
        /// When it was changed last; when it was made, where it was not.
        public var changedAt: Date
        /// Who changed it last.
        public var changedBy: String
        /// A number that every change increases.
        public var revision: Int64
    }

    /// Makes a record.
    public init(name: String, description: String, permissions: String) {
        self.name = name
        self.description = description
        self.permissions = permissions
    }
}

extension RoleRecord {
    /// The columns of a record, in the order in which it is read.
    static let columns = "name, description, permissions, created_at, created_by, changed_at, changed_by, revision"

    init(_ row: SQLRow) throws {
        self.init(name: try row.text(0), description: try row.text(1), permissions: try row.text(2))
        self.history = History(
            createdAt: try row.date(3),
            createdBy: try row.text(4),
            changedAt: try row.date(5),
            changedBy: try row.text(6),
            revision: try row.integer(7)
        )
    }
}

/// Roles that somebody has made.
extension AccountTransaction {
    /// All of them, by name.
    ///
    /// - Throws: ``RegistryError``.
    public func roles() throws -> [RoleRecord] {
        try self.connection.query("SELECT \(RoleRecord.columns) FROM role ORDER BY name", []).map(RoleRecord.init)
    }

    /// A role; nil where there is none of that name.
    ///
    /// - Throws: ``RegistryError``.
    public func role(named name: String) throws -> RoleRecord? {
        try self.connection.query("SELECT \(RoleRecord.columns) FROM role WHERE name = $1", [.text(name)])
            .first.map(RoleRecord.init)
    }

    /// Makes a role.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - decider: Who makes it.
    /// - Returns: Whether there was none of that name; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(_ role: RoleRecord, by decider: Decider) throws -> Bool {
        try self.connection.execute(
            """
            INSERT INTO role (\(RoleRecord.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
            ON CONFLICT (name) DO NOTHING
            """,
            [
                .text(role.name), .text(role.description), .text(role.permissions), .date(self.now), .decider(decider),
                .date(self.now), .decider(decider),
            ]
        ) > 0
    }

    /// Changes what a role is for and permits.
    ///
    /// - Parameters:
    ///   - role: The role as it shall be.
    ///   - decider: Who changes it.
    /// - Throws: ``RegistryError``.
    public func update(_ role: RoleRecord, by decider: Decider) throws {
        try self.connection.execute(
            """
            UPDATE role SET description = $1, permissions = $2, changed_at = $3, changed_by = $4,
                revision = revision + 1
            WHERE name = $5
            """,
            [
                .text(role.description), .text(role.permissions), .date(self.now), .decider(decider), .text(role.name),
            ]
        )
    }

    /// Deletes a role.
    ///
    /// - Throws: ``RegistryError``.
    public func deleteRole(_ name: String) throws {
        try self.connection.execute("DELETE FROM role WHERE name = $1", [.text(name)])
    }
}
