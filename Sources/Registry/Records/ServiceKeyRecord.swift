public import Foundation

/// A key with a certificate that this server uses itself.
public struct ServiceKey: Hashable, Sendable {
    /// What the key is for.
    public enum Purpose: String, Hashable, Sendable {
        /// Answers SCEP requests.
        case registrationAuthority = "ra"
        /// Serves HTTPS.
        case server = "tls"
        /// Signs what OCSP answers (RFC 6960 §4.2.2.2).
        case ocspResponder = "ocsp"
    }

    /// What the key is for.
    public var purpose: Purpose
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]
    /// The end of the certificate.
    public var notAfter: Date

    /// Makes a record.
    public init(purpose: Purpose, certificate: [UInt8], sealedKey: [UInt8], notAfter: Date) {
        self.purpose = purpose
        self.certificate = certificate
        self.sealedKey = sealedKey
        self.notAfter = notAfter
    }
}

extension ServiceKey {
    fileprivate init(_ row: SQLRow, _ purpose: Purpose) throws {
        self.init(
            purpose: purpose,
            certificate: try row.bytes(0),
            sealedKey: try row.bytes(1),
            notAfter: try row.date(2)
        )
    }
}

extension Registry {
    /// The keys for a purpose under a CA, the newest first.
    ///
    /// - Throws: ``RegistryError``.
    public func serviceKeys(_ purpose: ServiceKey.Purpose, authority: Int64) async throws -> [ServiceKey] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT certificate, sealed_key, not_after FROM service_key
                WHERE purpose = $1 AND authority_id = $2 ORDER BY id DESC
                """,
                [.text(purpose.rawValue), .integer(authority)]
            ).map { try ServiceKey($0, purpose) }
        }
    }

    /// The keys for a purpose under all CAs, by the CAs' numbers, the newest first.
    ///
    /// - Throws: ``RegistryError``.
    public func serviceKeys(_ purpose: ServiceKey.Purpose) async throws -> [Int64: [ServiceKey]] {
        try await self.database.read { connection in
            var keys: [Int64: [ServiceKey]] = [:]
            let rows = try connection.query(
                """
                SELECT certificate, sealed_key, not_after, authority_id FROM service_key
                WHERE purpose = $1 ORDER BY id DESC
                """,
                [.text(purpose.rawValue)]
            )
            for row in rows { keys[try row.integer(3), default: []].append(try ServiceKey(row, purpose)) }
            return keys
        }
    }

    /// Records a new key together with its certificate among those that the CA issued.
    ///
    /// - Throws: ``RegistryError``.
    public func insert(
        _ key: ServiceKey,
        certificate: NewCertificate,
        authority: Int64,
        at now: Date
    ) async throws {
        try await self.database.write { connection in
            try Self.insert(key, certificate: certificate, authority: authority, at: now, in: connection)
            try Self.noteChange(in: connection)
        }
    }

    static func insert(
        _ key: ServiceKey,
        certificate: NewCertificate,
        authority: Int64,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        _ = try Self.insert(certificate, authority: authority, at: now, in: connection)
        try connection.execute(
            """
            INSERT INTO service_key (purpose, authority_id, certificate, sealed_key, not_after, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(key.purpose.rawValue), .integer(authority), .bytes(key.certificate), .bytes(key.sealedKey),
                .date(key.notAfter), .date(now),
            ]
        )
    }
}
