import Enrollment
public import Foundation
import Registry

/// Where and until when nobody can sign in with a name, because of what was wrong before.
public struct AccountLock: Hashable, Sendable {
    /// The address, or the IPv6 network of 64 bits; nil for everywhere.
    public var network: String?
    /// Until when.
    public var until: Date

    /// So many failures in such a time lock for such a time after the last of them.
    private struct Rule {
        var failures: Int
        var window: TimeInterval
        var duration: TimeInterval

        /// Until when a name is locked whose latest failures were at these times, the newest first.
        func end(_ latest: [Date], at now: Date) -> Date? {
            guard latest.count >= self.failures, let newest = latest.first,
                newest.timeIntervalSince(latest[self.failures - 1]) <= self.window
            else { return nil }
            let end = newest.addingTimeInterval(self.duration)
            return end > now ? end : nil
        }
    }

    /// For a name from one network: a person who mistypes, or one who guesses.
    private static let local = Rule(failures: 5, window: 900, duration: 900)
    /// For all names from one network: somebody who tries one password with many names, or thinks of names without end.
    private static let network = Rule(failures: 50, window: 900, duration: 900)
    /// For a name from anywhere: somebody who guesses from many addresses.
    private static let global = Rule(failures: 100, window: 3600, duration: 900)
    /// How long a failure counts at most.
    static let memory: TimeInterval = 3600

    /// The lock of a name for a network, the one that lasts longest where there are several; nil where there is none.
    static func find(_ name: String, from network: String, in accounts: AccountTransaction) throws -> AccountLock? {
        [try Self.own(name, from: network, in: accounts), try Self.anybody(from: network, in: accounts)]
            .compactMap(\.self).max { $0.until < $1.until }
    }

    /// The lock of a name itself for a network; nil where there is none.
    static func own(_ name: String, from network: String, in accounts: AccountTransaction) throws -> AccountLock? {
        [try Self.everywhere(name, in: accounts), try Self.here(name, from: network, in: accounts)]
            .compactMap(\.self).max { $0.until < $1.until }
    }

    /// The lock of a network for all names; nil where there is none.
    static func anybody(from network: String, in accounts: AccountTransaction) throws -> AccountLock? {
        let latest = try accounts.failures(of: nil, from: network, limit: Self.network.failures)
        return Self.network.end(latest, at: accounts.now).map { AccountLock(network: network, until: $0) }
    }

    /// All locks of a name.
    static func all(of name: String, in accounts: AccountTransaction) throws -> [AccountLock] {
        let start = accounts.now.addingTimeInterval(-(Self.local.window + Self.local.duration))
        let networks = try accounts.failingNetworks(of: name, since: start, atLeast: Self.local.failures)
        return try [Self.everywhere(name, in: accounts)].compactMap(\.self)
            + networks.compactMap { try Self.here(name, from: $0, in: accounts) }
    }

    private static func everywhere(_ name: String, in accounts: AccountTransaction) throws -> AccountLock? {
        let latest = try accounts.failures(of: name, from: nil, limit: Self.global.failures)
        return Self.global.end(latest, at: accounts.now).map { AccountLock(network: nil, until: $0) }
    }

    private static func here(
        _ name: String,
        from network: String,
        in accounts: AccountTransaction
    ) throws -> AccountLock? {
        let latest = try accounts.failures(of: name, from: network, limit: Self.local.failures)
        return Self.local.end(latest, at: accounts.now).map { AccountLock(network: network, until: $0) }
    }
}

/// Somebody who gives a password or code for a name, from somewhere.
struct Claimant: Hashable, Sendable {
    /// The name as it was given.
    var name: String
    /// The address; nil where it is not known.
    var address: String?

    /// From where, as failures are counted.
    var network: String { self.address.map(LimitSettings.network(of:)) ?? "unknown" }

    /// Counts a failure, and locks the name where it is one too many.
    ///
    /// - Parameters:
    ///   - account: The account; nil where nobody has the name.
    ///   - reason: What was wrong, for the record.
    ///   - accounts: The transaction.
    /// - Throws: ``RegistryError``.
    func fail(_ account: AccountRecord?, _ reason: String, in accounts: AccountTransaction) throws {
        let since = accounts.now.addingTimeInterval(-900)
        let isNews = try account != nil || !accounts.hasTriedUnknownNames(self.network, since: since)
        try accounts.insert(SignInFailure(name: self.name, network: self.network, isKnown: account != nil))
        // Anybody can think of names without end, and now and then types a password in the place of one: these are
        // counted, but neither named nor told of one by one.
        if isNews {
            try accounts.record(
                NewEvent(
                    .signInFailed,
                    by: Decider("nobody", address: self.address),
                    object: account?.auditObject,
                    detail: account == nil ? "names that no user has" : reason
                )
            )
        }
        // Nothing is counted while a lock lasts, so each is recorded once.
        if let lock = try AccountLock.anybody(from: self.network, in: accounts) {
            try accounts.record(
                NewEvent(
                    .accountLocked,
                    by: Decider.server,
                    detail: "all names locked from \(self.network) until \(lock.until.formatted(.iso8601))"
                )
            )
        }
        guard let account, let lock = try AccountLock.own(self.name, from: self.network, in: accounts) else { return }
        let place = lock.network.map { "from \($0)" } ?? "from everywhere"
        try accounts.record(
            NewEvent(
                .accountLocked,
                by: Decider.server,
                object: account.auditObject,
                detail: "locked \(place) until \(lock.until.formatted(.iso8601))"
            )
        )
    }
}
