import CertificateAuthority
import Enrollment
import Foundation
import Registry

/// How many requests came in some days, and what became of them.
struct Statistics: Sendable {
    /// A day.
    struct Day: Sendable {
        /// The day in days since 1970 (UTC).
        var day: Int
        var counts = Counts()
    }

    /// What happened to requests.
    struct Counts: Sendable {
        /// Enrolments that were granted at once.
        var issued = 0
        /// Renewals that were granted.
        var renewed = 0
        /// Requests that somebody approved.
        var approved = 0
        /// Requests that began to wait.
        var pending = 0
        /// Requests that the rules refused.
        var refused = 0
        /// Requests that somebody rejected.
        var rejected = 0
        /// Requests that nobody decided on in time.
        var expired = 0
        /// Certificates that were issued by hand.
        var issuedByHand = 0
        /// Certificates that were revoked.
        var revoked = 0

        /// How many certificates devices got.
        var enrolments: Int { self.issued + self.renewed + self.approved }

        /// The share of decided requests that were granted, from 0 to 1; nil where none was decided.
        var successRate: Double? {
            let decided = self.enrolments + self.refused + self.rejected + self.expired
            return decided > 0 ? Double(self.enrolments) / Double(decided) : nil
        }

        fileprivate mutating func add(_ count: EventCount) {
            switch EventKind(rawValue: count.kindName) {
            case .issued: self.issued += count.count
            case .renewed: self.renewed += count.count
            case .approved: self.approved += count.count
            case .pending: self.pending += count.count
            case .refused: self.refused += count.count
            case .rejected: self.rejected += count.count
            case .expired: self.expired += count.count
            case .certificateIssued: self.issuedByHand += count.count
            case .certificateRevoked: self.revoked += count.count
            default: break
            }
        }
    }

    /// All days together.
    var total = Counts()
    /// Each day, also those on which nothing happened.
    var days: [Day]
    /// How many requests wait now.
    var waiting: Int
    /// Certificates by what they are good for now.
    var certificates: [CertificateState: Int]
    /// How many valid certificates end within 30 days.
    var endingSoon: Int
    /// Why exchanges failed, as far as they are still known; the most frequent cause first.
    var failures: [Failure]

    /// A cause of failures.
    struct Failure: Sendable {
        /// The cause in a word.
        var cause: String
        /// How many exchanges failed for it.
        var count: Int

        /// The cause in a few words.
        var title: String { RefusalCause(rawValue: self.cause)?.title ?? self.cause }
    }
}

extension Administration {
    /// How soon a certificate ends that ends soon, in seconds.
    private static let soon: TimeInterval = 30 * 86_400

    /// How many requests came, and what became of them.
    ///
    /// - Parameters:
    ///   - count: How many days back, with today.
    ///   - now: The time.
    /// - Returns: The numbers.
    /// - Throws: ``RegistryError``.
    func statistics(days count: Int, at now: Date) async throws -> Statistics {
        let today = Int((now.timeIntervalSince1970 / 86_400).rounded(.down))
        let first = today - count + 1
        let certificates = try await self.registry.certificateCounts(
            at: now, endingSoonBefore: now.addingTimeInterval(Self.soon))
        var statistics = Statistics(
            days: (first...today).map { Statistics.Day(day: $0) },
            waiting: try await self.registry.pendingCounts().values.reduce(0, +),
            certificates: certificates.states,
            endingSoon: certificates.endingSoon,
            failures: try await self.registry.exchangeFailures(
                since: Date(timeIntervalSince1970: Double(first) * 86_400)
            ).map { Statistics.Failure(cause: $0.cause, count: $0.count) }
        )
        for count in try await self.registry.eventCounts(since: first) {
            statistics.total.add(count)
            // What another machine's clock has put into the future belongs to no day that is shown.
            if statistics.days.indices.contains(count.day - first) {
                statistics.days[count.day - first].counts.add(count)
            }
        }
        return statistics
    }
}
