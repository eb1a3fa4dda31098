import Foundation

/// The same request as one that comes again.
struct SameRequest {
    let id: Int64
    /// What became of it; nil where that counts no more.
    ///
    /// It has expired, or its certificate has ended or is revoked, so that a device that enrols anew with its old request
    /// gets a new certificate. One that was replaced is not even looked for.
    let state: RequestState?

    /// A request of the same transaction that has led to nothing so far.
    struct Unfulfilled {
        let id: Int64
        let state: RequestState.Name
        let challenge: Int64?
    }

    /// Those that are the same as a request, of its transaction, and of its signer where it is a renewal; and of the others of
    /// its transaction those that wait or were rejected.
    static func all(
        as request: NewRequest,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> (same: [SameRequest], undone: [Unfulfilled]) {
        let digest = request.identity.requestDigest
        let ofTransaction = try connection.send(
            Self.selectionOfTransaction, [.bytes(digest)] + request.identity.transaction.values)
        // A signer and a PKCS#10 are granted one certificate, ever, and under whatever transactionID.
        var same: [SameRequest] = []
        if let signer = request.signerCertificate {
            let renewal = try Self.renewal(signedBy: signer, requestDigest: digest, at: now, in: connection)
            if let renewal { same.append(renewal) }
        }
        var undone: [Unfulfilled] = []
        for row in try ofTransaction.rows() {
            if try row.integer(8) != 0 {
                let found = try SameRequest(row, at: now)
                if found.id != same.first?.id { same.append(found) }
            } else if let state = RequestState.Name(rawValue: try row.text(1)) {
                undone.append(Unfulfilled(id: try row.integer(0), state: state, challenge: try row.integerIfPresent(9)))
            }
        }
        return (same, undone)
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
            SELECT \(Self.columns) FROM \(Self.tables)
            WHERE request.signer_certificate_id = $1 AND request.request_digest = $2 AND request.status <> 'replaced'
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
        SELECT \(Self.columns), request.request_digest = $1, request.challenge_id FROM \(Self.tables)
        WHERE request.transaction_id = $2 AND request.profile = $3 AND request.key_digest = $4
            AND request.status <> 'replaced' AND (request.request_digest = $1 OR request.status IN ('pending', 'rejected'))
        """

    private static let columns = """
        request.id, request.status, request.reason, certificate.encoded, certificate.not_after, certificate.revoked_at,
        request.signer_certificate_id, request.expires_at
        """

    private static let tables = "request LEFT JOIN certificate ON certificate.id = request.certificate_id"
}
