public import Foundation

/// What makes two requests the same one: the transaction (profile, transactionID, signer's key) and the request in it.
public struct RequestIdentity: Hashable, Sendable {
    /// The transaction.
    public var transaction: TransactionIdentity
    /// SHA-256 of the certification request.
    public var requestDigest: [UInt8]

    /// Makes an identity.
    public init(transaction: TransactionIdentity, requestDigest: [UInt8]) {
        self.transaction = transaction
        self.requestDigest = requestDigest
    }
}

/// A transaction: two devices with the same transactionID do not meet, and nobody can collect what another asked for.
public struct TransactionIdentity: Hashable, Sendable {
    /// The profile.
    public var profile: String
    /// The transactionID.
    public var transactionID: String
    /// SHA-256 of the signer's SubjectPublicKeyInfo.
    public var keyDigest: [UInt8]

    /// Makes an identity.
    public init(profile: String, transactionID: String, keyDigest: [UInt8]) {
        self.profile = profile
        self.transactionID = transactionID
        self.keyDigest = keyDigest
    }

    var values: [SQLValue] {
        [.text(self.transactionID), .text(self.profile), .bytes(self.keyDigest)]
    }
}

/// What became of a request.
public enum RequestState: Hashable, Sendable {
    /// It waits for somebody's approval.
    case pending
    /// It was granted this certificate.
    case issued(certificate: [UInt8])
    /// Somebody rejected it, for this reason.
    case rejected(reason: String)

    /// The names of the states in the database; `replaced` is a request in whose place its device sent another one.
    enum Name: String {
        case pending
        case issued
        case rejected
        case replaced
    }
}

/// A request that is to be recorded.
public struct NewRequest: Hashable, Sendable {
    /// Which request.
    public var identity: RequestIdentity
    /// The CA that the request was encrypted for, which issues.
    public var authority: Int64
    /// The SCEP messageType.
    public var messageType: Int
    /// The subject that was asked for, readable (RFC 4514).
    public var subject: String
    /// From where it came.
    public var clientAddress: String
    /// The certification request as DER.
    public var encoded: [UInt8]
    /// The certificate of ours that signed a renewal; nil for an enrolment.
    public var signerCertificate: Int64?
    /// The challenge, encrypted, where the answer has to be encrypted under it; nil otherwise.
    public var sealedChallenge: [UInt8]?

    /// Makes a record.
    public init(
        identity: RequestIdentity,
        authority: Int64,
        messageType: Int,
        subject: String,
        clientAddress: String,
        encoded: [UInt8],
        signerCertificate: Int64? = nil,
        sealedChallenge: [UInt8]? = nil
    ) {
        self.identity = identity
        self.authority = authority
        self.messageType = messageType
        self.subject = subject
        self.clientAddress = clientAddress
        self.encoded = encoded
        self.signerCertificate = signerCertificate
        self.sealedChallenge = sealedChallenge
    }
}

extension Registry {
    /// Announces that a certificate is about to be signed and will be recorded by
    /// ``grant(_:_:superseding:at:announced:)``.
    public func announceGrant() -> AnnouncedWrite { self.database.announceWrite() }

    /// Records a certificate together with the request for it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - certificate: What it is granted.
    ///   - superseded: A certificate that is revoked as superseded in the same moment; nil for none.
    ///   - now: The time.
    ///   - announced: From ``announceGrant()``.
    /// - Returns: nil; or what became of the same request a moment before, and then nothing is recorded.
    /// - Throws: ``RegistryError``.
    public func grant(
        _ request: NewRequest,
        _ certificate: NewCertificate,
        superseding superseded: Int64? = nil,
        at now: Date,
        announced: AnnouncedWrite? = nil
    ) async throws -> RequestState? {
        try await self.database.write(announced: announced) { connection in
            let transaction = try TransactionRequests(of: request, in: connection)
            if let earlier = transaction.earlier { return earlier }
            let id = try Self.insert(certificate, authority: request.authority, at: now, in: connection)
            try transaction.record(request, .issued, certificate: id, at: now, in: connection)
            if let superseded { try Self.revoke(superseded, reason: 4, at: now, in: connection) }
            return nil
        }
    }

    /// Records a request that waits for approval.
    ///
    /// - Returns: nil; or what became of the same request before, and then nothing is recorded.
    /// - Throws: ``RegistryError``.
    public func pend(_ request: NewRequest, at now: Date) async throws -> RequestState? {
        try await self.database.write { connection in
            let transaction = try TransactionRequests(of: request, in: connection)
            if let earlier = transaction.earlier { return earlier }
            try transaction.record(request, .pending, certificate: nil, at: now, in: connection)
            return nil
        }
    }

