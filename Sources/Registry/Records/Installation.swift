public import Foundation

/// Somebody who administers.
public struct Account: Hashable, Sendable {
    /// The name, unique.
    public var name: String
    /// scrypt's parameters, salt and result.
    public var passwordHash: String
    /// What the account may do.
    public var role: String

    /// Makes a record.
    public init(name: String, passwordHash: String, role: String) {
        self.name = name
        self.passwordHash = passwordHash
        self.role = role
    }
}

/// Everything that the first start makes.
public struct Installation: Sendable {
    /// The CA.
    public var authority: NewAuthority
    /// The server's own keys, each with its certificate.
    public var serviceKeys: [(key: ServiceKey, certificate: NewCertificate)]
    /// The default profile; its CA is the one above.
    public var profile: ProfileRecord
    /// The default profile's challenges.
    public var challenges: [NewChallenge]
    /// The first administrator.
    public var account: Account

    /// Makes a record.
    public init(
        authority: NewAuthority,
        serviceKeys: [(key: ServiceKey, certificate: NewCertificate)],
        profile: ProfileRecord,
        challenges: [NewChallenge],
        account: Account
    ) {
        self.authority = authority
        self.serviceKeys = serviceKeys
        self.profile = profile
        self.challenges = challenges
        self.account = account
    }
}

extension Registry {
    /// Who makes what the first start makes.
    private static let firstStart: Decider = "first start"

    /// Records a new installation, whole or not at all: a first start that is cut off leaves an empty registry.
    ///
    /// - Throws: ``RegistryError``.
    public func insert(_ installation: Installation, at now: Date) async throws {
        try await self.database.write { connection in
            let authority = try Self.insert(installation.authority, by: Self.firstStart, at: now, in: connection)
            for (key, certificate) in installation.serviceKeys {
                try Self.insert(key, certificate: certificate, authority: authority, at: now, in: connection)
            }
            var profile = installation.profile
            profile.authority = authority
            try Self.insert(profile, installation.challenges, by: Self.firstStart, at: now, in: connection)
            try connection.execute(
                """
                INSERT INTO account (name, password_hash, role, must_change_password, created_at)
                VALUES ($1, $2, $3, $4, $5)
                """,
                [
                    .text(installation.account.name), .text(installation.account.passwordHash),
                    .text(installation.account.role), .bool(true), .date(now),
                ]
            )
        }
    }
}
