import Foundation
import Synchronization

/// Keeps an address from asking for CRLs so often that the answers, megabytes each, become a weapon.
///
/// A bucket for each address holds ``perMinute`` questions and fills again within a minute.
public final class QueryLimit: Sendable {
    /// How many questions an address may ask in a minute.
    static let perMinute = 20.0

    /// How many addresses are remembered; beyond that, those whose bucket is full again are forgotten.
    private static let capacity = 10_000

    private struct Bucket {
        var left: Double
        var filledAt: Date
    }

    private let buckets = Mutex<[String: Bucket]>([:])

    /// Makes a limit that nobody has touched.
    public init() {}

    /// Counts a question.
    ///
    /// - Returns: Whether it may be answered.
    func allows(_ client: String, at now: Date) -> Bool {
        self.buckets.withLock { buckets in
            if buckets.count >= Self.capacity {
                buckets = buckets.filter { Self.fill($0.value, at: now) < Self.perMinute }
                // An attacker with that many addresses gets no help from us in hiding among them.
                if buckets.count >= Self.capacity, buckets[client] == nil { return false }
            }
            let left = buckets[client].map { Self.fill($0, at: now) } ?? Self.perMinute
            guard left >= 1 else { return false }
            buckets[client] = Bucket(left: left - 1, filledAt: now)
            return true
        }
    }

    private static func fill(_ bucket: Bucket, at now: Date) -> Double {
        let seconds = max(0, now.timeIntervalSince(bucket.filledAt))
        return min(Self.perMinute, bucket.left + seconds / 60 * Self.perMinute)
    }
}
