public import Foundation

/// A CA: its certificate, and its key as ciphertext.
public struct AuthorityRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The name, unique.
    public var name: String
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The certificates above it, nearest first; empty for a root.
    public var parents: [[UInt8]] = []
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]
    /// The CA that follows, once there is one.
    public var rollover: Rollover?
    /// Since when it is retired; nil where it is not.
    public var retiredAt: Date?
    /// Whether it is the one that is meant where nobody names another.
    public var isDefault = false
}

/// A CA that is to be recorded.
public struct NewAuthority: Hashable, Sendable {
    /// The name, unique.
    public var name: String
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The certificates above it, nearest first; empty for a root.
    public var parents: [[UInt8]]
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]

    /// Makes a record.
    public init(name: String, certificate: [UInt8], parents: [[UInt8]] = [], sealedKey: [UInt8]) {
        self.name = name
        self.certificate = certificate
        self.parents = parents
        self.sealedKey = sealedKey
    }
}

extension Registry {
    /// All CAs, the oldest first.
    ///
    /// - Throws: ``RegistryError``.
    public func authorities() async throws -> [AuthorityRecord] {
        try await self.database.read { connection in
            var parents: [Int64: [[UInt8]]] = [:]
            let above = try connection.query(
                "SELECT authority_id, certificate FROM authority_parent ORDER BY authority_id, position", [])
            for row in above { parents[try row.integer(0), default: []].append(try row.bytes(1)) }
            return try connection.query(
                """
                SELECT id, name, certificate, sealed_key, successor_id, switch_at, next_with_ra, next_alone,
                    retired_at, is_default
                FROM authority ORDER BY id
                """,
                []
            ).map { row in
                let id = try row.integer(0)
                return AuthorityRecord(
                    id: id,
                    name: try row.text(1),
                    certificate: try row.bytes(2),
                    parents: parents[id] ?? [],
                    sealedKey: try row.bytes(3),
                    rollover: try row.integerIfPresent(4).map {
                        Rollover(
                            successor: $0,
                            switchAt: try row.date(5),
                            answers: RolloverAnswers(withRA: try row.bytes(6), alone: try row.bytes(7))
                        )
                    },
                    retiredAt: try row.dateIfPresent(8),
                    isDefault: try row.integer(9) != 0
                )
            }
        }
    }

    /// What is true of the certificates of CAs; the second half is for SQLite, which otherwise does not use the index.
    static let isAuthority = "certificate.origin = 'authority' AND certificate.origin <> 'scep'"

    /// The certificates of CAs that the CAs above them have revoked or put on hold.
    ///
    /// - Throws: ``RegistryError``.
    public func revokedAuthorityCertificates() async throws -> [[UInt8]] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT encoded FROM certificate WHERE \(Self.isAuthority) AND revoked_at IS NOT NULL ORDER BY id", []
            ).map { try $0.bytes(0) }
        }
    }

    /// Records a new CA with the keys that work for it.
    ///
    /// The first CA becomes the default.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - serviceKeys: The keys, each with its certificate, which this CA issued.
    ///   - issuer: The CA of this registry that signed its certificate, and the certificate as it is recorded among those
    ///     which that issued; nil for a root, or one that was signed elsewhere.
    ///   - request: The name of the request that its certificate answers, which is deleted; nil for none.
    ///   - note: What else is to be remembered of how it came to be here; nil for nothing.
    ///   - creator: Who makes it.
    ///   - now: The time.
    /// - Returns: Its number; nil where the name is a CA's already, or that of a request which it does not answer, or the
    ///   request that it answers is not there. Then nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ authority: NewAuthority,
        serviceKeys: [(key: ServiceKey, certificate: NewCertificate)],
        signedBy issuer: (authority: Int64, certificate: NewCertificate)? = nil,
        replacing request: String? = nil,
        note: String? = nil,
        by creator: Decider,
        at now: Date
    ) async throws -> Int64? {
        try await self.database.decide { connection -> Int64? in
            try Self.noteChange(in: connection)
            if let request {
                let count = try connection.execute("DELETE FROM authority_request WHERE name = $1", [.text(request)])
                guard count > 0 else { throw Undone(answer: Int64?.none) }
            }
            guard try Self.isFree(authority.name, in: connection) else { throw Undone(answer: Int64?.none) }
            let id = try Self.insert(authority, by: creator, at: now, in: connection)
            for (key, certificate) in serviceKeys {
                try Self.insert(key, certificate: certificate, authority: id, at: now, in: connection)
            }
            var event = NewEvent(.authorityCreated, by: creator, object: "CA \(authority.name)")
            event.before = request.map { _ in ["state": "requested"] }
            event.after = ["state": "active", "number": .integer(id)]
            var details = ["CA \(authority.name), number \(id)"]
            if let issuer {
                try Self.checkIsUsable(issuer.authority, in: connection)
                var certificate = issuer.certificate
                certificate.origin = .authority
                event.certificate = try Self.insert(
                    certificate, authority: issuer.authority, at: now, in: connection)
                event.subject = certificate.subject
                details.append("signed by CA \(issuer.authority)")
            }
            if let request { details.append("in answer to the request \(request)") }
            if let note { details.append(note) }
            event.detail = details.joined(separator: ", ")
            try Self.record(event, at: now, in: connection)
            return id
        }
    }

    /// Whether no CA has a name, and no request for a CA's certificate.
    static func isFree(_ name: String, in connection: any SQLConnection) throws -> Bool {
        try connection.query(
            "SELECT 1 FROM authority WHERE name = $1 UNION ALL SELECT 1 FROM authority_request WHERE name = $1",
            [.text(name)]
        ).isEmpty
    }

    static func insert(
        _ authority: NewAuthority,
        by creator: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int64 {
        let id = try Self.identity(
            connection.query(
                """
                INSERT INTO authority (name, certificate, sealed_key, created_at, created_by, is_default)
                VALUES ($1, $2, $3, $4, $5,
                    CASE WHEN EXISTS (SELECT 1 FROM authority WHERE is_default = 1) THEN 0 ELSE 1 END)
                RETURNING id
                """,
                [
                    .text(authority.name), .bytes(authority.certificate), .bytes(authority.sealedKey), .date(now),
                    .decider(creator),
                ]
            )
        )
        for (position, certificate) in authority.parents.enumerated() {
            try connection.execute(
                "INSERT INTO authority_parent (authority_id, position, certificate) VALUES ($1, $2, $3)",
                [.integer(id), .integer(Int64(position)), .bytes(certificate)]
            )
        }
        return id
    }

    /// The number that the database gave to a new row.
    static func identity(_ rows: [SQLRow]) throws(RegistryError) -> Int64 {
        guard let row = rows.first else { throw .damaged("a new row got no number") }
        return try row.integer(0)
    }
}
