import Foundation

/// The same request as one that comes again.
struct SameRequest {
    let id: Int64
    /// What became of it; nil where that counts no more.
    ///
    /// It has expired, or its certificate has ended or is revoked, so that a device that enrols anew with its old request
    /// gets a new certificate. One that was replaced is not even looked for.
    let state: RequestState?

    /// Those that are the same as a request: of its transaction, and of its signer where it is a renewal.
    static func all(as request: NewRequest, at now: Date, in connection: any SQLConnection) throws -> [SameRequest] {
        let same = try connection.query(
            Self.selectionOfTransaction,
            request.identity.transaction.values + [.bytes(request.identity.requestDigest)]
        ).map { try SameRequest($0, at: now) }
        // A signer and a PKCS#10 are granted one certificate, ever, and under whatever transactionID.
        guard let signer = request.signerCertificate else { return same }
        let digest = request.identity.requestDigest
        let renewal = try Self.renewal(signedBy: signer, requestDigest: digest, at: now, in: connection)
        return [renewal].compactMap(\.self) + same.filter { $0.id != renewal?.id }
    }

    /// The renewal with this PKCS#10 that a certificate of ours signed.
    static func renewal(
        signedBy certificate: Int64,
        requestDigest: [UInt8],
        at now: Date? = nil,
        in connection: any SQLConnection
    ) throws -> SameRequest? {
        try connection.query(
            """
            \(Self.selection) WHERE request.signer_certificate_id = $1 AND request.request_digest = $2
                AND request.status <> 'replaced'
            """,
            [.integer(certificate), .bytes(requestDigest)]
        ).first.map { try SameRequest($0, at: now) }
    }

    private init(_ row: SQLRow, at now: Date?) throws {
        self.id = try row.integer(0)
        let state = try RequestState.named(
            row.text(1),
            reason: row.textIfPresent(2),
            certificate: row.bytesIfPresent(3)
        )
        let now = now?.milliseconds ?? .min
        switch state {
        case .issued where try row.integerIfPresent(6) == nil:
            let isOver = try row.integerIfPresent(5) != nil || row.integerIfPresent(4).map { $0 <= now } ?? false
            self.state = isOver ? nil : state
        case .pending:
            self.state = try row.integerIfPresent(7).map { $0 <= now } ?? false ? nil : state
        case .expired:
            self.state = nil
        default:
            self.state = state
        }
    }

    private static let selectionOfTransaction = """
        \(Self.selection) WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3
            AND request.request_digest = $4 AND request.status <> 'replaced'
        """

    private static let selection = """
        SELECT request.id, request.status, request.reason, certificate.encoded, certificate.not_after,
            certificate.revoked_at, request.signer_certificate_id, request.expires_at
        FROM request LEFT JOIN certificate ON certificate.id = request.certificate_id
        """
}
