public import CertificateAuthority
public import Foundation

/// How much is borne from one address, and from those who guess challenges.
public struct LimitSettings: Hashable, Sendable {
    /// How many refused requests an address may send in a minute before its requests are not looked at any more.
    public var failuresPerMinute = 60
    /// How many requests of any kind an address may send in a minute; nil for any number, for a fleet sits behind one
    /// address.
    public var requestsPerMinute: Int?
    /// How many CRLs an address may fetch through SCEP in a minute: each may have a megabyte.
    public var revocationListsPerMinute = 20
    /// After how many different wrong challenges an address has to wait, twice as long each time.
    public var guessesUntilSlowed = 5
    /// After how many different wrong challenges no challenge of an address is looked at any more.
    public var guessesUntilLocked = 20
    /// For how many minutes a wrong challenge counts, and so how long a lock holds.
    public var lockMinutes = 60
    /// After how many different wrong challenges in an hour, from wherever, refusals of a profile are slowed and an alarm
    /// is raised.
    public var guessesUntilAlarm = 100

    /// Makes the settings of a new installation.
    public init() {}

    /// Until when no challenge of an address is looked at.
    ///
    /// - Parameters:
    ///   - guesses: When it sent wrong challenges that it had not sent before, the latest first.
    ///   - now: The time.
    /// - Returns: The time; nil where it need not wait.
    public func obstacle(toGuesses guesses: [Date], at now: Date) -> Date? {
        GuessingLimit.obstacle(guesses, self, at: now)
    }

    /// The time before which guesses are forgotten.
    public func earliestGuess(at now: Date) -> Date { now.addingTimeInterval(-Double(self.lockMinutes) * 60) }

    /// Under which name an address is counted: the network of 64 bits in IPv6.
    public static func network(of client: String) -> String { ClientNetwork.of(client) }

    /// Refuses settings that make no sense.
    ///
    /// - Throws: ``LimitSettingsError`` that names the setting.
    public func check() throws(LimitSettingsError) {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(LimitSettingsError) {
            guard range.contains(value) else {
                throw LimitSettingsError(
                    description: "\(name) is \(value), it has to be between \(range.lowerBound) and \(range.upperBound)"
                )
            }
        }
        try check("failures-per-minute", self.failuresPerMinute, 1...1_000_000)
        if let requestsPerMinute { try check("requests-per-minute", requestsPerMinute, 1...1_000_000) }
        try check("crls-per-minute", self.revocationListsPerMinute, 1...1_000_000)
        // No more are counted for an address than are kept of it.
        try check("guesses-until-slowed", self.guessesUntilSlowed, 1...99)
        try check("guesses-until-locked", self.guessesUntilLocked, 2...100)
        guard self.guessesUntilSlowed < self.guessesUntilLocked else {
            throw LimitSettingsError(description: "guesses-until-slowed has to be less than guesses-until-locked")
        }
        try check("lock-minutes", self.lockMinutes, 1...1440)
        try check("guesses-until-alarm", self.guessesUntilAlarm, 1...1_000_000)
    }
}

/// A limit that makes no sense.
public struct LimitSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which one, and what it has to be.
    public var description: String
}

extension LimitSettings: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case failuresPerMinute, requestsPerMinute, revocationListsPerMinute, guessesUntilSlowed, guessesUntilLocked
        case lockMinutes, guessesUntilAlarm
    }

    /// Reads stored settings; what they do not say has its default.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.failuresPerMinute, .failuresPerMinute)
        self.requestsPerMinute = try values.decodeIfPresent(Int.self, forKey: .requestsPerMinute)
        try values.update(&self.revocationListsPerMinute, .revocationListsPerMinute)
        try values.update(&self.guessesUntilSlowed, .guessesUntilSlowed)
        try values.update(&self.guessesUntilLocked, .guessesUntilLocked)
        try values.update(&self.lockMinutes, .lockMinutes)
        try values.update(&self.guessesUntilAlarm, .guessesUntilAlarm)
    }
}
