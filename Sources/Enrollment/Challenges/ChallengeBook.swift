public import CertificateAuthority
import CryptographicMessageSyntax
public import Foundation
public import Registry

/// The challenges of one profile: what one that a request has is worth.
public struct ChallengeBook: Sendable {
    let profile: String
    /// The static ones, which are in memory; the others are looked up.
    let fixed: [KnownChallenge]
    let registry: Registry
    let masterKey: MasterKey

    /// Opens the book.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - registry: Where challenges are recorded.
    ///   - masterKey: Under which they are kept.
    public init(of profile: Profile, registry: Registry, masterKey: MasterKey) {
        self.profile = profile.name
        self.fixed = profile.challenges
        self.registry = registry
        self.masterKey = masterKey
    }

    /// Judges a challenge.
    ///
    /// - Parameters:
    ///   - challenge: The challengePassword as UTF-8; nil or empty where there is none.
    ///   - names: What the request asks for, for challenges that are good for certain names only.
    ///   - client: From where it comes.
    ///   - key: SHA-256 of the signer's key, who may send again what he was granted.
    ///   - now: The time.
    /// - Returns: What the challenge is worth.
    /// - Throws: ``RegistryError``, or where a stored binding cannot be read.
    public func judge(
        _ challenge: [UInt8]?,
        names: RequestedNames,
        from client: String,
        key: [UInt8]?,
        at now: Date
    ) async throws -> PresentedChallenge {
        guard let challenge, !challenge.isEmpty else { return PresentedChallenge(verdict: .missing) }
        let known: KnownChallenge
        var obstacle: Obstacle?
        if let found = self.fixed(challenge) {
            known = found
            if let end = found.expiresAt, end <= now { obstacle = (.challengeExpired, Self.ended(found, end)) }
        } else {
            // An HMAC that nobody can foretell says nothing by the time it takes to look it up.
            let digest = self.masterKey.digest(ofChallenge: challenge, profile: self.profile)
            guard let record = try await self.registry.challenge(digest: digest, profile: self.profile) else {
                return PresentedChallenge(
                    verdict: .invalid(
                        "wrong challenge: it is none of those of the profile \(self.profile); compare it with the "
                            + "device's setting"
                    ),
                    cause: .challengeWrong,
                    wrongDigest: digest
                )
            }
            known = try KnownChallenge(record)
            obstacle = try await self.obstacle(to: record, known, names: names, key: key, at: now)
        }
        if obstacle == nil, let violation = known.binding.violation(by: names, from: client) {
            obstacle = (.challengeBinding, "the \(known.name): \(violation)")
        }
        return PresentedChallenge(
            verdict: obstacle.map { .invalid($0.reason) } ?? .valid(known.name),
            known: known,
            cause: obstacle?.cause
        )
    }

    /// Why a challenge is not good, in a word and in a sentence.
    private typealias Obstacle = (cause: RefusalCause, reason: String)

    /// The static challenge that this one is; every one is compared, so that the time does not tell which came close.
    private func fixed(_ challenge: [UInt8]) -> KnownChallenge? {
        self.fixed.reduce(nil) { found, known in
            let isSame = self.masterKey.isChallenge(challenge, profile: self.profile, keptAs: known.digest)
            return isSame ? known : found
        }
    }

    /// Why a challenge is not good for anything any more; nil where it is, or where whoever used it comes again.
    private func obstacle(
        to record: ChallengeRecord,
        _ known: KnownChallenge,
        names: RequestedNames,
        key: [UInt8]?,
        at now: Date
    ) async throws -> Obstacle? {
        let reason: String
        let state = record.state(at: now)
        guard let cause = RefusalCause(state) else { return nil }
        switch state {
        case .usable: return nil
        case .revoked:
            let revocation = record.revocation.map {
                " on \($0.date.formatted(.iso8601)) by \($0.decider)"
            }
            reason = "the \(known.name) was revoked\(revocation ?? "")"
        case .expired: reason = Self.ended(known, known.expiresAt ?? now)
        case .spent: reason = "the \(known.name) is used up: make a new one with ucm challenge create"
        case .reserved:
            reason =
                "the \(known.name) is held by a request that waits for approval: ucm challenge show \(record.id) "
                + "says by which"
        }
        guard let key else { return (cause, reason) }
        // The registry finds out what became of that request; nothing new comes of it.
        let hasUsed = try await self.registry.hasUsed(
            challenge: record.id,
            key: key,
            names: names.namesDigest,
            at: now
        )
        return hasUsed ? nil : (cause, reason)
    }

    private static func ended(_ known: KnownChallenge, _ date: Date) -> String {
        "the \(known.name) ended on \(date.formatted(.iso8601)): make a new one with ucm challenge create"
    }
}
