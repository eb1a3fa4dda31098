import CertificateAuthority
import Foundation
import Synchronization

/// Keeps an address from asking for CRLs so often that the answers, megabytes each, become a weapon.
///
/// A bucket for each address holds ``perMinute`` questions and fills again within a minute.
public final class QueryLimit: Sendable {
    /// How many questions an address may ask in a minute.
    static let perMinute = 20.0

    /// How many addresses are remembered; beyond that, another one is forgotten for each that comes.
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
        let client = Self.network(of: client)
        return self.buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[client] == nil { buckets.remove(at: buckets.startIndex) }
            let left = buckets[client].map { Self.fill($0, at: now) } ?? Self.perMinute
            guard left >= 1 else { return false }
            buckets[client] = Bucket(left: left - 1, filledAt: now)
            return true
        }
    }

    /// An IPv4 address, or the network of 64 bits that one household or machine has in IPv6.
    private static func network(of client: String) -> String {
        guard let address = IPAddress(client), address.bytes.count == 16 else { return client }
        return address.bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func fill(_ bucket: Bucket, at now: Date) -> Double {
        let seconds = max(0, now.timeIntervalSince(bucket.filledAt))
        return min(Self.perMinute, bucket.left + seconds / 60 * Self.perMinute)
    }
}
