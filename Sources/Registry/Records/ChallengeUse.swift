import Foundation

/// The challenge that authorized a request.
public struct ChallengeUse: Hashable, Sendable {
    /// The challenge's number.
    public var id: Int64
    /// Whether it is good for so many certificates and no more.
    public var isLimited: Bool

    /// Makes a record.
    public init(id: Int64, isLimited: Bool) {
        self.id = id
        self.isLimited = isLimited
    }
}

/// Counting the uses of a challenge.
///
/// A limited one is reserved while a request with it waits, used when that is issued, and free again when it is rejected,
/// expires or is replaced. Each step is one statement that carries its own condition, so that it holds with any number of
/// servers at one database.
extension Registry {
    /// Makes all others wait who decide on a request with the same limited challenge.
    ///
    /// Then what is looked at next is still so when it is acted on. It comes before the request's row is changed,
    /// everywhere, so that two who decide on the same do not wait for each other.
    static func lock(_ challenge: ChallengeUse?, in connection: any SQLConnection) throws {
        guard let challenge, challenge.isLimited else { return }
        try connection.send("UPDATE challenge SET uses = uses WHERE id = $1", [.integer(challenge.id)])
    }

    /// Uses a challenge, unless it cannot be used any more: no row is changed then.
    static func use(
        _ challenge: ChallengeUse,
        for request: NewRequest,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> any SQLAnswer {
        try connection.send(
            """
            UPDATE challenge SET uses = uses + 1, last_used_at = $1, last_used_from = $2
            WHERE id = $3 AND profile = $4 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $5)
                AND \(Self.hasUsesLeft(challenge))
            """,
            [
                .date(now), .address(request.clientAddress), .integer(challenge.id),
                .text(request.identity.transaction.profile), .date(now),
            ]
        )
    }

    /// Reserves a use for a request that waits; of a static challenge it only makes sure that it is still valid.
    static func reserve(
        _ challenge: ChallengeUse,
        for request: NewRequest,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Bool {
        let change = challenge.isLimited ? "reserved = reserved + 1" : "uses = uses"
        return try connection.execute(
            """
            UPDATE challenge SET \(change)
            WHERE id = $1 AND profile = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
                AND \(Self.hasUsesLeft(challenge))
            """,
            [.integer(challenge.id), .text(request.identity.transaction.profile), .date(now)]
        ) > 0
    }

    /// A challenge that is not what it is said to be has no uses left.
    private static func hasUsesLeft(_ challenge: ChallengeUse) -> String {
        challenge.isLimited ? "uses + reserved < max_uses" : "max_uses IS NULL"
    }

    /// Makes a use of a reservation, whatever has become of the challenge meanwhile.
    static func useReserved(
        _ challenge: Int64,
        from clientAddress: String,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        try connection.send(
            """
            UPDATE challenge SET uses = uses + 1, last_used_at = $1, last_used_from = $2,
                reserved = CASE WHEN max_uses IS NULL THEN 0 ELSE reserved - 1 END
            WHERE id = $3
            """,
            [.date(now), .address(clientAddress), .integer(challenge)]
        )
    }

    /// Gives a reservation back.
    static func release(_ challenge: Int64?, in connection: any SQLConnection) throws {
        guard let challenge else { return }
        try connection.send(
            "UPDATE challenge SET reserved = reserved - 1 WHERE id = $1 AND max_uses IS NOT NULL AND reserved > 0",
            [.integer(challenge)]
        )
    }

    /// Notes who uses a limited challenge, so that the same key and names are known under another transactionID.
    static func noteUse(by id: Int64, of request: NewRequest, in connection: any SQLConnection) throws {
        guard let challenge = request.challenge, challenge.isLimited else { return }
        try connection.send(
            "INSERT INTO challenge_use (challenge_id, key_digest, names_digest, request_id) VALUES ($1, $2, $3, $4)",
            [
                .integer(challenge.id), .bytes(request.identity.transaction.keyDigest), .bytes(request.namesDigest),
                .integer(id),
            ]
        )
    }
}
