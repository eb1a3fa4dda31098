import Synchronization

/// Encrypts a backup as it comes, and hands it on.
final class BackupWriter: Sendable {
    private struct State: Sendable {
        var cipher: ChunkCipher
        var waiting: [UInt8] = []
    }

    private let chunkSize: Int
    private let state: Mutex<State>
    private let sink: @Sendable ([UInt8]) throws -> Void

    /// Begins a backup with its header.
    init(keys: BackupKeys, header: BackupHeader, to sink: @escaping @Sendable ([UInt8]) throws -> Void) throws {
        self.chunkSize = header.chunkSize
        self.state = Mutex(State(cipher: ChunkCipher(key: keys.content)))
        self.sink = sink
        try sink(header.encoded + keys.proof)
    }

    @Sendable func write(_ bytes: [UInt8]) throws {
        try self.state.withLock { state in
            state.waiting += bytes
            // What fills the last chunk stays, for it may be the last one.
            var done = 0
            while state.waiting.count - done > self.chunkSize {
                try self.sink(
                    state.cipher.seal(state.waiting[done..<done + self.chunkSize], isLast: false))
                done += self.chunkSize
            }
            state.waiting.removeFirst(done)
        }
    }

    /// Ends the backup; nothing may be written afterwards.
    func finish() throws {
        try self.state.withLock { state in
            try self.sink(state.cipher.seal(state.waiting, isLast: true))
            state.waiting = []
        }
    }
}
