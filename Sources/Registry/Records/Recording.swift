public import Foundation

/// What came of recording a request.
public enum Recording: Hashable, Sendable {
    /// It is recorded, under this number.
    case recorded(request: Int64)
    /// It is recorded, under this number, and waits in the place of another one of its transaction.
    case replacing(request: Int64)
    /// Nothing is recorded: this became of the same request before, which has this number.
    case earlier(RequestState, request: Int64)
    /// Nothing is recorded: the certificate that signed the renewal has been revoked meanwhile.
    case signerRevoked
    /// Nothing is recorded: the challenge is spent, reserved, expired, revoked or gone.
    case challengeUnusable
    /// Nothing is recorded: as many requests wait as may.
    case queueFull(QueueFull)
}

/// Where too many requests wait.
public enum QueueFull: Hashable, Sendable {
    /// In the profile.
    case profile(limit: Int)
    /// In the profile, from this address.
    case address(limit: Int)
}

/// How many requests may wait, so that nobody fills the disk with them.
public struct QueueLimits: Hashable, Sendable {
    /// In a profile.
    public var perProfile: Int
    /// In a profile, from one address, or one network where a client has more than an address.
    public var perAddress: Int

    /// Makes limits.
    public init(perProfile: Int, perAddress: Int) {
        self.perProfile = perProfile
        self.perAddress = perAddress
    }
}

extension Registry {
    /// Announces that a certificate is about to be signed and will be recorded by
    /// ``grant(_:_:superseding:at:announced:)``.
    public func announceGrant() -> AnnouncedWrite { self.database.announceWrite() }

    /// Records a certificate together with the request for it, and uses its challenge.
    ///
    /// The same key and names with the same limited challenge under another transactionID are no second use: the request
    /// that waits is joined, and the certificate that was issued is given again.
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
        try await self.database.decide(announced: announced) { connection in
            var arrival = Arrival(request: request, now: now, connection: connection)
            if let known = try arrival.settle(joining: request.challenge?.isLimited == true) { return known }
            // All of it is sent at once: what does not hold undoes it.
            let use = try request.challenge.map { try Self.use($0, for: request, at: now, in: connection) }
            let check = try Self.sendCheck(of: request.authority, in: connection)
            let insertion = try Self.send(certificate, authority: request.authority, at: now, in: connection)
            let recording = try arrival.send(.issued, isGranted: true)
            if let use, try use.changedRows() == 0 { throw Undone(answer: Recording.challengeUnusable) }
            try Self.checkIsUsable(request.authority, answer: check)
            let rows = try recording.rows()
            let id = try Self.identity(rows)
            let issued = try Self.identity(insertion.rows())
            guard try rows.first?.integer(1) == issued else {
                throw RegistryError.failed("request \(id) was recorded with another certificate than \(issued)")
            }
            let isSuperseded = try superseded.map { try Self.revoke($0, reason: 4, at: now, in: connection) } ?? false
            try arrival.finish(
                .issued, id, certificate: issued, superseding: isSuperseded ? superseded : nil)
            return .recorded(request: id)
        }
    }

    /// Records a request that waits for approval, and reserves its challenge.
    ///
    /// The same key and names with the same challenge, or both without one, under another transactionID join the request
    /// that waits. That keeps its number, its date and the approvals that it has, and is polled under the new
    /// transactionID from then on. Only enrolments join: the key of a renewal is its signer's, not the one that it asks for.
    /// Joining leaves no event unless it replaces something: a device could otherwise cause as many as it likes.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - limits: How many may wait; on PostgreSQL a few more may slip in where they come together.
    ///   - now: The time.
    ///   - announced: From ``announceGrant()``.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func pend(
        _ request: NewRequest,
        limits: QueueLimits,
        at now: Date,
        announced: AnnouncedWrite? = nil
    ) async throws -> Recording {
        try await self.database.decide(announced: announced) { connection in
            var arrival = Arrival(request: request, now: now, connection: connection)
            if let known = try arrival.settle(joining: true) { return known }
            if let full = try arrival.queueFull(limits) { throw Undone(answer: Recording.queueFull(full)) }
            if let challenge = request.challenge,
                try !Self.reserve(challenge, for: request, at: now, in: connection)
            {
                throw Undone(answer: Recording.challengeUnusable)
            }
            let id = try Self.identity(try arrival.send(.pending, isGranted: false).rows())
            try arrival.finish(.pending, id, certificate: nil)
            return arrival.hasReplaced ? .replacing(request: id) : .recorded(request: id)
        }
    }
}
