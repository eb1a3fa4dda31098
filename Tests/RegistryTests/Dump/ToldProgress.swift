import Synchronization

@testable import Registry

/// What somebody was told about how far something is.
final class ToldProgress: Sendable {
    private let told = Mutex<[DumpProgress]>([])

    var all: [DumpProgress] { self.told.withLock { $0 } }

    @Sendable func add(_ progress: DumpProgress) { self.told.withLock { $0.append(progress) } }
}
