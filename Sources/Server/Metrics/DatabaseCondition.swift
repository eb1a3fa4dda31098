import Logging
import Registry
import Synchronization

/// Whether the database takes changes, as far as the last one tells.
///
/// What it does not take is told apart from what it refuses: a full disk concerns everybody, a name that is taken only who
/// wanted it.
final class DatabaseCondition: Sendable {
    private struct Outage {
        var reason: String
        var since: ContinuousClock.Instant
    }

    private let logger: Logger?
    private let outage = Mutex<Outage?>(nil)

    /// Makes a condition of which nothing bad is known.
    ///
    /// - Parameter logger: The log that is told when it becomes bad and when it is over; nil for none.
    init(logger: Logger?) {
        self.logger = logger
    }

    /// Why changes are not taken; nil where they are.
    var reason: String? { self.outage.withLock { $0?.reason } }

    /// Notes that a change was taken.
    func noteChange() {
        let over: Outage? = self.outage.withLock { outage in
            // Nothing is changed where nothing was wrong, which is nearly always.
            guard outage != nil else { return nil }
            defer { outage = nil }
            return outage
        }
        guard let over else { return }
        let seconds = Int((ContinuousClock.now - over.since) / .seconds(1))
        self.logger?.notice("the database takes changes again", metadata: ["seconds": "\(seconds)"])
    }

    /// Notes why a change was not made.
    func note(_ error: any Error) {
        guard let error = error as? RegistryError, error.isOutage else { return }
        let isNew = self.outage.withLock { outage in
            defer { outage = Outage(reason: "\(error)", since: outage?.since ?? .now) }
            return outage == nil
        }
        guard isNew else { return }
        self.logger?.error(
            "the database takes no changes: devices are told to come back later (503), nothing is lost, and it goes on by itself",
            metadata: ["reason": "\(error)"])
    }
}
