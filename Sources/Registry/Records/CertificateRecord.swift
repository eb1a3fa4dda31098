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

    /// Makes a record.
    public init(
        serialNumber: [UInt8],
        profile: String?,
        subject: String,
        notBefore: Date,
        notAfter: Date,
        encoded: [UInt8]
    ) {
        self.serialNumber = serialNumber
        self.profile = profile
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.encoded = encoded
    }
}

extension Registry {
    /// The certificate with a serial number; nil where the CA never issued it.
    ///
    /// - Throws: ``RegistryError``.
    public func certificate(serialNumber: [UInt8], authority: Int64) async throws -> [UInt8]? {
        try await self.database.read { connection in
            try connection.query(
                "SELECT encoded FROM certificate WHERE authority_id = $1 AND serial_number = $2",
                [.integer(authority), .bytes(serialNumber)]
            ).first.map { try $0.bytes(0) }
        }
    }

    /// How many certificates were issued.
    ///
    /// - Throws: ``RegistryError``.
    public func certificateCount() async throws -> Int {
        try await self.database.read { connection in
            Int(try connection.query("SELECT count(*) FROM certificate", []).first?.integer(0) ?? 0)
        }
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
                    (authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
                """,
                [
                    .integer(authority), .bytes(certificate.serialNumber), .text(ifPresent: certificate.profile),
                    .text(certificate.subject), .date(certificate.notBefore), .date(certificate.notAfter),
                    .bytes(certificate.encoded), .date(now),
                ]
            )
        )
    }
}
