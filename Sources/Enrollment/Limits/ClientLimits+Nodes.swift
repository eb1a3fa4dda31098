public import Foundation
public import Registry
import Synchronization

/// One limit, however many nodes there are.
extension ClientLimits {
    /// For how long it counts what came to another node: a bucket is full again by then.
    private static let memory = 60.0

    /// Tells other nodes what came from which address, and counts what came to them.
    ///
    /// It is called about once a second, so whoever asks several nodes at once can get that much more from each of them.
    ///
    /// - Throws: ``RegistryError``; then the nodes count for themselves for a while.
    public func share(in registry: Registry, at now: Date) async throws {
        let settings = self.settings
        let limits = self.shared(settings)
        try await registry.tell(
            limits.flatMap { name, limit, perMinute in
                limit.untold(perMinute: perMinute).map { AddressUse(limit: name, address: $0, count: $1) }
            }, by: self.node, at: now)
        let told = try await registry.uses(
            toldTo: self.node, after: self.lastTold.withLock { $0 }, since: now.addingTimeInterval(-Self.memory))
        self.lastTold.withLock { $0 = told.last }
        for use in told.uses {
            guard let (_, limit, perMinute) = limits.first(where: { $0.name == use.limit }) else { continue }
            limit.take(use.address, told: use.count, perMinute: perMinute, at: now)
        }
    }

    private func shared(_ settings: LimitSettings) -> [(name: String, limit: AddressLimit, perMinute: Int)] {
        [
            ("failures", self.failures, settings.failuresPerMinute),
            ("crls", self.revocationLists, settings.revocationListsPerMinute),
        ] + (settings.requestsPerMinute.map { [("requests", self.requests, $0)] } ?? [])
    }
}
