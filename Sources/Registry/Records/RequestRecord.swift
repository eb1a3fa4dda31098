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
    /// The certification request, encrypted: it has the challenge in it.
    public var sealedRequest: [UInt8]
    /// The certificate of ours that signed a renewal; nil for an enrolment.
    public var signerCertificate: Int64?

    /// Makes a record.
    public init(
        identity: RequestIdentity,
        authority: Int64,
        messageType: Int,
        subject: String,
        clientAddress: String,
        sealedRequest: [UInt8],
        signerCertificate: Int64? = nil
    ) {
        self.identity = identity
        self.authority = authority
        self.messageType = messageType
        self.subject = subject
        self.clientAddress = clientAddress
        self.sealedRequest = sealedRequest
        self.signerCertificate = signerCertificate
    }
}

/// What came of recording a request.
public enum Recording: Hashable, Sendable {
    /// It is recorded.
    case recorded
    /// Nothing is recorded: this became of the same request before.
    case earlier(RequestState)
    /// Nothing is recorded: the certificate that signed the renewal has been revoked meanwhile.
    case signerRevoked
    /// Nothing is recorded: as many requests wait in this profile as may.
    case queueFull
}

extension Registry {
    /// How many requests may wait in a profile, so that nobody fills the disk with them.
    public static let maximumPendingRequests = 10_000

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
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func grant(
        _ request: NewRequest,
        _ certificate: NewCertificate,
        superseding superseded: Int64? = nil,
        at now: Date,
        announced: AnnouncedWrite? = nil
    ) async throws -> Recording {
        try await self.database.write(announced: announced) { connection in
            let same = try SameRequest(as: request, at: now, in: connection)
            if let earlier = same?.state { return .earlier(earlier) }
            if let signer = request.signerCertificate, try Self.isRevoked(signer, in: connection) {
                return .signerRevoked
            }
            let id = try Self.insert(certificate, authority: request.authority, at: now, in: connection)
            try Self.record(request, .issued, certificate: id, inPlaceOf: same, at: now, in: connection)
            if let superseded { try Self.revoke(superseded, reason: 4, at: now, in: connection) }
            return .recorded
        }
    }

    /// Records a request that waits for approval.
    ///
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func pend(
        _ request: NewRequest,
        at now: Date,
        announced: AnnouncedWrite? = nil
    ) async throws -> Recording {
        try await self.database.write(announced: announced) { connection in
            let same = try SameRequest(as: request, at: now, in: connection)
            if let earlier = same?.state { return .earlier(earlier) }
            let waiting = try connection.query(
                "SELECT count(*) FROM request WHERE profile = $1 AND status = 'pending'",
                [.text(request.identity.transaction.profile)]
            ).first
            guard try waiting?.integer(0) ?? 0 < Self.maximumPendingRequests else { return .queueFull }
            try Self.record(request, .pending, certificate: nil, inPlaceOf: same, at: now, in: connection)
            return .recorded
        }
    }

    /// What became of a renewal: the one request with this PKCS#10 that this certificate signed; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func renewal(signedBy certificate: Int64, requestDigest: [UInt8]) async throws -> RequestState? {
        try await self.database.read { connection in
            try SameRequest.renewal(signedBy: certificate, requestDigest: requestDigest, in: connection)?.state
        }
    }

    private static func isRevoked(_ certificate: Int64, in connection: any SQLConnection) throws -> Bool {
        try !connection.query(
            "SELECT 1 FROM certificate WHERE id = $1 AND revoked_at IS NOT NULL", [.integer(certificate)]
        ).isEmpty
    }

    /// Records a request, in the place of those of its transaction that led to nothing.
    private static func record(
        _ request: NewRequest,
        _ state: RequestState.Name,
        certificate: Int64?,
        inPlaceOf same: SameRequest?,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE request SET status = 'replaced'
            WHERE transaction_id = $1 AND profile = $2 AND key_digest = $3 AND status IN ('pending', 'rejected')
            """,
            request.identity.transaction.values
        )
        let outcome: [SQLValue] = [
            .integer(request.authority), .integer(Int64(request.messageType)), .text(state.rawValue),
            .text(request.subject), .text(request.clientAddress), .bytes(request.sealedRequest),
            .integer(ifPresent: request.signerCertificate), .integer(ifPresent: certificate),
            state == .pending ? .null : .date(now), .date(now),
        ]
        if let same {
            try connection.execute(
                """
                UPDATE request SET authority_id = $1, message_type = $2, status = $3, subject = $4, client_address = $5,
                    sealed_request = $6, signer_certificate_id = $7, certificate_id = $8, decided_at = $9,
                    created_at = $10, reason = NULL, decided_by = NULL
                WHERE id = $11
                """,
                outcome + [.integer(same.id)]
            )
        } else {
            try connection.execute(
                """
                INSERT INTO request
                    (authority_id, message_type, status, subject, client_address, sealed_request, signer_certificate_id,
                     certificate_id, decided_at, created_at, transaction_id, profile, key_digest, request_digest)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                """,
                outcome + request.identity.transaction.values + [.bytes(request.identity.requestDigest)]
            )
        }
    }
}

/// The same request as one that comes again.
private struct SameRequest {
    let id: Int64
    /// What became of it; nil where that counts no more: it was replaced, or its certificate has ended or is revoked, so
    /// that a device that enrols anew with its old request gets a new certificate.
    let state: RequestState?

    init?(as request: NewRequest, at now: Date, in connection: any SQLConnection) throws {
        // A signer and a PKCS#10 are granted one certificate, ever, and under whatever transactionID.
        if let signer = request.signerCertificate,
            let renewed = try Self.renewal(
                signedBy: signer,
                requestDigest: request.identity.requestDigest,
                in: connection
            )
        {
            self = renewed
            return
        }
        let row = try connection.query(
            """
            \(Self.selection) WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3
                AND request.request_digest = $4
            """,
            request.identity.transaction.values + [.bytes(request.identity.requestDigest)]
        ).first
        guard let row else { return nil }
        let isOver = try row.integerIfPresent(5) != nil || row.dateIfPresent(4).map { $0 <= now } ?? false
        try self.init(row, isOver: isOver && row.integerIfPresent(6) == nil)
    }

    static func renewal(
        signedBy certificate: Int64,
        requestDigest: [UInt8],
        in connection: any SQLConnection
    ) throws -> SameRequest? {
        try connection.query(
            "\(Self.selection) WHERE request.signer_certificate_id = $1 AND request.request_digest = $2",
            [.integer(certificate), .bytes(requestDigest)]
        ).first.map { try SameRequest($0, isOver: false) }
    }

    private init(_ row: SQLRow, isOver: Bool) throws {
        self.id = try row.integer(0)
        let state = try Registry.state(
            named: row.text(1),
            reason: row.textIfPresent(2),
            certificate: row.bytesIfPresent(3)
        )
        if case .issued? = state, isOver { self.state = nil } else { self.state = state }
    }

    private static let selection = """
        SELECT request.id, request.status, request.reason, certificate.encoded, certificate.not_after,
            certificate.revoked_at, request.signer_certificate_id
        FROM request LEFT JOIN certificate ON certificate.id = request.certificate_id
        """
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
