import Foundation

/// A request on its way into the registry, inside the transaction that records it.
struct Arrival {
    let request: NewRequest
    let now: Date
    let connection: any SQLConnection
    /// The requests in whose place it comes.
    private var replaced: [Int64] = []
    /// Whether it comes in the place of another one.
    var hasReplaced: Bool { !self.replaced.isEmpty }

    init(request: NewRequest, now: Date, connection: any SQLConnection) {
        self.request = request
        self.now = now
        self.connection = connection
    }

    /// Finds out whether there is anything left to decide, and puts the request in the place of what led to nothing.
    ///
    /// - Parameter isJoining: Whether it joins a request that waits for the same.
    /// - Returns: What became of the request; nil where it is to be recorded.
    /// - Throws: ``RegistryError``.
    mutating func settle(joining isJoining: Bool) throws -> Recording? {
        try Registry.lock(self.request.challenge, in: self.connection)
        let revocation = try self.revocationOfSigner()
        let issuance = try self.issuanceForChallenge()
        let (same, undone) = try SameRequest.all(as: self.request, at: self.now, in: self.connection)
        for same in same {
            if let state = same.state { return .earlier(state, request: same.id) }
        }
        if let revocation, try !revocation.rows().isEmpty { return .signerRevoked }
        if let issued = try issuance?.rows().first {
            return .earlier(.issued(certificate: try issued.bytes(1)), request: try issued.integer(0))
        }
        let waiting = isJoining ? try self.waiting() : nil
        for same in same { try self.retire(same) }
        // What its transaction led to so far is nothing.
        for undone in undone where undone.id != waiting?.id {
            try self.replace(undone.id, undone.state, challenge: undone.challenge)
        }
        guard let waiting else { return nil }
        // For another CA it is another request, and what was approved was not this.
        if waiting.authority == self.request.authority, try self.join(waiting.id) {
            if !self.replaced.isEmpty { try self.remember(.pending, waiting.id, certificate: nil) }
            return .earlier(.pending, request: waiting.id)
        }
        try self.replace(waiting.id, .pending, challenge: self.request.challenge?.id)
        return nil
    }

    /// Which limit does not let the request wait; nil where it may.
    func queueFull(_ limits: QueueLimits) throws -> QueueFull? {
        let profile = SQLValue.text(self.request.identity.transaction.profile)
        let waiting = "SELECT count(*) FROM request WHERE profile = $1 AND status = 'pending'"
        let inProfile = try self.connection.query(waiting, [profile]).first?.integer(0) ?? 0
        guard inProfile < limits.perProfile else { return .profile(limit: limits.perProfile) }
        let fromAddress =
            try self.connection.query(
                "\(waiting) AND client_network = $2", [profile, .address(self.request.clientNetwork)]
            ).first?.integer(0) ?? 0
        return fromAddress < limits.perAddress ? nil : .address(limit: limits.perAddress)
    }

    /// Asks whether the certificate that signed it is revoked: there is a row then.
    private func revocationOfSigner() throws -> (any SQLAnswer)? {
        guard let signer = self.request.signerCertificate else { return nil }
        return try self.connection.send(
            "SELECT 1 FROM certificate WHERE id = $1 AND revoked_at IS NOT NULL", [.integer(signer)])
    }

    /// Asks what its limited challenge was used for before, with the same key and for the same names.
    private func issuanceForChallenge() throws -> (any SQLAnswer)? {
        guard let challenge = self.request.challenge, challenge.isLimited, self.canJoin else { return nil }
        return try self.connection.send(
            """
            SELECT request.id, certificate.encoded
            FROM challenge_use JOIN request ON request.id = challenge_use.request_id
                JOIN certificate ON certificate.id = request.certificate_id
            WHERE challenge_use.challenge_id = $1 AND challenge_use.key_digest = $2 AND challenge_use.names_digest = $3
                AND request.status = 'issued' AND request.signer_certificate_id IS NULL AND certificate.not_after > $4
                AND certificate.revoked_at IS NULL
            ORDER BY request.id DESC LIMIT 1
            """,
            [
                .integer(challenge.id), .bytes(self.request.identity.transaction.keyDigest),
                .bytes(self.request.namesDigest), .date(self.now),
            ]
        )
    }

    /// The request that waits with the same key for the same names, with the same challenge or also without one.
    private func waiting() throws -> (id: Int64, authority: Int64)? {
        guard self.canJoin else { return nil }
        let rows = try self.connection.query(
            """
            SELECT id, authority_id, expires_at FROM request
            WHERE profile = $1 AND key_digest = $2 AND names_digest = $3 AND COALESCE(challenge_id, 0) = $4
                AND status = 'pending' AND signer_certificate_id IS NULL
            ORDER BY id
            """,
            [
                .text(self.request.identity.transaction.profile),
                .bytes(self.request.identity.transaction.keyDigest), .bytes(self.request.namesDigest),
                .integer(self.request.challenge?.id ?? 0),
            ]
        )
        var waiting: (id: Int64, authority: Int64)?
        for row in rows {
            let id = try row.integer(0)
            if try row.integerIfPresent(2).map({ $0 <= self.now.milliseconds }) ?? false {
                _ = try Registry.expire(id, at: self.now, in: self.connection)
            } else {
                waiting = (id, try row.integer(1))
            }
        }
        return waiting
    }

