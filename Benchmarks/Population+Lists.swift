import Foundation
import GRDB

/// What the lists of the pages are filled with.
enum PageRows {
    /// Profiles besides the first one; the last has one in ten thousand requests.
    static let profiles = ["vpn", "printers", "lab"]
    /// A CA besides the first one, which has issued a tenth.
    static let authority = "Devices"

    /// What every row is made of, by its number n: over two years, of devices of five sorts at forty places.
    static func rows(_ columns: String, of count: Int, into table: String, as values: String) -> String {
        """
        WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < \(count)),
        made (n, at, profile, device, address) AS (
            SELECT n, :now - 63072000000 + n * (63072000000 / \(count)),
                CASE WHEN n % 10000 = 77 THEN 'lab' WHEN n % 10 < 6 THEN 'default' WHEN n % 10 < 9 THEN 'vpn'
                    ELSE 'printers' END,
                CASE n % 5 WHEN 0 THEN 'laptop' WHEN 1 THEN 'pump' WHEN 2 THEN 'phone' WHEN 3 THEN 'camera'
                    ELSE 'printer' END || '-' || printf('%06d', n) || '.plant' || (n % 40) || '.example.com',
                '10.' || (n % 7) || '.' || (n % 250) || '.' || (n % 251)
            FROM counter)
        INSERT INTO \(table) (\(columns)) SELECT \(values) FROM made
        """
    }
}

