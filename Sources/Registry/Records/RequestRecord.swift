public import Foundation

/// What makes two requests the same one: the transaction (profile, transactionID, signer's key) and the request in it.
public struct RequestIdentity: Hashable, Sendable {
    /// The profile.
    public var profile: String
    /// The transactionID.
    public var transactionID: String
    /// SHA-256 of the signer's SubjectPublicKeyInfo.
    public var keyDigest: [UInt8]
    /// SHA-256 of the certification request.
    public var requestDigest: [UInt8]

    /// Makes an identity.
    public init(profile: String, transactionID: String, keyDigest: [UInt8], requestDigest: [UInt8]) {
        self.profile = profile
        self.transactionID = transactionID
        self.keyDigest = keyDigest
        self.requestDigest = requestDigest
    }

    fileprivate var values: [SQLValue] {
        [.text(self.transactionID), .text(self.profile), .bytes(self.keyDigest), .bytes(self.requestDigest)]
    }
}

/// A request that was granted and is to be recorded with its certificate.
public struct GrantedRequest: Hashable, Sendable {
    /// Which request.
    public var identity: RequestIdentity
    /// The subject that was asked for, readable (RFC 4514).
    public var subject: String
    /// From where it came.
    public var clientAddress: String
    /// The certification request as DER.
    public var encoded: [UInt8]

    /// Makes a record.
    public init(identity: RequestIdentity, subject: String, clientAddress: String, encoded: [UInt8]) {
        self.identity = identity
        self.subject = subject
        self.clientAddress = clientAddress
        self.encoded = encoded
    }
}

extension Registry {
    /// Announces that a certificate is about to be signed and will be recorded by
    /// ``grant(_:_:authority:at:announced:)``.
    public func announceGrant() -> AnnouncedWrite { self.database.announceWrite() }

    /// Records a certificate together with the request for it.
    ///
    /// - Returns: nil, or the certificate that the same request was granted a moment before, by which the new one,
    ///   not recorded, is to be replaced.
    /// - Throws: ``RegistryError``.
    public func grant(
        _ request: GrantedRequest,
        _ certificate: NewCertificate,
        authority: Int64,
        at now: Date,
        announced: AnnouncedWrite? = nil
    ) async throws -> [UInt8]? {
        try await self.database.write(announced: announced) { connection in
            if let earlier = try Self.grantedCertificate(request.identity, in: connection) { return earlier }
            let id = try Self.insert(certificate, authority: authority, at: now, in: connection)
            try connection.execute(
                """
                INSERT INTO request
                    (transaction_id, profile, key_digest, request_digest, subject, client_address, encoded,
                     certificate_id, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                request.identity.values + [
                    .text(request.subject), .text(request.clientAddress), .bytes(request.encoded), .integer(id),
                    .date(now),
                ]
            )
            return nil
        }
    }

    private static func grantedCertificate(
        _ identity: RequestIdentity,
        in connection: any SQLConnection
    ) throws -> [UInt8]? {
        try connection.query(
            """
            SELECT certificate.encoded FROM request JOIN certificate ON certificate.id = request.certificate_id
            WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3
                AND request.request_digest = $4
            """,
            identity.values
        ).first.map { try $0.bytes(0) }
    }
}