    /// What became of a renewal: the one request with this PKCS#10 that this certificate signed; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func renewal(signedBy certificate: Int64, requestDigest: [UInt8]) async throws -> RequestState? {
        try await self.database.read { connection in
            try TransactionRequests.renewal(signedBy: certificate, requestDigest: requestDigest, in: connection)?.state
        }
    }
}

/// The requests that a transaction has so far; nearly always there are none.
private struct TransactionRequests {
    struct Row {
        var id: Int64
        var digest: [UInt8]
        /// nil where the request was replaced.
        var state: RequestState?
    }

    private let rows: [Row]
    private let digest: [UInt8]
    private let renewed: Row?

    init(of request: NewRequest, in connection: any SQLConnection) throws {
        self.digest = request.identity.requestDigest
        self.rows = try connection.query(
            "\(Self.selection) WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3",
            request.identity.transaction.values
        ).map(Self.row)
        self.renewed = try request.signerCertificate.flatMap {
            try Self.renewal(signedBy: $0, requestDigest: request.identity.requestDigest, in: connection)
        }
    }

    static func renewal(
        signedBy certificate: Int64,
        requestDigest: [UInt8],
        in connection: any SQLConnection
    ) throws -> Row? {
        try connection.query(
            "\(Self.selection) WHERE request.signer_certificate_id = $1 AND request.request_digest = $2",
            [.integer(certificate), .bytes(requestDigest)]
        ).first.map(Self.row)
    }

    private static let selection = """
        SELECT request.id, request.request_digest, request.status, request.reason, certificate.encoded
        FROM request LEFT JOIN certificate ON certificate.id = request.certificate_id
        """

    private static func row(_ row: SQLRow) throws -> Row {
        Row(
            id: try row.integer(0),
            digest: try row.bytes(1),
            state: try Registry.state(
                named: row.text(2), reason: row.textIfPresent(3), certificate: row.bytesIfPresent(4))
        )
    }

    private var same: Row? { self.rows.first { $0.digest == self.digest } ?? self.renewed }

    /// What became of the same request, as long as no other one came in its place.
    var earlier: RequestState? { self.same?.state }

    /// Records the request, in the place of those of its transaction that led to nothing.
    func record(
        _ request: NewRequest,
        _ state: RequestState.Name,
        certificate: Int64?,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        for row in self.rows where row.id != self.same?.id {
            switch row.state {
            case .pending, .rejected:
                try connection.execute(
                    "UPDATE request SET status = $1, sealed_challenge = NULL WHERE id = $2",
                    [.text(RequestState.Name.replaced.rawValue), .integer(row.id)]
                )
            case .issued, nil: break
            }
        }
        let decided: SQLValue = state == .pending ? .null : .date(now)
        if let same = self.same {
            try connection.execute(
                """
                UPDATE request SET status = $1, certificate_id = $2, decided_at = $3, created_at = $4, authority_id = $5,
                    client_address = $6, sealed_challenge = $7, reason = NULL, decided_by = NULL
                WHERE id = $8
                """,
                [
                    .text(state.rawValue), .integer(ifPresent: certificate), decided, .date(now),
                    .integer(request.authority), .text(request.clientAddress),
                    .bytes(ifPresent: request.sealedChallenge), .integer(same.id),
                ]
            )
            return
        }
        try connection.execute(
            """
            INSERT INTO request
                (transaction_id, profile, key_digest, request_digest, authority_id, message_type, status, subject,
                 client_address, encoded, signer_certificate_id, sealed_challenge, certificate_id, decided_at,
                 created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            request.identity.transaction.values + [
                .bytes(request.identity.requestDigest), .integer(request.authority),
                .integer(Int64(request.messageType)), .text(state.rawValue), .text(request.subject),
                .text(request.clientAddress), .bytes(request.encoded), .integer(ifPresent: request.signerCertificate),
                .bytes(ifPresent: request.sealedChallenge), .integer(ifPresent: certificate), decided, .date(now),
            ]
        )
    }
}

extension Registry {
    /// The state that a row's columns say; nil for a request that was replaced.
    static func state(named name: String, reason: String?, certificate: [UInt8]?) throws -> RequestState? {
        switch (RequestState.Name(rawValue: name), certificate) {
        case (.pending, _): return .pending
        case (.issued, let certificate?): return .issued(certificate: certificate)
        case (.rejected, _): return .rejected(reason: reason ?? "")
        case (.replaced, _): return nil
        default: throw RegistryError.damaged("a request has the status \(name)")
        }
    }
}
