public import Enrollment
public import Foundation
public import Registry

/// An address that has sent wrong challenges.
public struct GuessingAddressDescription: Sendable {
    /// The address, or the IPv6 network of 64 bits.
    public var address: String
    /// How many different wrong challenges count.
    public var guesses: Int
    /// When the latest one came.
    public var latest: Date
    /// At which profiles.
    public var profiles: [String]
    /// Until when no challenge of it is looked at; nil where it need not wait.
    public var waitsUntil: Date?
}

/// What is borne from one address.
extension Administration {
    /// The limits.
    ///
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    public func limits() async throws -> LimitSettings {
        try await LimitSettings(in: self.registry)
    }

    /// Changes the limits.
    ///
    /// - Parameters:
    ///   - revision: What stands for the limits that were seen; nil where that does not matter.
    ///   - decider: Who changes them.
    ///   - now: The time.
    ///   - change: Changes them.
    /// - Throws: ``LimitSettingsError`` or ``RegistryError``.
    public func changeLimits(
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date,
        _ change: (inout LimitSettings) throws -> Void
    ) async throws {
        var settings = try await self.limits()
        try AdministrationError.check(revision, is: try settings.revision, "the limits")
        try change(&settings)
        try settings.check()
        try await settings.save(in: self.registry, by: decider, at: now)
    }

    /// The addresses that have sent wrong challenges lately.
    ///
    /// - Throws: ``RegistryError``.
    public func guessingAddresses(at now: Date) async throws -> [GuessingAddressDescription] {
        let settings = try await self.limits()
        let since = settings.earliestGuess(at: now)
        var found: [GuessingAddressDescription] = []
        for address in try await self.registry.guessingAddresses(since: since) {
            let guesses = try await self.registry.wrongChallenges(from: address.address, since: since)
            found.append(
                GuessingAddressDescription(
                    address: address.address,
                    guesses: address.count,
                    latest: address.latest,
                    profiles: address.profiles,
                    waitsUntil: settings.obstacle(toGuesses: guesses, at: now)
                )
            )
        }
        return found
    }

    /// Forgets the wrong challenges of an address, so that it need not wait any more.
    ///
    /// - Throws: ``AdministrationError`` where there are none.
    public func clearGuesses(from address: String, by decider: Decider, at now: Date) async throws {
        let network = LimitSettings.network(of: address)
        guard try await self.registry.clearWrongChallenges(from: network, by: decider, at: now) > 0 else {
            throw AdministrationError(
                "no wrong challenges of \(network) are counted: ucm limits addresses shows all that are", .notFound
            )
        }
    }
}
