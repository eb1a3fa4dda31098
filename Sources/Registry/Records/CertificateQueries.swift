public import Foundation

/// Looking certificates up, and recording them.
extension Registry {
    /// The certificate with a serial number; nil where the CA never issued it.
    ///
    /// - Throws: ``RegistryError``.
    public func certificate(serialNumber: [UInt8], authority: Int64) async throws -> CertificateRecord? {
        try await self.certificates(
            "WHERE authority_id = $1 AND serial_number = $2", [.integer(authority), .bytes(serialNumber)]
        ).first
    }

    /// A certificate by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func certificate(_ id: Int64) async throws -> CertificateRecord? {
        try await self.certificates("WHERE id = $1", [.integer(id)]).first
    }

    /// The certificates with a serial number, of whatever CA, the newest first.
    ///
    /// - Throws: ``RegistryError``.
    public func certificates(serialNumber: [UInt8]) async throws -> [CertificateRecord] {
        try await self.certificates(
            "WHERE authority_id IN (SELECT id FROM authority) AND serial_number = $1 ORDER BY id DESC",
            [.bytes(serialNumber)]
        )
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
                    SELECT \(CertificateRecord.columns) FROM certificate WHERE \(search.condition) AND id < $2
                    ORDER BY id DESC LIMIT $3
                    """,
                    [search.value, .integer(id ?? .max), .integer(Int64(limit))]
                ).map(CertificateRecord.init)
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

    /// Records a certificate that somebody issued by hand, unless its CA was retired, or what it renews revoked, meanwhile.
    ///
    /// - Parameters:
    ///   - certificate: The certificate.
    ///   - authority: The CA that issued it.
    ///   - renewed: The certificate that it renews; nil where it renews none.
    ///   - event: What is remembered of it; it gets the certificate's number.
    ///   - now: The time.
    /// - Returns: The certificate's number.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ certificate: NewCertificate,
        authority: Int64,
        renewing renewed: Int64? = nil,
        event: NewEvent,
        at now: Date
    ) async throws -> Int64 {
        try await self.database.write { connection in
            try Self.checkIsUsable(authority, in: connection)
            if let renewed { try Self.checkIsNotRevoked(renewed, in: connection) }
            let id = try Self.insert(certificate, authority: authority, at: now, in: connection)
            var event = event
            event.certificate = id
            try Self.record(event, at: now, in: connection)
            return id
        }
    }

    /// Makes sure that a certificate is not revoked: somebody may have done that at the same time.
    private static func checkIsNotRevoked(_ certificate: Int64, in connection: any SQLConnection) throws {
        let isRevoked = try !connection.query(
            "SELECT 1 FROM certificate WHERE id = $1 AND revoked_at IS NOT NULL", [.integer(certificate)]
        ).isEmpty
        if isRevoked { throw RegistryError.failed("the certificate has been revoked meanwhile and is not renewed") }
    }

    static func insert(
        _ certificate: NewCertificate,
        authority: Int64,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int64 {
        try Self.identity(Self.send(certificate, authority: authority, at: now, in: connection).rows())
    }

    /// Sends the row of a certificate, and counts it.
    ///
    /// - Returns: Its number.
    static func send(
        _ certificate: NewCertificate,
        authority: Int64,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> any SQLAnswer {
        try CertificateCounting.add(
            authority: authority, origin: certificate.origin, end: certificate.notAfter, in: connection)
        return try connection.send(
            """
            INSERT INTO certificate
                (authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at,
                 key_digest, assigned_template, assigned_days, template, origin, issued_by, names)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id
            """,
            [
                .integer(authority), .bytes(certificate.serialNumber), .text(ifPresent: certificate.profile),
                .subject(certificate.subject), .date(certificate.notBefore), .date(certificate.notAfter),
                .bytes(certificate.encoded), .date(now), .bytes(ifPresent: certificate.keyDigest),
                .text(ifPresent: certificate.assignedTemplate),
                .integer(ifPresent: certificate.assignedDays.map(Int64.init)),
                .text(ifPresent: certificate.template), .text(certificate.origin.rawValue),
                .text(ifPresent: certificate.issuedBy),
                .text(SearchText.stored(names: certificate.names, subject: certificate.subject)),
            ]
        )
    }

    private func certificates(_ clauses: String, _ values: [SQLValue]) async throws -> [CertificateRecord] {
        try await self.database.read { connection in
            try connection.query("SELECT \(CertificateRecord.columns) FROM certificate \(clauses)", values)
                .map(CertificateRecord.init)
        }
    }
}
