public import Foundation

/// Forgetting what anybody can cause.
extension Registry {
    /// Forgets old refusals: of requests, of sign-ins and of access; every other event stays.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many of each sort may stay; the newest do. So a flood of one sort does not wash away another.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func prune(refusalsBefore date: Date, keepingAtMost maximum: Int) async throws -> Int {
        var count = 0
        for kind in EventKind.forgettable {
            count += try await self.prune(kind, before: date, keepingAtMost: maximum)
        }
        return count
    }

    private func prune(_ kind: EventKind, before date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let isKind = "kind = $1 AND \(EventKind.isForgettable)"
        let name = SQLValue.text(kind.rawValue)
        let old = try await self.forgetInSteps("\(isKind) AND at < $2 ORDER BY at, id LIMIT $3", [name, .date(date)])
        let surplus = try await self.database.read { connection in
            try connection.query(
                "SELECT at, id FROM event WHERE \(isKind) ORDER BY at DESC, id DESC LIMIT 1 OFFSET $2",
                [name, .integer(Int64(max(maximum, 0)))]
            ).first.map { [SQLValue.integer(try $0.integer(0)), .integer(try $0.integer(1))] }
        }
        guard let surplus else { return old }
        return try await old
            + self.forgetInSteps("\(isKind) AND (at, id) <= ($2, $3) ORDER BY at, id LIMIT $4", [name] + surplus)
    }
}
