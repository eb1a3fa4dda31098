public import Foundation

/// What came of retiring a CA.
public enum AuthorityRetirement: Hashable, Sendable {
    /// It is retired now.
    case retired
    /// Nothing changes: it was retired before.
    case alreadyRetired
    /// Nothing changes: these profiles' certificates are issued by it.
    case inUse(profiles: [String])
    /// Nothing changes: it is the default.
    case isDefault
    /// Nothing changes: the time has not come at which this CA follows it.
    case hasSuccessorPending(Int64)
    /// Nothing changes: it is to follow this CA.
    case isSuccessorPending(of: Int64)
    /// There is no such CA.
    case unknown
}

/// What came of making a CA the default.
public enum DefaultAuthorityChange: Hashable, Sendable {
    /// It is the default now.
    case changed
    /// It was the default before.
    case unchanged
    /// Nothing changes: it is retired.
    case isRetired
    /// Nothing changes: this CA has followed it.
    case hasBeenFollowed(by: Int64)
    /// There is no such CA.
    case unknown
}

/// Which CAs are used.
///
/// Each change notes itself in the configuration first, whose one row then makes all others wait who change what CAs are
/// used for; so what is looked at next is still so when it is acted on.
extension Registry {
    /// Retires a CA: it issues nothing any more, but goes on telling what it has revoked.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func retire(authority: Int64, by decider: Decider, at now: Date) async throws -> AuthorityRetirement {
        try await self.database.decide { connection -> AuthorityRetirement in
            try Self.noteChange(in: connection)
            if let obstacle = try Self.obstacle(toRetiring: authority, at: now, in: connection) {
                throw Undone(answer: obstacle)
            }
            try connection.execute(
                "UPDATE authority SET retired_at = $1 WHERE id = $2", [.date(now), .integer(authority)])
            let name = try Self.name(of: authority, in: connection)
            let event = NewEvent(
                .authorityRetired,
                by: decider,
                object: "CA \(name)",
                detail: "CA \(name), number \(authority)",
                before: ["state": "active"],
                after: ["state": "retired"]
            )
            try Self.record(event, at: now, in: connection)
            return .retired
        }
    }

    /// Lets a retired CA issue again.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether there is one that was retired; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func reinstate(authority: Int64, by decider: Decider, at now: Date) async throws -> Bool {
        try await self.database.decide { connection -> Bool in
            try Self.noteChange(in: connection)
            let count = try connection.execute(
                "UPDATE authority SET retired_at = NULL WHERE id = $1 AND retired_at IS NOT NULL",
                [.integer(authority)]
            )
            guard count > 0 else { throw Undone(answer: false) }
            let name = try Self.name(of: authority, in: connection)
            let event = NewEvent(
                .authorityChanged,
                by: decider,
                object: "CA \(name)",
                detail: "CA \(name), number \(authority), is retired no more",
                before: ["state": "retired"],
                after: ["state": "active"]
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }

    /// Makes a CA the one that is meant where nobody names another.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func setDefault(
        authority: Int64,
        by decider: Decider,
        at now: Date
    ) async throws -> DefaultAuthorityChange {
        try await self.database.decide { connection -> DefaultAuthorityChange in
            try Self.noteChange(in: connection)
            let row = try connection.query(
                "SELECT name, is_default, retired_at, successor_id, switch_at FROM authority WHERE id = $1",
                [.integer(authority)]
            ).first
            guard let row else { throw Undone(answer: DefaultAuthorityChange.unknown) }
            if try row.integer(1) != 0 { throw Undone(answer: DefaultAuthorityChange.unchanged) }
            if try row.integerIfPresent(2) != nil { throw Undone(answer: DefaultAuthorityChange.isRetired) }
            // Its time is over: the next switch would take it back.
            if let successor = try row.integerIfPresent(3), try row.integer(4) <= now.milliseconds {
                throw Undone(answer: DefaultAuthorityChange.hasBeenFollowed(by: successor))
            }
            let old = try Self.defaultName(in: connection)
            try Self.makeDefault(authority, in: connection)
            let name = try row.text(0)
            let event = NewEvent(
                .authorityChanged,
                by: decider,
                object: "CA \(name)",
                detail: "CA \(name), number \(authority), is the default",
                before: ["default": old.map(AuditValue.text)],
                after: ["default": .text(name)]
            )
            try Self.record(event, at: now, in: connection)
            return .changed
        }
    }

    static func makeDefault(_ authority: Int64, in connection: any SQLConnection) throws {
        // One after the other, because there is never a second one.
        try connection.execute("UPDATE authority SET is_default = 0 WHERE is_default = 1", [])
        try connection.execute("UPDATE authority SET is_default = 1 WHERE id = $1", [.integer(authority)])
    }

    private static func obstacle(
        toRetiring authority: Int64,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> AuthorityRetirement? {
        let row = try connection.query(
            "SELECT retired_at, is_default, successor_id, switch_at FROM authority WHERE id = $1",
            [.integer(authority)]
        ).first
        guard let row else { return .unknown }
        if try row.integerIfPresent(0) != nil { return .alreadyRetired }
        if try row.integer(1) != 0 { return .isDefault }
        let profiles = try connection.query(
            "SELECT name FROM profile WHERE authority_id = $1 ORDER BY name", [.integer(authority)]
        ).map { try $0.text(0) }
        if !profiles.isEmpty { return .inUse(profiles: profiles) }
        if let successor = try row.integerIfPresent(2), try row.integer(3) > now.milliseconds {
            return .hasSuccessorPending(successor)
        }
        return try connection.query(
            """
            SELECT id FROM authority WHERE successor_id = $1 AND (switch_at > $2 OR is_default = 1
                OR EXISTS (SELECT 1 FROM profile WHERE profile.authority_id = authority.id))
            ORDER BY id LIMIT 1
            """,
            [.integer(authority), .date(now)]
        ).first.map { .isSuccessorPending(of: try $0.integer(0)) }
    }

    /// The name of the CA that is meant where nobody names another; nil where there is none.
    static func defaultName(in connection: any SQLConnection) throws -> String? {
        try connection.query("SELECT name FROM authority WHERE is_default = 1", []).first?.text(0)
    }

    static func name(of authority: Int64, in connection: any SQLConnection) throws -> String {
        try connection.query("SELECT name FROM authority WHERE id = $1", [.integer(authority)]).first?.text(0) ?? ""
    }
}
