import Enrollment
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

/// What was borne from single addresses.
extension Administration {
    /// The addresses that have sent wrong challenges lately.
    ///
    /// - Throws: ``RegistryError``.
    public func guessingAddresses(at now: Date) async throws -> [GuessingAddressDescription] {
        let settings = try await self.settings(LimitSettings.self)
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