extension Population {
    /// Fills every list with as many rows, which are copies of what one device has asked for and got.
    func fillLists(_ count: Int) throws {
        let first = try self.authority("UCM CA")
        let second = try self.authority(PageRows.authority)
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        try self.filling("certificate", "request", "challenge", "event", "exchange") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT sealed_request, encoded FROM request JOIN certificate ON certificate.id = certificate_id
                    """)
            guard let row, let sealed: Data = row["sealed_request"], let encoded: Data = row["encoded"] else {
                throw BenchmarkError("the device has no certificate")
            }
            for table in ["challenge_use", "request", "event"] { try database.execute(sql: "DELETE FROM \(table)") }
            try database.execute(sql: "DELETE FROM certificate WHERE origin = 'scep'")
            let base = try Int64.fetchOne(database, sql: "SELECT max(id) FROM certificate") ?? 0
            let values: StatementArguments = [
                "now": now, "sealed": sealed, "encoded": encoded, "first": first, "second": second, "base": base,
            ]
            for statement in Self.statements(count) { try database.execute(sql: statement, arguments: values) }
        }
    }

    /// Waits until a running server has indexed all lists that it indexes beside everything else.
    static func waitUntilIndexed(_ directory: String, rows: Int) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: directory + "/ucm.sqlite", configuration: configuration)
        // Of a thousand numbers each; the last ones are indexed when others follow.
        let last = rows / 1_000 - 3
        let sql = "SELECT count(*) FROM (SELECT list FROM list_block GROUP BY list HAVING max(block) >= \(last))"
        for _ in 0..<6_000 {
            if rows < 4_000 { return }
            if try database.read({ try Int.fetchOne($0, sql: sql) }) == 4 { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw BenchmarkError("the lists are not indexed")
    }

    private static func statements(_ count: Int) -> [String] {
        [
            PageRows.rows(
                """
                id, authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at, key_digest,
                template, origin, issued_by, names, revoked_at, revocation_reason, revocation_sequence
                """,
                of: count, into: "certificate",
                as: """
                    :base + n, CASE WHEN n % 10 = 4 THEN :second ELSE :first END, CAST(x'4a' || randomblob(19) AS BLOB),
                    profile, 'CN=' || device || ', O=Example', at, at + CASE WHEN n % 20 = 3 THEN 7776000000
                        ELSE 31536000000 END, :encoded, at, randomblob(32),
                    CASE WHEN n % 10 < 7 THEN 'Default' WHEN n % 50000 = 99 THEN 'IPsec' ELSE 'Network Equipment' END,
                    CASE WHEN n % 100 = 50 THEN 'manual' ELSE 'scep' END, CASE WHEN n % 100 = 50 THEN 'ada' END,
                    char(10) || device || char(10) || 'cn=' || device || ', o=example',
                    CASE WHEN n % 25 = 0 OR n % 500 = 1 THEN at + 86400000 END,
                    CASE WHEN n % 500 = 1 THEN 6 WHEN n % 25 = 0 THEN n % 6 END,
                    CASE WHEN n % 25 = 0 OR n % 500 = 1 THEN n END
                    """),
            "DELETE FROM certificate_count",
            """
            INSERT INTO certificate_count (authority_id, origin, end_day, revocation, count)
            SELECT authority_id, origin, not_after / 86400000,
                CASE WHEN revoked_at IS NULL THEN 0 WHEN revocation_reason = 6 THEN 2 ELSE 1 END, count(*)
            FROM certificate GROUP BY 1, 2, 3, 4
            """,
            "UPDATE authority SET revocation_changes = \(count)",
            "DELETE FROM crl",
            // Of the newest thousandth, most wait.
            PageRows.rows(
                """
                id, profile, authority_id, transaction_id, key_digest, request_digest, names_digest, message_type, status,
                subject, client_address, client_network, sealed_request, certificate_id, challenge_id, reason, decided_by,
                decided_at, created_at, expires_at
                """,
                of: count, into: "request",
                as: """
                    n, profile, :first, hex(randomblob(16)), randomblob(32), randomblob(32), randomblob(32), 19,
                    CASE WHEN n > \(count - count / 1000 - 20) AND n % 4 <> 0 THEN 'pending'
                        WHEN n % 50 = 7 THEN 'rejected' WHEN n % 400 = 3 THEN 'expired' WHEN n % 500 = 9 THEN 'replaced' ELSE 'issued' END,
                    'CN=' || device || ', O=Example', address, address, :sealed, :base + n, n + 1,
                    CASE WHEN n % 50 = 7 THEN 'this device was sold' END,
                    CASE WHEN n % 50 = 7 OR n % 500 = 9 THEN 'ada' END,
                    at + 60000, at, at + 2592000000
                    """),
            "UPDATE request SET certificate_id = NULL WHERE status <> 'issued'",
            "UPDATE request SET decided_at = NULL WHERE status = 'pending'",
            PageRows.rows(
                """
                profile, digest, label, device, binding, max_uses, uses, created_at, created_by, expires_at, last_used_at,
                last_used_from
                """,
                of: count, into: "challenge",
                as: """
                    profile, randomblob(32), '', device, '{}', 1,
                    CASE WHEN at > :now - 604800000 OR n % 7 = 0 THEN 0 ELSE 1 END, at, 'ada', at + 604800000, CASE WHEN at < :now - 604800000 AND n % 7 <> 0 THEN at + 3600000 END,
                    CASE WHEN at < :now - 604800000 AND n % 7 <> 0 THEN address END
                    """),
            PageRows.rows(
                """
                at, kind, profile, request_id, certificate_id, actor, client_address, subject, detail, explanation, via,
                origin, object, chain, sequence, digest
                """,
                of: count, into: "event",
                as: """
                    at, CASE WHEN n % 100 < 80 THEN 'issued' WHEN n % 100 < 92 THEN 'renewed'
                        WHEN n % 100 < 96 AND n > \(count) * 9 / 10 THEN 'refused' WHEN n % 100 < 96 THEN 'issued'
                        WHEN n % 100 < 98 THEN 'pending' WHEN n % 100 < 99 THEN 'approved' ELSE 'challengeCreated' END,
                    profile, n, :base + n, CASE WHEN n % 100 >= 98 THEN CASE WHEN n % 300 = 98 THEN 'bob' ELSE 'ada' END
                        ELSE 'device' END, address, 'CN=' || device || ', O=Example',
                    'the challenge is good and the rules of the profile allow it', '',
                    CASE WHEN n % 100 >= 98 THEN 'page' END, CASE WHEN n % 100 >= 98 THEN '192.0.2.7' END,
                    CASE WHEN n % 100 = 99 THEN 'challenge ' || n END, 1, n, randomblob(32)
                    """),
            "UPDATE audit_chain SET sequence = \(count), digest = (SELECT digest FROM event ORDER BY id DESC LIMIT 1)",
            "DELETE FROM event_count",
            """
            INSERT INTO event_count (day, kind, profile, count)
            SELECT at / 86400000, kind, COALESCE(profile, ''), count(*) FROM event
            WHERE kind IN ('issued', 'renewed', 'pending', 'refused', 'approved') GROUP BY 1, 2, 3
            """,
            PageRows.rows(
                """
                at, profile, client_address, operation, message_type, transaction_id, subject, request_id, outcome,
                fail_info, cause, reason, digest, cipher, signature, status, milliseconds, occurrences
                """,
                of: count, into: "exchange",
                as: """
                    :now - 2419200000 + n * (2419200000 / \(count)), profile, address,
                    CASE n % 4 WHEN 0 THEN 'GetCACaps' WHEN 1 THEN 'GetCACert' ELSE 'PKIOperation' END,
                    CASE WHEN n % 4 > 1 THEN 'PKCSReq' END, CASE WHEN n % 4 > 1 THEN hex(randomblob(16)) END,
                    CASE WHEN n % 4 > 1 THEN 'CN=' || device || ', O=Example' END, CASE WHEN n % 4 > 1 THEN n END,
                    CASE WHEN n % 4 < 2 THEN 'answered' WHEN n % 30 = 3 THEN 'refused' ELSE 'issued' END,
                    CASE WHEN n % 30 = 3 AND n % 4 > 1 THEN 'badRequest' END, NULL, NULL, 'SHA-256', 'AES-128', 'RSA', 200,
                    n % 40, 1
                    """),
        ]
    }
}
