import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry
import SCEP

/// An exchange, and what is to be said of it where it failed.
public struct ExchangeDescription: Sendable {
    /// What is written down.
    public var record: ExchangeRecord
    /// Why it failed and what to do; nil where it did not.
    public var advice: FailureAdvice?
}

/// What clients asked by SCEP and were answered.
extension Administration {
    /// Exchanges, page by page, each of which takes a moment; with the oldest first and the number of the last one that was seen, those since then.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those behind the one with this number; nil for all.
    ///   - order: In which order.
    ///   - limit: How many at most.
    ///   - now: The time.
    /// - Returns: The exchanges.
    /// - Throws: ``RegistryError``, or where a profile cannot be read.
    public func exchanges(
        _ filter: ExchangeFilter = ExchangeFilter(),
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int,
        at now: Date
    ) async throws -> ListPage<ExchangeDescription> {
        let page = try await self.registry.exchangePage(filter, after: last, order: order, limit: limit)
        return ListPage(items: try await self.describe(page.items, at: now), next: page.next)
    }

    /// Finds for each exchange what is to be said of it.
    func describe(_ records: [ExchangeRecord], at now: Date) async throws -> [ExchangeDescription] {
        var book = FailureBook(administration: self, now: now)
        var described: [ExchangeDescription] = []
        for record in records {
            described.append(ExchangeDescription(record: record, advice: try await book.advice(on: record.exchange)))
        }
        return described
    }
}

/// Looks up what is known of failures, each profile, challenge and address once.
private struct FailureBook {
    let administration: Administration
    let now: Date

    private var profiles: [String: Profile?] = [:]
    private var recipients: [String: Date?] = [:]
    private var newest: [String: Date?] = [:]
    private var challenges: [Int64: ChallengeRecord?] = [:]
    private var locks: [String: Date?] = [:]

    init(administration: Administration, now: Date) {
        self.administration = administration
        self.now = now
    }

    /// What is to be said of an exchange; nil where it did not fail.
    mutating func advice(on exchange: NewExchange) async throws -> FailureAdvice? {
        guard !exchange.outcome.isGood else { return nil }
        let cause = exchange.cause.flatMap(RefusalCause.init(rawValue:))
        var facts = FailureFacts()
        facts.client = exchange.clientAddress
        facts.failInfo = exchange.failInfo
        facts.reason = exchange.reason
        facts.date = exchange.date
        facts.algorithms = [exchange.signature, exchange.digest, exchange.cipher].compactMap(\.self)
        if let name = exchange.profile {
            facts.profile = name
            try await self.add(cause, name, to: &facts)
        }
        try await self.add(challengeOf: exchange, to: &facts)
        if cause == .guessing { facts.lockedUntil = try await self.lock(of: exchange.clientAddress) }
        return FailureAdvice(cause, facts)
    }

    /// What is known of the profile as it is now.
    private mutating func add(_ cause: RefusalCause?, _ name: String, to facts: inout FailureFacts) async throws {
        if self.profiles[name] == nil {
            // One that cannot be read keeps nobody from looking at what happened.
            self.profiles[name] = .some(try? await self.administration.profile(named: name))
        }
        guard let settings = self.profiles[name]??.settings else { return }
        facts.level = settings.algorithmLevel
        facts.subjects = settings.rules.subjects.map { "\($0)" }
        facts.alternativeNames = settings.rules.alternativeNames.map { "\($0)" }
        facts.keys = settings.rules.keys.map { "\($0)" }
        facts.signingTimeTolerance = settings.signingTimeTolerance
        if cause == .challengeWrong || cause == .challengeRevoked {
            facts.challengeSince = try await self.newestChallenge(of: name)
        }
        if cause == .recipient { facts.recipientSince = await self.recipient(of: name, settings) }
    }

    private mutating func newestChallenge(of profile: String) async throws -> Date? {
        if let known = self.newest[profile] { return known }
        let usable = try await self.administration.registry.staticChallenges(at: self.now)
        let date = usable.filter { $0.challenge.profile == profile }.map(\.createdAt).max()
        self.newest[profile] = .some(date)
        return date
    }

    private mutating func recipient(of profile: String, _ settings: ProfileSettings) async -> Date? {
        if let known = self.recipients[profile] { return known }
        let date = try? await self.loadRecipient(of: profile, settings)
        self.recipients[profile] = .some(date)
        return date
    }

    private func loadRecipient(of profile: String, _ settings: ProfileSettings) async throws -> Date? {
        let record = try await self.administration.registry.profiles().first { $0.name == profile }
        guard let record, let authority = try await self.administration.authorities()[record.authority] else {
            return nil
        }
        return try authority.keys(for: settings).first.map {
            try CertificateDetails(encoded: $0.certificate.encoded).notBefore
        }
    }

    /// The challenge that the device sent; another one may have its number since its profile was deleted.
    private mutating func add(challengeOf exchange: NewExchange, to facts: inout FailureFacts) async throws {
        guard let id = exchange.challenge else { return }
        if self.challenges[id] == nil {
            self.challenges[id] = .some(try await self.administration.registry.challenge(id))
        }
        guard let record = self.challenges[id] ?? nil, record.challenge.profile == exchange.profile,
            record.createdAt <= exchange.date
        else { return }
        facts.challenge = FailureFacts.SentChallenge(
            name: KnownChallenge.name(of: record),
            isStatic: !record.challenge.isLimited,
            revokedAt: record.revocation?.date,
            expiresAt: record.challenge.expiresAt,
            lastUsedAt: record.lastUse?.date
        )
    }

    /// Until when no challenge of an address is looked at; nil where it need not wait now.
    private mutating func lock(of address: String) async throws -> Date? {
        let network = LimitSettings.network(of: address)
        if let known = self.locks[network] { return known }
        let settings = try await self.administration.settings(LimitSettings.self)
        let guesses = try await self.administration.registry.wrongChallenges(
            from: network, since: settings.earliestGuess(at: self.now))
        let date = settings.obstacle(toGuesses: guesses, at: self.now)
        self.locks[network] = .some(date)
        return date
    }
}
