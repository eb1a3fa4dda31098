import CertificateAuthority
public import Enrollment
public import Foundation
public import Registry

/// A challenge that somebody wants to have made.
public struct ChallengeOrder: Hashable, Sendable {
    /// The profile in which it is valid.
    public var profile: String
    /// What it is for, in a word.
    public var label = ""
    /// The device that it is for; nil where that is open.
    public var device: String?
    /// The user that it is for; nil where that is open.
    public var user: String?
    /// What it is good for; anything where nothing is said.
    public var binding = ChallengeBinding()
    /// How many certificates it is good for; nil for a static one, which is good for any number.
    public var uses: Int?
    /// When it ends; nil for never.
    public var expiresAt: Date?
    /// The secret, where somebody has chosen it; nil for a generated one.
    public var secret: String?

    /// How long a challenge for one device is good where nothing else is said, in seconds.
    static let usualLifetime: TimeInterval = 3600

    /// Orders a challenge for one certificate, generated, that ends in an hour.
    ///
    /// - Parameters:
    ///   - profile: The profile in which it is valid.
    ///   - now: The time.
    public init(profile: String, at now: Date) {
        self.profile = profile
        self.uses = 1
        self.expiresAt = now.addingTimeInterval(Self.usualLifetime)
    }
}

/// A challenge that was made, whose secret is shown once and then known to nobody else.
public struct MadeChallenge: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The secret.
    public var secret: String
    /// What was ordered.
    public var order: ChallengeOrder
}

/// Challenges.
extension Administration {
    /// How many challenges are made at once.
    static let maximumChallenges = 10_000

    /// Makes challenges, all of them or none.
    ///
    /// - Parameters:
    ///   - orders: What is wanted.
    ///   - decider: Who wants it.
    ///   - now: The time.
    /// - Returns: The challenges, in the same order.
    /// - Throws: ``AdministrationError`` that says which one cannot be, and why.
    public func createChallenges(
        _ orders: [ChallengeOrder],
        by decider: Decider,
        at now: Date
    ) async throws -> [MadeChallenge] {
        guard (1...Self.maximumChallenges).contains(orders.count) else {
            throw AdministrationError("1 to \(Self.maximumChallenges) challenges are made at once, not \(orders.count)")
        }
        let profiles = Set(try await self.registry.profiles().map(\.name))
        let templates = try await self.templates()
        let made = try orders.enumerated().map { number, order in
            guard profiles.contains(order.profile) else { throw AdministrationError.unknownProfile(order.profile) }
            do throws(AdministrationError) {
                try order.check(templates, at: now)
            } catch {
                throw orders.count == 1 ? error : AdministrationError("challenge \(number + 1): \(error)")
            }
            return (order, order.secret ?? GeneratedSecret.make())
        }
        let insertion = try await self.registry.insert(
            try made.map { order, secret in try self.newChallenge(order, secret: secret) },
            by: decider,
            at: now
        )
        switch insertion {
        case .inserted(let ids):
            return zip(ids, made).map { MadeChallenge(id: $0, secret: $1.1, order: $1.0) }
        case .profileGone(let name): throw AdministrationError.unknownProfile(name)
        case .duplicate(let index):
            let which = orders.count == 1 ? "" : " of challenge \(index + 1)"
            throw AdministrationError(
                "the secret\(which) is one that the profile \(orders[index].profile) has or had already: choose another",
                .conflict
            )
        }
    }

    func newChallenge(_ order: ChallengeOrder, secret: String) throws -> NewChallenge {
        NewChallenge(
            profile: order.profile,
            digest: self.masterKey.digest(ofChallenge: Array(secret.utf8), profile: order.profile),
            label: order.label,
            device: order.device,
            user: order.user,
            binding: try order.binding.json(),
            maximumUses: order.uses,
            expiresAt: order.expiresAt
        )
    }

    /// Challenges, the newest first.
    ///
    /// - Parameters:
    ///   - profile: Of which profile; nil for all.
    ///   - now: Only those that are good at this time; nil for all.
    ///   - last: Only those made before the one with this number; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The challenges.
    /// - Throws: ``RegistryError``.
    public func challenges(
        profile: String?,
        usableAt now: Date?,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [ChallengeRecord] {
        try await self.registry.challenges(profile: profile, onlyUsableAt: now, after: last, limit: limit)
    }

    /// A challenge, and the requests that had it.
    ///
    /// - Throws: ``AdministrationError`` where there is none of that number, or ``RegistryError``.
    public func challenge(_ id: Int64) async throws -> (ChallengeRecord, requests: [RequestRecord]) {
        guard let record = try await self.registry.challenge(id) else { throw Self.unknownChallenge(id) }
        return (record, try await self.registry.requests(usingChallenge: id))
    }

    /// Makes a challenge worthless; what was issued with it stays, and so do requests that wait with it.
    ///
    /// - Throws: ``AdministrationError`` where there is none of that number, or it is worthless already.
    public func revokeChallenge(_ id: Int64, by decider: Decider, at now: Date) async throws {
        guard try await self.registry.revokeChallenge(id, by: decider, at: now) else {
            guard try await self.registry.challenge(id) != nil else { throw Self.unknownChallenge(id) }
            throw AdministrationError("the challenge \(id) was revoked before", .conflict)
        }
    }

    private static func unknownChallenge(_ id: Int64) -> AdministrationError {
        AdministrationError("there is no challenge \(id): ucm challenge list --all shows all of them", .notFound)
    }
}

extension ChallengeOrder {
    /// Refuses what makes no sense, or names a template that is not there.
    func check(_ templates: CertificateTemplates, at now: Date) throws(AdministrationError) {
        try self.check(at: now)
        if let template = self.binding.template, templates.named(template) == nil {
            throw AdministrationError.unknownTemplate(template, templates)
        }
    }

    /// Refuses what makes no sense.
    func check(at now: Date) throws(AdministrationError) {
        if let uses, !(1...1_000_000).contains(uses) {
            throw AdministrationError("a challenge is good for 1 to 1000000 uses, not \(uses)")
        }
        if let expiresAt, expiresAt <= now {
            throw AdministrationError("the challenge would have ended on \(expiresAt.formatted(.iso8601)) already")
        }
        for text in [self.label, self.device ?? "", self.user ?? ""] where text.utf8.count > 200 {
            throw AdministrationError("a label, device or user has at most 200 characters")
        }
        if let secret {
            guard !secret.isEmpty, secret.utf8.count <= 255 else {
                throw AdministrationError("a challenge has 1 to 255 bytes (challengePassword, RFC 2985 §5.4.1)")
            }
        }
    }
}
