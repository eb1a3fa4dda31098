import Foundation
import Registry
import Synchronization

/// The CRLs as they are served, the latest of each CA.
final class PublishedRevocationLists: Sendable {
    /// A CRL with what an HTTP answer says of it.
    struct Published: Sendable {
        let number: Int64
        let encoded: [UInt8]
        let thisUpdate: Date
        let nextUpdate: Date
        /// Whether nothing was revoked since; otherwise there will be another one in a moment, or its signing fails.
        var isLatest = true
    }

    private let lists = Mutex<[Int64: Published]>([:])

    /// The CRL of a CA; nil where there is none yet.
    subscript(_ authority: Int64) -> Published? { self.lists.withLock { $0[authority] } }

    /// The number of a CA's CRL that is served; 0 where there is none.
    func number(of authority: Int64) -> Int64 { self[authority]?.number ?? 0 }

    /// Serves a CRL from now on.
    func publish(_ record: RevocationListRecord, of authority: Int64) {
        let published = Published(
            number: record.number,
            encoded: record.encoded,
            thisUpdate: record.thisUpdate,
            nextUpdate: record.nextUpdate
        )
        self.lists.withLock { lists in
            if published.number > lists[authority]?.number ?? 0 { lists[authority] = published }
        }
    }

    /// Serves what the registry has.
    func load(_ authority: Int64, from registry: Registry) async throws {
        if let record = try await registry.revocationList(authority: authority) {
            self.publish(record, of: authority)
        }
    }

    /// Takes note of whether the CRL that is served is the latest.
    func note(_ state: RevocationListState, of authority: Int64) {
        self.lists.withLock { lists in
            guard let served = lists[authority] else { return }
            lists[authority]?.isLatest = served.number > state.number || served.number == state.number && state.isLatest
        }
    }
}
