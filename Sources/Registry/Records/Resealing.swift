public import Foundation

/// Something that is kept encrypted under the master key.
public enum SealedThing: Hashable, Sendable {
    /// A CA's private key.
    case authority(name: String)
    /// The private key of a certificate that the server uses itself.
    case service(ServiceKey.Purpose)
    /// What a device sent, in which its challenge is.
    case request
    /// The private key of a CA whose certificate is still to come.
    case authorityRequest(name: String)
    /// A secret.
    case secret(name: String)
    /// What an account's one-time codes are made from.
    case oneTimeCodes(account: Int64)
}

extension Registry {
    /// Seals everything anew, in one transaction, during which nobody else can write.
    ///
    /// Requests are read one by one, so a million of them take as much memory as a thousand.
    ///
    /// - Parameters:
    ///   - secrets: Secrets that are set in the same transaction; those that are there under their names are not asked for.
    ///   - settings: Settings that are set in the same transaction.
    ///   - decider: Who does it.
    ///   - now: The time.
    ///   - body: Opens one thing with the old key and seals it with the new one. What it throws ends it, and nothing has
    ///     changed.
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func reseal(
        secrets: [(name: String, sealed: [UInt8])] = [],
        settings: [(name: String, value: String)] = [],
        by decider: Decider,
        at now: Date,
        _ body: @escaping @Sendable (SealedThing, [UInt8]) throws -> [UInt8]
    ) async throws {
        try await self.database.write { connection in
            try Self.noteChange(in: connection)
            let resealing = Resealing(connection: connection, body: body)
            var count = try resealing.keys()
            count += try resealing.requests()
            count += try resealing.oneTimeCodes()
            count += try resealing.secrets(except: Set(secrets.map(\.name)))
            for setting in settings { try Self.set(setting.name, to: setting.value, in: connection) }
            for secret in secrets { try Self.setSecret(secret.name, to: secret.sealed, in: connection) }
            // What was answered to repeated requests is sealed too, and is of no use for long.
            try connection.execute("DELETE FROM idempotency_key", [])
            let detail = "\(count) keys, requests and secrets are sealed under another master key"
            try Self.record(NewEvent(.masterKeyRotated, by: decider, detail: detail), at: now, in: connection)
        }
    }
}

/// Sealing everything anew inside the transaction that does it.
private struct Resealing {
    let connection: any SQLConnection
    let body: @Sendable (SealedThing, [UInt8]) throws -> [UInt8]

    /// Seals the keys of CAs, of the server's own certificates, and of CAs whose certificates are still to come.
    func keys() throws -> Int {
        let authorities = try self.connection.query("SELECT id, sealed_key, name FROM authority ORDER BY id", [])
        for row in authorities { try self.seal(row, .authority(name: row.text(2)), "authority", "sealed_key") }
        let services = try self.connection.query("SELECT id, sealed_key, purpose FROM service_key ORDER BY id", [])
        for row in services {
            let name = try row.text(2)
            guard let purpose = ServiceKey.Purpose(rawValue: name) else {
                throw RegistryError.damaged("a key is for the purpose \(name)")
            }
            try self.seal(row, .service(purpose), "service_key", "sealed_key")
        }
        let requests = try self.connection.query(
            "SELECT id, sealed_key, name FROM authority_request ORDER BY id", [])
        for row in requests {
            try self.seal(row, .authorityRequest(name: row.text(2)), "authority_request", "sealed_key")
        }
        return authorities.count + services.count + requests.count
    }

    /// Seals what devices sent, one by one: each may have megabytes.
    func requests() throws -> Int {
        var (count, last) = (0, Int64.min)
        while true {
            let page = try self.connection.query(
                "SELECT id FROM request WHERE id > $1 AND length(sealed_request) > 0 ORDER BY id LIMIT 1000",
                [.integer(last)]
            )
            guard let end = page.last else { return count }
            for row in page {
                let request = try self.connection.query(
                    "SELECT id, sealed_request FROM request WHERE id = $1", [.integer(row.integer(0))])
                for row in request { try self.seal(row, .request, "request", "sealed_request") }
            }
            count += page.count
            last = try end.integer(0)
        }
    }

    /// Seals what one-time codes are made from, also what is not confirmed yet.
    func oneTimeCodes() throws -> Int {
        var count = 0
        for column in ["sealed_totp", "sealed_new_totp"] {
            let accounts = try self.connection.query(
                "SELECT id, \(column) FROM account WHERE \(column) IS NOT NULL ORDER BY id", [])
            for row in accounts { try self.seal(row, .oneTimeCodes(account: row.integer(0)), "account", column) }
            count += accounts.count
        }
        return count
    }

    /// Seals the secrets, apart from those that are replaced.
    func secrets(except replaced: Set<String>) throws -> Int {
        let rows = try self.connection.query("SELECT name, sealed FROM secret ORDER BY name", [])
        var count = 0
        for row in rows {
            let name = try row.text(0)
            guard !replaced.contains(name) else { continue }
            let sealed = try self.body(.secret(name: name), row.bytes(1))
            try Registry.setSecret(name, to: sealed, in: self.connection)
            count += 1
        }
        return count
    }

    private func seal(_ row: SQLRow, _ thing: SealedThing, _ table: String, _ column: String) throws {
        try self.connection.execute(
            "UPDATE \(table) SET \(column) = $1 WHERE id = $2",
            [.bytes(self.body(thing, row.bytes(1))), .integer(row.integer(0))]
        )
    }
}
