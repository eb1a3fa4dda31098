public import Foundation

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
    public var account: NewAccount

    /// Makes a record.
    public init(
        authority: NewAuthority,
        serviceKeys: [(key: ServiceKey, certificate: NewCertificate)],
        profile: ProfileRecord,
        challenges: [NewChallenge],
        account: NewAccount
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
            let name = installation.authority.name
            let event = NewEvent(
                .authorityCreated,
                by: Self.firstStart,
                object: "CA \(name)",
                detail: "CA \(name), number \(authority)",
                after: ["state": "active", "number": .integer(authority)]
            )
            try Self.record(event, at: now, in: connection)
            var profile = installation.profile
            profile.authority = authority
            try Self.insert(profile, installation.challenges, by: Self.firstStart, at: now, in: connection)
            let accounts = AccountTransaction(connection: connection, now: now)
            let account = try accounts.insert(installation.account, by: Self.firstStart)
            try accounts.record(
                .accountCreated, by: Self.firstStart, from: nil, to: account.flatMap(accounts.account))
        }
    }
}
