public import Foundation

/// How many certificates there are, and what they are good for.
public struct CertificateCounts: Hashable, Sendable {
    /// How many are in each state.
    public var states: [CertificateState: Int]
    /// How many each CA has issued, by its number.
    public var authorities: [Int64: Int]
}

extension Registry {
    /// Counts all certificates.
    ///
    /// It reads indexes only; a million certificates take a tenth of a second.
    ///
    /// - Parameter now: When they are in their states.
    /// - Returns: The counts.
    /// - Throws: ``RegistryError``.
    public func certificateCounts(at now: Date) async throws -> CertificateCounts {
        try await self.database.read { connection in
            var authorities: [Int64: Int] = [:]
            for row in try connection.query(Self.countsByAuthority, []) {
                authorities[try row.integer(0)] = Int(try row.integer(1))
            }
            let ended = Int(try connection.query(Self.countOfEnded, [.date(now)]).first?.integer(0) ?? 0)
            var states: [CertificateState: Int] = [.revoked: 0, .held: 0]
            var revokedAndEnded = 0
            for row in try connection.query(Self.countsOfRevoked, [.integer(Int64(Revocation.hold)), .date(now)]) {
                let count = Int(try row.integer(2))
                states[try row.integer(0) == 1 ? .held : .revoked, default: 0] += count
                if try row.integer(1) == 1 { revokedAndEnded += count }
            }
            let revoked = states.values.reduce(0, +)
            states[.expired] = ended - revokedAndEnded
            states[.valid] = authorities.values.reduce(0, +) - revoked - (ended - revokedAndEnded)
            return CertificateCounts(states: states, authorities: authorities)
        }
    }

    /// The statements, each of which an index answers without the table.
    static let countsByAuthority = "SELECT authority_id, count(*) FROM certificate GROUP BY authority_id"
    static let countOfEnded = "SELECT count(*) FROM certificate WHERE not_after <= $1"
    static let countsOfRevoked = """
        SELECT CASE WHEN COALESCE(revocation_reason, 0) = $1 THEN 1 ELSE 0 END AS held,
            CASE WHEN not_after <= $2 THEN 1 ELSE 0 END AS ended, count(*)
        FROM certificate WHERE revocation_sequence IS NOT NULL AND revoked_at IS NOT NULL GROUP BY 1, 2
        """

    /// How many requests wait in each profile; those in which none does are left out.
    ///
    /// - Throws: ``RegistryError``.
    public func pendingCounts() async throws -> [String: Int] {
        try await self.database.read { connection in
            var counts: [String: Int] = [:]
            let rows = try connection.query(
                "SELECT profile, count(*) FROM request WHERE status = 'pending' GROUP BY profile", [])
            for row in rows { counts[try row.text(0)] = Int(try row.integer(1)) }
            return counts
        }
    }

    /// Reads one row, to find out whether the database answers at all.
    ///
    /// - Throws: ``RegistryError``.
    public func ping() async throws {
        _ = try await self.configurationRevision()
    }

    /// When the latest event was recorded, or the latest certificate, whichever was later; nil where there is neither.
    ///
    /// - Throws: ``RegistryError``.
    public func latestTime() async throws -> Date? {
        try await self.database.read { connection in
            try [
                "SELECT at FROM event ORDER BY id DESC LIMIT 1",
                "SELECT created_at FROM certificate ORDER BY id DESC LIMIT 1",
            ].compactMap { try connection.query($0, []).first?.date(0) }.max()
        }
    }

    /// Looks for damage in the whole database, which takes as long as reading it.
    ///
    /// - Returns: What is wrong, one sentence each; empty where nothing is.
    /// - Throws: ``RegistryError`` where not even that can be found out.
    public func check() async throws -> [String] {
        try await self.database.check()
    }
}
