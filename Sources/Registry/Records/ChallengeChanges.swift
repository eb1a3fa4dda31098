public import Foundation

/// What came of recording challenges.
public enum ChallengeInsertion: Hashable, Sendable {
    /// They are recorded, under these numbers, in their order.
    case inserted([Int64])
    /// None is recorded: there is no such profile, or not any more.
    case profileGone(String)
    /// None is recorded: the profile has this one already, or it comes twice.
    case duplicate(index: Int)
}

/// Making and revoking challenges.
///
/// A running server has the static ones in memory, so their changes are noted; of the others there may be thousands a
/// day, and they are looked up.
extension Registry {
    /// Records challenges, all or none.
    ///
    /// - Parameters:
    ///   - challenges: The challenges.
    ///   - creator: Who makes them.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func insert(
        _ challenges: [NewChallenge],
        by creator: Decider,
        at now: Date
    ) async throws -> ChallengeInsertion {
        try await self.database.decide { connection in
            for profile in Set(challenges.map(\.profile)).sorted() where try !Self.exists(profile, in: connection) {
                return .profileGone(profile)
            }
            if challenges.contains(where: { !$0.isLimited }) { try Self.noteChange(in: connection) }
            var ids: [Int64] = []
            for (index, challenge) in challenges.enumerated() {
                guard let id = try Self.insert(challenge, by: creator, at: now, in: connection) else {
                    throw Undone(answer: ChallengeInsertion.duplicate(index: index))
                }
                ids.append(id)
            }
            return .inserted(ids)
        }
    }

    /// Replaces all static challenges of a profile, all or none: those that are not among the new ones are revoked.
    ///
    /// One that the profile had before, revoked or not, is valid again and as the new one says; its uses stay counted.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - challenges: The new ones, which are this profile's.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``.
    public func replaceStaticChallenges(
        of profile: String,
        with challenges: [NewChallenge],
        by decider: Decider,
        at now: Date
    ) async throws -> ChallengeInsertion {
        try await self.database.decide { connection in
            guard try Self.exists(profile, in: connection) else { return .profileGone(profile) }
            try Self.noteChange(in: connection)
            var ids: [Int64] = []
            for (index, challenge) in challenges.enumerated() {
                let id =
                    try Self.insert(challenge, by: decider, at: now, in: connection)
                    ?? Self.revive(challenge, by: decider, at: now, in: connection)
                guard let id, !ids.contains(id) else {
                    throw Undone(answer: ChallengeInsertion.duplicate(index: index))
                }
                ids.append(id)
            }
            let others = try connection.query(
                "SELECT id FROM challenge WHERE profile = $1 AND max_uses IS NULL AND revoked_at IS NULL ORDER BY id",
                [.text(profile)]
            ).map { try $0.integer(0) }
            for id in others where !ids.contains(id) {
                _ = try Self.revokeChallenge(id, by: decider, at: now, in: connection)
            }
            return .inserted(ids)
        }
    }

    /// Revokes a challenge; requests that wait with it can still be approved.
    ///
    /// - Parameters:
    ///   - id: The challenge.
    ///   - decider: Who revokes it.
    ///   - now: The time.
    /// - Returns: Whether it was there and not revoked before.
    /// - Throws: ``RegistryError``.
    public func revokeChallenge(_ id: Int64, by decider: Decider, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            guard let revoked = try Self.revokeChallenge(id, by: decider, at: now, in: connection) else { return false }
            if !revoked.isLimited { try Self.noteChange(in: connection) }
            return true
        }
    }

    private static func exists(_ profile: String, in connection: any SQLConnection) throws -> Bool {
        try !connection.query("SELECT 1 FROM profile WHERE name = $1", [.text(profile)]).isEmpty
    }

    /// Records a challenge; nil where its profile has it already.
    static func insert(
        _ challenge: NewChallenge,
        by creator: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int64? {
        let rows = try connection.query(
            """
            INSERT INTO challenge
                (profile, digest, label, device, owner, binding, max_uses, expires_at, created_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (profile, digest) DO NOTHING RETURNING id
            """,
            [
                .text(challenge.profile), .bytes(challenge.digest), .text(challenge.label),
                .text(ifPresent: challenge.device), .text(ifPresent: challenge.user), .text(challenge.binding),
                .integer(ifPresent: challenge.maximumUses.map(Int64.init)), .date(ifPresent: challenge.expiresAt),
                .date(now), .decider(creator),
            ]
        )
        guard let id = try rows.first?.integer(0) else { return nil }
        try Self.record(.challengeCreated, challenge, id: id, by: creator, at: now, in: connection)
        return id
    }

    /// Makes a static challenge that the profile has had before valid again; nil where it is not a static one.
    private static func revive(
        _ challenge: NewChallenge,
        by decider: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> Int64? {
        guard !challenge.isLimited else { return nil }
        let rows = try connection.query(
            """
            UPDATE challenge SET label = $1, device = $2, owner = $3, binding = $4, expires_at = $5, revoked_at = NULL,
                revoked_by = NULL
            WHERE profile = $6 AND digest = $7 AND max_uses IS NULL RETURNING id
            """,
            [
                .text(challenge.label), .text(ifPresent: challenge.device), .text(ifPresent: challenge.user),
                .text(challenge.binding), .date(ifPresent: challenge.expiresAt), .text(challenge.profile),
                .bytes(challenge.digest),
            ]
        )
        guard let id = try rows.first?.integer(0) else { return nil }
        try Self.record(.challengeCreated, challenge, id: id, by: decider, at: now, in: connection)
        return id
    }

    private static func revokeChallenge(
        _ id: Int64,
        by decider: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> NewChallenge? {
        let rows = try connection.query(
            """
            UPDATE challenge SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL
            RETURNING \(ChallengeRecord.columns)
            """,
            [.date(now), .decider(decider), .integer(id)]
        )
        guard let challenge = try rows.first.map(ChallengeRecord.init)?.challenge else { return nil }
        try Self.record(.challengeRevoked, challenge, id: id, by: decider, at: now, in: connection)
        return challenge
    }

    private static func record(
        _ kind: EventKind,
        _ challenge: NewChallenge,
        id: Int64,
        by actor: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        let uses = challenge.maximumUses.map { $0 == 1 ? "one use" : "\($0) uses" } ?? "static"
        let parts = [
            uses, challenge.label.isEmpty ? nil : "label \(challenge.label)", challenge.device.map { "device \($0)" },
            challenge.user.map { "user \($0)" },
        ]
        var event = NewEvent(
            kind,
            by: actor,
            profile: challenge.profile,
            challenge: id,
            detail: parts.compactMap(\.self).joined(separator: ", ")
        )
        if kind == .challengeRevoked {
            (event.before, event.after) = (challenge.auditState("usable"), challenge.auditState("revoked"))
        } else {
            event.after = challenge.auditState("usable")
        }
        try Self.record(event, at: now, in: connection)
    }
}

extension NewChallenge {
    /// What the audit log says of it: neither the challenge nor its digest.
    fileprivate func auditState(_ state: String) -> AuditState {
        [
            "state": .text(state), "label": .text(self.label), "device": self.device.map(AuditValue.text),
            "user": self.user.map(AuditValue.text), "binding": .json(orText: self.binding),
            "maximumUses": self.maximumUses.map { .integer(Int64($0)) },
            "expiresAt": self.expiresAt.map(AuditValue.date),
        ]
    }
}
