import Enrollment
import Foundation
import SCEP

/// What is known besides about a failure: of its profile, its client and its challenge, as far as it matters.
struct FailureFacts: Sendable {
    /// The profile's name.
    var profile = "default"
    /// The client's address.
    var client = "unknown"
    /// The failInfo that the client was told, by its name.
    var failInfo: String?
    /// What was written down when it happened.
    var reason: String?
    /// The algorithms that the client used, as far as they got known.
    var algorithms: [String] = []
    /// What the profile accepts.
    var level: AlgorithmLevel?
    /// The challenge that the device sent, where the profile has or had it.
    var challenge: SentChallenge?
    /// Since when the profile has the newest of its static challenges that can be used; nil where there is none.
    var challengeSince: Date?
    /// Since when the profile has the certificate for which devices encrypt now.
    var recipientSince: Date?
    /// Until when no challenge of the address is looked at; nil where that is over.
    var lockedUntil: Date?
    /// What subjects, SANs and keys the profile's rules allow.
    var subjects: [String] = []
    var alternativeNames: [String] = []
    var keys: [String] = []
    /// How many seconds a signingTime may be off.
    var signingTimeTolerance: Int?
    /// When it happened.
    var date = Date(timeIntervalSince1970: 0)

    /// A challenge that a device has sent.
    struct SentChallenge: Sendable {
        /// How an administrator knows it.
        var name: String
        var isStatic: Bool
        var revokedAt: Date?
        var expiresAt: Date?
        var lastUsedAt: Date?
    }
}

extension FailureFacts {
    /// A day as people read it, in UTC.
    static func day(_ date: Date) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day, months.indices.contains(month - 1)
        else { return date.formatted(.iso8601) }
        return "\(day) \(months[month - 1]) \(year)"
    }

    /// The first of several, for a sentence; nil where there are none.
    static func list(_ texts: [String]) -> String? {
        guard !texts.isEmpty else { return nil }
        let shown = texts.prefix(3).joined(separator: ", ")
        return texts.count > 3 ? "\(shown) and \(texts.count - 3) more" : shown
    }
}
