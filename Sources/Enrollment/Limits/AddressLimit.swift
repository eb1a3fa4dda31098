import Foundation
import Synchronization

/// Counts what comes from an address, in memory: a bucket for each fills again within a minute.
final class AddressLimit: Sendable {
    /// How many addresses are remembered; beyond that, another one is forgotten for each that comes.
    private static let capacity = 10_000

    private struct Bucket {
        var left: Double
        var filledAt: Date
    }

    private let buckets = Mutex<[String: Bucket]>([:])

    /// Makes a limit that nobody has touched.
    init() {}

    /// Takes one out of the bucket of an address, if there is one left.
    ///
    /// - Parameters:
    ///   - client: The address.
    ///   - perMinute: How many there are in a minute.
    ///   - now: The time.
    /// - Returns: When to come back; nil where there was one left.
    func take(_ client: String, perMinute: Int, at now: Date) -> Date? {
        let client = ClientNetwork.of(client)
        return self.buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[client] == nil { buckets.remove(at: buckets.startIndex) }
            let left = Self.left(in: buckets[client], perMinute: perMinute, at: now)
            buckets[client] = Bucket(left: left >= 1 ? left - 1 : left, filledAt: now)
            return left >= 1 ? nil : Self.refill(from: left, perMinute: perMinute, at: now)
        }
    }

    /// Looks whether there is anything left for an address.
    ///
    /// - Returns: When to come back; nil where there is.
    func look(_ client: String, perMinute: Int, at now: Date) -> Date? {
        let client = ClientNetwork.of(client)
        let left = self.buckets.withLock { Self.left(in: $0[client], perMinute: perMinute, at: now) }
        return left >= 1 ? nil : Self.refill(from: left, perMinute: perMinute, at: now)
    }

    private static func left(in bucket: Bucket?, perMinute: Int, at now: Date) -> Double {
        guard let bucket else { return Double(perMinute) }
        let seconds = max(0, now.timeIntervalSince(bucket.filledAt))
        return min(Double(perMinute), bucket.left + seconds / 60 * Double(perMinute))
    }

    private static func refill(from left: Double, perMinute: Int, at now: Date) -> Date {
        now.addingTimeInterval((1 - left) / Double(max(perMinute, 1)) * 60)
    }
}
