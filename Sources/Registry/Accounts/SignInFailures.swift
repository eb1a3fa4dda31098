public import Foundation

/// Somebody who could not sign in.
public struct SignInFailure: Hashable, Sendable {
    /// The name that was given, whether anybody has it or not.
    public var name: String
    /// From which network.
    public var network: String
    /// Whether there is an account of that name.
    public var isKnown: Bool

    /// Makes a record.
    public init(name: String, network: String, isKnown: Bool) {
        self.name = name
        self.network = network
        self.isKnown = isKnown
    }
}

/// Failures to sign in, by which guessing is noticed.
extension AccountTransaction {
    /// Records a failure.
    ///
    /// - Throws: ``RegistryError``.
    public func insert(_ failure: SignInFailure) throws {
        try self.connection.execute(
            "INSERT INTO sign_in_failure (name, network, at, is_known) VALUES ($1, $2, $3, $4)",
            [.accountName(failure.name), .address(failure.network), .date(self.now), .bool(failure.isKnown)]
        )
    }

    /// When the latest failures were, the newest first.
    ///
    /// - Parameters:
    ///   - name: For which name; nil for all.
    ///   - network: From which network; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The times.
    /// - Throws: ``RegistryError``.
    public func failures(of name: String?, from network: String?, limit: Int) throws -> [Date] {
        var conditions = SQLConditions()
        if let name { conditions.add("name =", .accountName(name)) }
        if let network { conditions.add("network =", .address(network)) }
        let limit = conditions.parameter(.integer(Int64(max(limit, 0))))
        return try self.connection.query(
            "SELECT at FROM sign_in_failure \(conditions.clause) ORDER BY at DESC LIMIT \(limit)", conditions.values
        ).map { try $0.date(0) }
    }

    /// The networks from which failures came for a name, by their names.
    ///
    /// - Parameters:
    ///   - name: For which name.
    ///   - date: Those before do not count.
    ///   - least: How many there have to be from a network.
    /// - Returns: The networks, at most 100.
    /// - Throws: ``RegistryError``.
    public func failingNetworks(of name: String, since date: Date, atLeast least: Int) throws -> [String] {
        try self.connection.query(
            """
            SELECT network FROM sign_in_failure WHERE name = $1 AND at >= $2
            GROUP BY network HAVING count(*) >= $3 ORDER BY network LIMIT 100
            """,
            [.accountName(name), .date(date), .integer(Int64(least))]
        ).map { try $0.text(0) }
    }

    /// Whether a network has tried names lately that nobody has.
    ///
    /// - Throws: ``RegistryError``.
    public func hasTriedUnknownNames(_ network: String, since date: Date) throws -> Bool {
        try !self.connection.query(
            "SELECT 1 FROM sign_in_failure WHERE network = $1 AND at >= $2 AND is_known = 0 LIMIT 1",
            [.address(network), .date(date)]
        ).isEmpty
    }

    /// Forgets failures.
    ///
    /// - Parameters:
    ///   - name: For which name.
    ///   - network: From which network; nil for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func forgetFailures(of name: String, from network: String? = nil) throws -> Int {
        var conditions = SQLConditions()
        conditions.add("name =", .accountName(name))
        if let network { conditions.add("network =", .address(network)) }
        return try self.connection.execute("DELETE FROM sign_in_failure \(conditions.clause)", conditions.values)
    }
}

extension Registry {
    /// Forgets old failures to sign in, which anybody can cause.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many may stay; the newest do.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func pruneSignInFailures(before date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let old = try await self.database.deleteInSteps(
            "DELETE FROM sign_in_failure WHERE id IN (SELECT id FROM sign_in_failure WHERE at < $1 ORDER BY at, id LIMIT $2)",
            [.date(date)]
        )
        let surplus = try await self.database.read { connection in
            try connection.query(
                "SELECT at, id FROM sign_in_failure ORDER BY at DESC, id DESC LIMIT 1 OFFSET $1",
                [.integer(Int64(max(maximum, 0)))]
            ).first.map { [SQLValue.integer(try $0.integer(0)), .integer(try $0.integer(1))] }
        }
        guard let surplus else { return old }
        return try await old
            + self.database.deleteInSteps(
                """
                DELETE FROM sign_in_failure WHERE id IN
                    (SELECT id FROM sign_in_failure WHERE (at, id) <= ($1, $2) ORDER BY at, id LIMIT $3)
                """,
                surplus
            )
    }
}

extension SQLValue {
    /// The name of an account as it is compared, which anybody may have written.
    fileprivate static func accountName(_ name: String) -> SQLValue {
        .text(SearchText.folded(name), atMost: 200)
    }
}
