import Synchronization

/// A dump of which the first blocks are read twice: which schema it needs has to be known before there is a database that
/// could take it.
final class DumpBeginning: Sendable {
    private let source: @Sendable () throws -> [UInt8]
    private let read = Mutex<[[UInt8]]>([])

    init(_ source: @escaping @Sendable () throws -> [UInt8]) {
        self.source = source
    }

    /// The next block, which is kept.
    @Sendable func next() throws -> [UInt8] {
        let block = try self.source()
        self.read.withLock { $0.append(block) }
        return block
    }

    /// The blocks from the first one on.
    @Sendable func replaying() throws -> [UInt8] {
        let kept: [UInt8]? = self.read.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        return try kept ?? self.source()
    }
}