    /// Whether another request can be known to ask for the same.
    private var canJoin: Bool { self.request.signerCertificate == nil && !self.request.namesDigest.isEmpty }

    /// Gives the identity of a request that counts no more to this one.
    private func retire(_ same: SameRequest) throws {
        // One that still waited, after its time.
        _ = try Registry.expire(same.id, at: self.now, in: self.connection)
        try self.connection.send("UPDATE request SET status = 'replaced' WHERE id = $1", [.integer(same.id)])
    }

    private mutating func replace(_ id: Int64, _ state: RequestState.Name, challenge: Int64?) throws {
        let count = try self.connection.execute(
            "UPDATE request SET status = 'replaced' WHERE id = $1 AND status = $2",
            [.integer(id), .text(state.rawValue)]
        )
        guard count > 0 else { return }
        self.replaced.append(id)
        if state == .pending { try Registry.release(challenge, in: self.connection) }
    }

    /// Lets a request that waits go on as this one; false where it waits no more.
    private func join(_ id: Int64) throws -> Bool {
        try self.connection.execute(
            """
            UPDATE request SET transaction_id = $1, request_digest = $2, sealed_request = $3, client_address = $4,
                client_network = $5, explanation = $6
            WHERE id = $7 AND status = 'pending'
            """,
            [
                .text(self.request.identity.transaction.transactionID), .bytes(self.request.identity.requestDigest),
                .bytes(self.request.sealedRequest), .address(self.request.clientAddress),
                .address(self.request.clientNetwork), .text(self.request.explanation, atMost: 20_000), .integer(id),
            ]
        ) > 0
    }

    /// Sends the row of the request.
    ///
    /// - Parameters:
    ///   - state: What becomes of it.
    ///   - isGranted: Whether it is granted the certificate that was sent just before.
    /// - Returns: The request's number, and the certificate's.
    /// - Throws: ``RegistryError``.
    func send(_ state: RequestState.Name, isGranted: Bool) throws -> any SQLAnswer {
        let request = self.request
        // Nobody else puts one in meanwhile. Asked for by its serial number, it would be looked for among all of its CA's as long as
        // PostgreSQL knows nothing yet about the table, and so knows no better index.
        let certificate = isGranted ? "(SELECT max(id) FROM certificate)" : "NULL"
        return try self.connection.send(
            """
            INSERT INTO request
                (transaction_id, profile, key_digest, request_digest, names_digest, authority_id, message_type,
                 status, subject, client_address, client_network, sealed_request, signer_certificate_id,
                 certificate_id, challenge_id, explanation, decided_at, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                \(certificate), $14, $15, $16, $17, $18)
            RETURNING id, certificate_id
            """,
            request.identity.transaction.values + [
                .bytes(request.identity.requestDigest),
                request.namesDigest.isEmpty ? .null : .bytes(request.namesDigest), .integer(request.authority),
                .integer(Int64(request.messageType)), .text(state.rawValue), .subject(request.subject),
                .address(request.clientAddress), .address(request.clientNetwork), .bytes(request.sealedRequest),
                .integer(ifPresent: request.signerCertificate), .integer(ifPresent: request.challenge?.id),
                .text(request.explanation, atMost: 20_000),
                state == .pending ? .null : .date(self.now), .date(self.now),
                state == .pending ? .date(ifPresent: request.expiresAt) : .null,
            ]
        )
    }

    /// Writes down what belongs to a request that is there, with its event.
    func finish(_ state: RequestState.Name, _ id: Int64, certificate: Int64?, superseding: Int64? = nil) throws {
        try Registry.noteUse(by: id, of: self.request, in: self.connection)
        let kind: EventKind =
            state == .pending ? .pending : self.request.signerCertificate == nil ? .issued : .renewed
        try self.remember(kind, id, certificate: certificate, superseding: superseding)
    }

    /// Writes down what came of it.
    private func remember(_ kind: EventKind, _ id: Int64, certificate: Int64?, superseding: Int64? = nil) throws {
        // What the kind says already is not said again: every enrolment would pay for it.
        let after: AuditState? =
            if let superseding { ["superseded": .integer(superseding)] } else {
                kind == .pending ? WaitingRequest.state : nil
            }
        let replaced = self.replaced.map { "request \($0)" }.joined(separator: ", ")
        try Registry.record(
            NewEvent(
                kind,
                by: Decider.device,
                profile: self.request.identity.transaction.profile,
                request: id,
                challenge: self.request.challenge?.id,
                certificate: certificate,
                clientAddress: self.request.clientAddress,
                subject: self.request.subject,
                detail: replaced.isEmpty ? "" : "in the place of \(replaced)",
                after: after
            ),
            at: self.now,
            in: self.connection
        )
    }
}
