public import Foundation

/// A certificate that is to be recorded.
public struct NewCertificate: Hashable, Sendable {
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]
    /// The profile through which it was requested; nil for the server's own.
    public var profile: String?
    /// The subject, readable (RFC 4514).
    public var subject: String
    /// The first second of the validity.
    public var notBefore: Date
    /// The last second of the validity.
    public var notAfter: Date
    /// The certificate as DER.
    public var encoded: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo; nil where it is not known.
    public var keyDigest: [UInt8]?
    /// The name of the template, where it was decided for this device; nil for its profile's.
    public var assignedTemplate: String?
    /// For how many days it is valid, where that was decided for this device; nil for as long as its template says.
    public var assignedDays: Int?

    /// Makes a record.
    public init(
        serialNumber: [UInt8],
        profile: String?,
        subject: String,
        notBefore: Date,
        notAfter: Date,
        encoded: [UInt8],
        keyDigest: [UInt8]? = nil,
        assignedTemplate: String? = nil,
        assignedDays: Int? = nil
    ) {
        self.serialNumber = serialNumber
        self.profile = profile
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.encoded = encoded
        self.keyDigest = keyDigest
        self.assignedTemplate = assignedTemplate
        self.assignedDays = assignedDays
    }
}

/// A certificate that was issued.
public struct CertificateRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The CA that issued it.
    public var authority: Int64
    /// What was recorded when it was issued.
    public var certificate: NewCertificate
    /// Since when it is revoked, and why; nil where it is not.
    public var revocation: Revocation?
}

/// A revocation.
public struct Revocation: Hashable, Sendable {
    /// Since when.
    public var date: Date
    /// The CRLReason (RFC 5280 §5.3.1).
    public var reason: Int

    /// Makes a revocation.
    public init(date: Date, reason: Int) {
        self.date = date
        self.reason = reason
    }
}

extension Registry {
    /// The certificate with a serial number; nil where the CA never issued it.
    ///
    /// - Throws: ``RegistryError``.
    public func certificate(serialNumber: [UInt8], authority: Int64) async throws -> CertificateRecord? {
        try await self.database.read { connection in
            try connection.query(
                "SELECT \(Self.certificateColumns) FROM certificate WHERE authority_id = $1 AND serial_number = $2",
                [.integer(authority), .bytes(serialNumber)]
            ).first.map(Self.certificate)
        }
    }

    /// Other certificates for the same name or the same key, the newest first.
    ///
    /// - Parameters:
    ///   - subject: The subject, readable, as it is recorded.
    ///   - keyDigest: SHA-256 of the SubjectPublicKeyInfo.
    ///   - id: Only those with a lower number, which were issued before it or are on the next page; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The certificates.
    /// - Throws: ``RegistryError``.
    public func earlierCertificates(
        subject: String,
        keyDigest: [UInt8],
        before id: Int64? = nil,
        limit: Int
    ) async throws -> [CertificateRecord] {
        // Two searches, each along its own index and no further than needed: thousands of devices may have one name.
        let searches: [(condition: String, value: SQLValue)] = [
            ("subject = $1", .subject(subject)),
            ("key_digest = $1", .bytes(keyDigest)),
        ]
        let found = try await self.database.read { connection in
            try searches.flatMap { search in
                try connection.query(
                    """
                    SELECT \(Self.certificateColumns) FROM certificate WHERE \(search.condition) AND id < $2
                    ORDER BY id DESC LIMIT $3
                    """,
                    [search.value, .integer(id ?? .max), .integer(Int64(limit))]
                ).map(Self.certificate)
            }
        }
        let unique = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return Array(unique.values.sorted { $0.id > $1.id }.prefix(max(limit, 0)))
    }

    /// How many certificates were issued.
    ///
    /// - Throws: ``RegistryError``.
    public func certificateCount() async throws -> Int {
        try await self.database.read { connection in
            Int(try connection.query("SELECT count(*) FROM certificate", []).first?.integer(0) ?? 0)
        }
    }

    /// Revokes a certificate.
    ///
    /// - Parameters:
    ///   - id: The certificate's number.
    ///   - reason: The CRLReason (RFC 5280 §5.3.1).
    ///   - now: The time.
    /// - Returns: Whether it was not revoked before.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func revoke(_ id: Int64, reason: Int, at now: Date) async throws -> Bool {
        try await self.database.write { try Self.revoke(id, reason: reason, at: now, in: $0) }
    }

    @discardableResult
    static func revoke(_ id: Int64, reason: Int, at now: Date, in connection: any SQLConnection) throws -> Bool {
        let count = try connection.execute(
            "UPDATE certificate SET revoked_at = $1, revocation_reason = $2 WHERE id = $3 AND revoked_at IS NULL",
            [.date(now), .integer(Int64(reason)), .integer(id)]
        )
        guard count > 0 else { return false }
        try connection.execute(
            """
            UPDATE authority SET revocation_changes = revocation_changes + 1
            WHERE id = (SELECT authority_id FROM certificate WHERE certificate.id = $1)
            """,
            [.integer(id)]
        )
        return true
    }

    static func insert(
        _ certificate: NewCertificate,
        authority: Int64,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int64 {
        try Self.identity(
            connection.query(
                """
                INSERT INTO certificate
                    (authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at,
                     key_digest,
                    assigned_template, assigned_days)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id
                """,
                [
                    .integer(authority), .bytes(certificate.serialNumber), .text(ifPresent: certificate.profile),
                    .subject(certificate.subject), .date(certificate.notBefore), .date(certificate.notAfter),
                    .bytes(certificate.encoded), .date(now), .bytes(ifPresent: certificate.keyDigest),
                    .text(ifPresent: certificate.assignedTemplate),
                    .integer(ifPresent: certificate.assignedDays.map(Int64.init)),
                ]
            )
        )
    }

    private static let certificateColumns = """
        id, authority_id, serial_number, profile, subject, not_before, not_after, encoded, revoked_at,
        revocation_reason, key_digest, assigned_template, assigned_days
        """

    private static func certificate(_ row: SQLRow) throws -> CertificateRecord {
        CertificateRecord(
            id: try row.integer(0),
            authority: try row.integer(1),
            certificate: NewCertificate(
                serialNumber: try row.bytes(2),
                profile: try row.textIfPresent(3),
                subject: try row.text(4),
                notBefore: try row.date(5),
                notAfter: try row.date(6),
                encoded: try row.bytes(7),
                keyDigest: try row.bytesIfPresent(10),
                assignedTemplate: try row.textIfPresent(11),
                assignedDays: try row.integerIfPresent(12).map(Int.init)
            ),
            revocation: try row.dateIfPresent(8).map {
                Revocation(date: $0, reason: Int(try row.integerIfPresent(9) ?? 0))
            }
        )
    }
}
