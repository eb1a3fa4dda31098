import Foundation
import GRDB

/// Certificates by the million in the database of an installation, as if they had been issued.
///
/// Nothing runs on the database meanwhile, and nothing in it has to survive a power cut, so it takes seconds. What is
/// filled in has the size of what would be there; the certificates themselves are bytes that nobody reads.
struct Population {
    let database: DatabaseQueue

    /// Opens the database.
    init(directory: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        self.database = try DatabaseQueue(path: directory + "/ucm.sqlite", configuration: configuration)
        try self.database.writeWithoutTransaction { database in
            for pragma in ["journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"] {
                _ = try Row.fetchAll(database, sql: "PRAGMA \(pragma)")
            }
        }
    }

    func close() throws { try self.database.close() }

    /// The number of a CA.
    func authority(_ name: String) throws -> Int64 {
        let id = try self.database.read { database in
            try Int64.fetchOne(database, sql: "SELECT id FROM authority WHERE name = ?", arguments: [name])
        }
        guard let id else { throw BenchmarkError("there is no CA \(name)") }
        return id
    }

    /// Serial numbers of a CA's certificates that are revoked or are not, in no order.
    func serialNumbers(of authority: Int64, areRevoked: Bool, count: Int) throws -> [[UInt8]] {
        try self.database.read { database in
            let numbers = try Data.fetchAll(
                database,
                sql: """
                    SELECT serial_number FROM certificate
                    WHERE authority_id = ? AND profile = 'default' AND (revoked_at IS NOT NULL) = ?
                    ORDER BY serial_number LIMIT ?
                    """,
                arguments: [authority, areRevoked, count]
            )
            return numbers.shuffled().map(Array.init)
        }
    }

    /// Fills certificates in, and forgets the CRLs, so that the next start makes complete ones.
    ///
    /// - Parameter populations: Of which CA how many, and whether all of them are revoked.
    /// - Throws: `DatabaseError`.
    func fill(_ populations: [(authority: Int64, count: Int, areRevoked: Bool)]) throws {
        try self.filling("certificate") { database in
            for population in populations {
                try self.insert(
                    population.count,
                    authority: population.authority,
                    areRevoked: population.areRevoked,
                    database
                )
            }
            try database.execute(sql: "DELETE FROM crl")
        }
    }

    /// Fills tables whose indices are made anew afterwards, which is faster as a whole.
    func filling(_ tables: String..., by body: (Database) throws -> Void) throws {
        try self.database.inTransaction { database in
            let names = tables.map { "'\($0)'" }.joined(separator: ", ")
            let indices = try Row.fetchAll(
                database,
                sql: """
                    SELECT name, sql FROM sqlite_master
                    WHERE type = 'index' AND tbl_name IN (\(names)) AND sql IS NOT NULL
                    """
            )
            for index in indices { try database.execute(sql: "DROP INDEX \(index["name"] as String)") }
            try body(database)
            for index in indices { try database.execute(sql: index["sql"]) }
            return .commit
        }
    }

    private func insert(_ count: Int, authority: Int64, areRevoked: Bool, _ database: Database) throws {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        // Positive serial numbers of 20 octets; revocations over the last year, by the CRLReasons 0 to 5.
        try database.execute(
            sql: """
                WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < :count)
                INSERT INTO certificate
                    (authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at, key_digest,
                     template, origin, names, revoked_at, revocation_reason, revocation_sequence)
                SELECT :authority, CAST(x'4a' || randomblob(19) AS BLOB), 'default',
                    'CN=device-' || n || '.bench.example', :now - :year, :now + :year, :encoded, :now - :year, randomblob(32),
                    'Default', 'scep',
                    char(10) || 'device-' || n || '.bench.example' || char(10) || 'cn=device-' || n || '.bench.example',
                    CASE WHEN :revoked THEN :now - abs(random()) % :year END,
                    CASE WHEN :revoked THEN n % 6 END, CASE WHEN :revoked THEN n END
                FROM counter
                """,
            arguments: [
                "count": count, "authority": authority, "now": now, "year": 365 * 86_400_000, "revoked": areRevoked,
                "encoded": Data(repeating: 0x30, count: Self.certificateSize),
            ]
        )
        guard areRevoked else { return }
        try database.execute(
            sql: "UPDATE authority SET revocation_changes = ? WHERE id = ?", arguments: [count, authority])
    }

    /// About as many bytes as the certificate of an RSA-2048 key by an RSA-2048 CA has.
    private static let certificateSize = 900
}
