import Foundation
import Synchronization

/// Counts what comes from an address, in memory: a bucket for each fills again within a minute.
///
/// What came to other nodes is taken out of it a little later (``take(_:told:perMinute:at:)``).
final class AddressLimit: Sendable {
    /// How many addresses are remembered; beyond that, another one is forgotten for each that comes.
    private static let capacity = 10_000

    /// Which part of a limit may come from an address before other nodes are told.
    private static let share = 50

    private struct Bucket {
        var left: Double
        var filledAt: Date
        /// How much came of which other nodes know nothing.
        var untold = 0
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
            Self.makeRoom(for: client, in: &buckets)
            let left = Self.left(in: buckets[client], perMinute: perMinute, at: now)
            let isTaken = left >= 1
            buckets[client] = Bucket(
                left: isTaken ? left - 1 : left, filledAt: now,
                untold: (buckets[client]?.untold ?? 0) + (isTaken ? 1 : 0))
            return isTaken ? nil : Self.refill(from: left, perMinute: perMinute, at: now)
        }
    }

    /// Takes out of a bucket what came to another node, as far as there is anything left.
    ///
    /// - Parameters:
    ///   - network: The address, as nodes tell it each other.
    ///   - count: How much came.
    ///   - perMinute: How many there are in a minute.
    ///   - now: The time.
    func take(_ network: String, told count: Int, perMinute: Int, at now: Date) {
        self.buckets.withLock { buckets in
            Self.makeRoom(for: network, in: &buckets)
            let left = Self.left(in: buckets[network], perMinute: perMinute, at: now)
            buckets[network] = Bucket(
                left: max(0, left - max(0, Double(count))), filledAt: now, untold: buckets[network]?.untold ?? 0)
        }
    }

    /// What other nodes have to be told, once; what is little is kept until it is more.
    func untold(perMinute: Int) -> [String: Int] {
        let least = max(1, perMinute / Self.share)
        return self.buckets.withLock { buckets in
            let untold = buckets.filter { $0.value.untold >= least }.mapValues(\.untold)
            for client in untold.keys { buckets[client]?.untold = 0 }
            return untold
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

    private static func makeRoom(for client: String, in buckets: inout [String: Bucket]) {
        if buckets.count >= Self.capacity, buckets[client] == nil { buckets.remove(at: buckets.startIndex) }
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
