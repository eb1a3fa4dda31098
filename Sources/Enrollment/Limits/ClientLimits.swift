public import Foundation
public import Registry
import Synchronization

/// What is borne from one address; shared by all profiles, and kept when the configuration is read anew.
public final class ClientLimits: Sendable {
    private let current = Mutex(LimitSettings())
    let failures = AddressLimit()
    let requests = AddressLimit()
    let revocationLists = AddressLimit()
    /// By which name other nodes know this one; another one after each start.
    let node = UUID().uuidString
    /// The number of the last thing that other nodes told.
    let lastTold = Mutex<Int64?>(nil)
    private let alarms = Mutex<[String: Date]>([:])
    /// When wrong challenges came that were new, by address, the latest first; only of those that have to wait.
    private let guesses = Mutex<[String: [Date]]>([:])

    /// How many addresses that guess are remembered.
    private static let capacity = 10_000

    /// Until when refusals of a profile are slow after its latest wrong challenge, in seconds.
    private static let alarmDuration = 600.0

    /// Makes limits that nobody has touched.
    public init() {}

    /// The limits; a change counts from now on.
    public var settings: LimitSettings {
        get { self.current.withLock { $0 } }
        set { self.current.withLock { $0 = newValue } }
    }

    /// Counts a request and looks whether it may be answered.
    ///
    /// - Returns: Why not, and when to come back; nil where it may.
    public func obstacle(to client: String, at now: Date) -> Obstacle? {
        let settings = self.settings
        if let date = self.failures.look(client, perMinute: settings.failuresPerMinute, at: now) {
            return Obstacle(
                reason:
                    "\(client) has sent more than \(settings.failuresPerMinute) requests in a minute that were refused",
                until: date
            )
        }
        if let limit = settings.requestsPerMinute, let date = self.requests.take(client, perMinute: limit, at: now) {
            return Obstacle(reason: "\(client) has sent more than \(limit) requests in a minute", until: date)
        }
        return nil
    }

    /// Counts a request that was refused.
    public func countFailure(of client: String, at now: Date) {
        _ = self.failures.take(client, perMinute: self.settings.failuresPerMinute, at: now)
    }

    /// Counts a request for a CRL.
    ///
    /// - Returns: Whether it may be answered.
    func allowsRevocationList(to client: String, at now: Date) -> Bool {
        self.revocationLists.take(client, perMinute: self.settings.revocationListsPerMinute, at: now) == nil
    }

    /// Takes over from the registry who guesses challenges, which other nodes and administrators change too.
    ///
    /// - Throws: ``RegistryError``.
    public func followGuesses(in registry: Registry, at now: Date) async throws {
        let settings = self.settings
        let found = try await registry.wrongChallenges(
            since: settings.earliestGuess(at: now),
            atLeast: settings.guessesUntilSlowed,
            limit: Self.capacity
        )
        self.guesses.withLock { $0 = found }
    }

    /// Takes over at once that an address has sent another wrong challenge.
    func noteGuess(from client: String, in registry: Registry, at now: Date) async throws {
        let settings = self.settings
        let address = ClientNetwork.of(client)
        let guesses = try await registry.wrongChallenges(from: address, since: settings.earliestGuess(at: now))
        guard guesses.count >= settings.guessesUntilSlowed else { return }
        self.guesses.withLock { all in
            if all.count < Self.capacity || all[address] != nil { all[address] = guesses }
        }
    }

    /// Until when no challenge of an address is looked at; nil where it need not wait.
    func guessingObstacle(to client: String, at now: Date) -> Date? {
        guard let guesses = self.guesses.withLock({ $0.isEmpty ? nil : $0[ClientNetwork.of(client)] }) else {
            return nil
        }
        return self.settings.obstacle(toGuesses: guesses, at: now)
    }

    /// Slows the refusals of a profile at which so many different wrong challenges came in an hour.
    ///
    /// - Returns: Whether that is news.
    func noteGuesses(_ count: Int, at profile: String, at now: Date) -> Bool {
        guard count >= self.settings.guessesUntilAlarm else { return false }
        return self.alarms.withLock { alarms in
            let isNews = (alarms[profile] ?? .distantPast) <= now
            alarms[profile] = now.addingTimeInterval(Self.alarmDuration)
            return isNews
        }
    }

    /// Whether refusals of a profile are slow at present.
    func isSlowed(_ profile: String, at now: Date) -> Bool {
        self.alarms.withLock { ($0[profile] ?? .distantPast) > now }
    }

    /// Why a request is not looked at, and when to come back.
    public struct Obstacle: Hashable, Sendable {
        /// Who has done what.
        public var reason: String
        /// When to come back.
        public var until: Date
    }
}
