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
    /// Nobody decided on it in time.
    case expired

    /// The names of the states in the database; `replaced` is a request in whose place its device sent another one.
    enum Name: String {
        case pending
        case issued
        case rejected
        case expired
        case replaced
    }

    /// The state that a row's columns say; nil for a request that was replaced.
    static func named(_ name: String, reason: String?, certificate: [UInt8]?) throws -> RequestState? {
        switch (Name(rawValue: name), certificate) {
        case (.pending, _): return .pending
        case (.issued, let certificate?): return .issued(certificate: certificate)
        case (.rejected, _): return .rejected(reason: reason ?? "")
        case (.expired, _): return .expired
        case (.replaced, _): return nil
        default: throw RegistryError.damaged("a request has the status \(name)")
        }
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
    /// SHA-256 of the names that were asked for, byte for byte; empty where it is not known, and then like no other's.
    public var namesDigest: [UInt8]
    /// From where it came.
    public var clientAddress: String
    /// Whom the limits of the queue take for one and the same: the address, or the network that one client has.
    public var clientNetwork: String
    /// The certification request, encrypted: it has the challenge in it.
    public var sealedRequest: [UInt8]
    /// The certificate of ours that signed a renewal; nil for an enrolment.
    public var signerCertificate: Int64?
    /// The challenge that authorized it; nil where something else did.
    public var challenge: ChallengeUse?
    /// What the rules said.
    public var explanation: String
    /// Until when somebody may decide on it where it waits; nil for any time.
    public var expiresAt: Date?

    /// Makes a record.
    public init(
        identity: RequestIdentity,
        authority: Int64,
        messageType: Int,
        subject: String,
        namesDigest: [UInt8],
        clientAddress: String,
        clientNetwork: String? = nil,
        sealedRequest: [UInt8],
        signerCertificate: Int64? = nil,
        challenge: ChallengeUse? = nil,
        explanation: String = "",
        expiresAt: Date? = nil
    ) {
        self.identity = identity
        self.authority = authority
        self.messageType = messageType
        self.subject = subject
        self.namesDigest = namesDigest
        self.clientAddress = clientAddress
        self.clientNetwork = clientNetwork ?? clientAddress
        self.sealedRequest = sealedRequest
        self.signerCertificate = signerCertificate
        self.challenge = challenge
        self.explanation = explanation
        self.expiresAt = expiresAt
    }
}

/// A request as it is recorded.
public struct RequestRecord: Hashable, Sendable {
    /// The number in the registry, by which an administrator names it.
    public var id: Int64
    /// What the device sent.
    public var request: NewRequest
    /// What became of it; nil where its device has sent another one in its place.
    public var state: RequestState?
    /// Who approved or rejected it; nil where nobody had to.
    public var decidedBy: String?
    /// When it came.
    public var createdAt: Date
    /// When it was granted, rejected or expired; nil while it waits.
    public var decidedAt: Date?
}

extension RequestRecord {
    /// Selects what a record is read from.
    ///
    /// A challenge's number may have become another one's after its profile was deleted.
    static let selection = """
        SELECT request.id, request.transaction_id, request.profile, request.key_digest, request.request_digest,
            request.authority_id, request.message_type, request.subject, request.client_address,
            request.sealed_request, request.signer_certificate_id, request.status, request.reason, certificate.encoded,
            request.decided_by, request.created_at, request.decided_at, request.names_digest, challenge.id,
            challenge.max_uses, request.explanation, request.expires_at, request.client_network
        FROM request LEFT JOIN certificate ON certificate.id = request.certificate_id
            LEFT JOIN challenge ON challenge.id = request.challenge_id AND challenge.profile = request.profile
                AND challenge.created_at <= request.created_at
        """

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.request = NewRequest(
            identity: RequestIdentity(
                transaction: TransactionIdentity(
                    profile: try row.text(2),
                    transactionID: try row.text(1),
                    keyDigest: try row.bytes(3)
                ),
                requestDigest: try row.bytes(4)
            ),
            authority: try row.integer(5),
            messageType: Int(try row.integer(6)),
            subject: try row.text(7),
            namesDigest: try row.bytesIfPresent(17) ?? [],
            clientAddress: try row.text(8),
            clientNetwork: try row.text(22),
            sealedRequest: try row.bytes(9),
            signerCertificate: try row.integerIfPresent(10),
            challenge: try row.integerIfPresent(18).map {
                ChallengeUse(id: $0, isLimited: try row.integerIfPresent(19) != nil)
            },
            explanation: try row.text(20),
            expiresAt: try row.dateIfPresent(21)
        )
        self.state = try RequestState.named(
            row.text(11),
            reason: row.textIfPresent(12),
            certificate: row.bytesIfPresent(13)
        )
        self.decidedBy = try row.textIfPresent(14)
        self.createdAt = try row.date(15)
        self.decidedAt = try row.dateIfPresent(16)
    }
}
