import Registry

/// What an account may do, under a name.
public struct Role: Hashable, Sendable {
    /// The name.
    public var name: String
    /// What it is for, in a line.
    public var summary: String
    /// What it permits.
    public var permissions: Set<Permission>

    /// Describes a role.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - summary: What it is for, in a line.
    ///   - permissions: What it permits.
    public init(name: String, summary: String = "", permissions: Set<Permission>) {
        self.name = name
        self.summary = summary
        self.permissions = permissions
    }

    /// Sees what is needed to help somebody with a device.
    public static let viewer = Role(
        name: "viewer",
        summary: "sees profiles, requests, certificates and CAs",
        permissions: Set(Permission.allCases.filter(\.isReading))
            .subtracting([.readUsers, .readAudit, .readSettings, .readMetrics])
    )

    /// Does the daily work.
    public static let `operator` = Role(
        name: "operator",
        summary: "decides on requests, makes challenges, issues and revokes certificates",
        permissions: Role.viewer.permissions
            .union([.writeChallenges, .decideRequests, .issueCertificates, .revokeCertificates])
    )

    /// Does everything, and cannot make it unseen.
    public static let administrator = Role(
        name: "administrator",
        summary: "does everything but delete from the audit log",
        permissions: Set(Permission.allCases).subtracting([.deleteAudit])
    )

    /// Sees everything and changes nothing.
    public static let auditor = Role(
        name: "auditor",
        summary: "sees everything, the audit log too, and changes nothing",
        permissions: Set(Permission.allCases.filter(\.isReading))
    )

    /// The roles that are always there and stay as they are.
    public static let builtIn = [Role.viewer, .operator, .administrator, .auditor]

    /// The built-in role of a name; nil where there is none.
    static func builtIn(_ name: String) -> Role? { Self.builtIn.first { $0.name == name } }

    init(record: RoleRecord) throws {
        self.init(
            name: record.name,
            summary: record.description,
            permissions: try Set(json: record.permissions)
        )
    }

    var record: RoleRecord {
        RoleRecord(name: self.name, description: self.summary, permissions: self.permissions.json)
    }

    /// Refuses a role that cannot be.
    ///
    /// - Throws: ``AdministrationError`` that names the field.
    func check() throws(AdministrationError) {
        guard (1...40).contains(self.name.utf8.count), self.name.first != "-",
            self.name.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
        else {
            throw AdministrationError(
                "the name of a role has 1 to 40 small letters, digits and hyphens, and does not begin with a hyphen",
                field: "name"
            )
        }
        guard Self.builtIn(self.name) == nil else {
            throw AdministrationError(
                "the role \(self.name) is built in and stays as it is: make another one", .conflict, field: "name")
        }
        try AccountName.checkText(self.summary, of: "the description of a role", field: "description")
        guard !self.permissions.isEmpty else {
            throw AdministrationError(
                "a role without a permission is good for nothing: name at least one", field: "permissions")
        }
    }
}

extension AccountTransaction {
    /// A role by its name; nil where there is none.
    func knownRole(_ name: String) throws -> Role? {
        try Role.builtIn(name) ?? self.role(named: name).map(Role.init(record:))
    }

    /// What a role permits; nothing where somebody has taken it out of the database.
    func permissions(ofRole name: String) throws -> Set<Permission> { try self.knownRole(name)?.permissions ?? [] }

    /// Refuses to leave the installation without anybody who can make and change accounts.
    ///
    /// - Throws: ``AdministrationError`` of the kind `conflict`.
    func checkAdministratorStays() throws {
        for role in try self.rolesInUse() where try self.permissions(ofRole: role).contains(.writeUsers) { return }
        throw AdministrationError(
            "nobody would be left who can administer accounts: give another account the role administrator first",
            .conflict
        )
    }
}
