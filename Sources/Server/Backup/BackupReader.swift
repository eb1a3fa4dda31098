import Synchronization

/// Decrypts a backup as it comes.
final class BackupReader: Sendable {
    private struct State: Sendable {
        var cipher: ChunkCipher
        /// What was read and not decrypted.
        var sealed: ArraySlice<UInt8>
        /// What was decrypted and not handed on.
        var opened: [UInt8] = []
        var isOver = false
    }

    private let sealedSize: Int
    private let state: Mutex<State>
    private let source: @Sendable () throws -> [UInt8]

    /// Reads the header.
    ///
    /// - Parameters:
    ///   - passphrase: The passphrase.
    ///   - source: Gives some bytes more each time, and none at the end.
    /// - Throws: ``BackupError``, or what the source throws.
    init(passphrase: String, from source: @escaping @Sendable () throws -> [UInt8]) throws {
        let length = BackupHeader.length + BackupKeys.proofLength
        let beginning = try Self.read(length, behind: [], from: source)
        guard beginning.count >= length else { throw BackupError(.unsupported, "this is no backup of UCM") }
        let header = try BackupHeader(encoded: Array(beginning.prefix(BackupHeader.length)))
        let keys = try BackupKeys(passphrase: passphrase, header: header)
        guard keys.confirm(Array(beginning[BackupHeader.length..<length])) else {
            throw BackupError(
                .passphrase, "the passphrase is not the one of this backup, or the beginning of the file is damaged")
        }
        self.sealedSize = header.chunkSize + ChunkCipher.tagLength
        self.source = source
        self.state = Mutex(State(cipher: ChunkCipher(key: keys.content), sealed: beginning.dropFirst(length)))
    }

    /// Some bytes more; none at the end.
    @Sendable func next() throws -> [UInt8] {
        try self.state.withLock { try self.next(&$0) }
    }

    /// So many bytes.
    func read(_ count: Int) throws -> [UInt8] {
        try self.state.withLock { state in
            var bytes: [UInt8] = []
            while bytes.count < count {
                let part = try self.next(&state)
                guard !part.isEmpty else { throw BackupError(.damaged, "the backup ends too early") }
                bytes += part
            }
            state.opened = Array(bytes.dropFirst(count))
            return Array(bytes.prefix(count))
        }
    }

    private func next(_ state: inout State) throws -> [UInt8] {
        guard state.opened.isEmpty else {
            defer { state.opened = [] }
            return state.opened
        }
        guard !state.isOver else { return [] }
        // One byte more than the chunk tells whether it is the last one.
        state.sealed = try Self.read(self.sealedSize + 1, behind: state.sealed, from: self.source)
        let chunk = state.sealed.prefix(self.sealedSize)
        state.sealed = ArraySlice(Array(state.sealed.dropFirst(chunk.count)))
        state.isOver = state.sealed.isEmpty
        return try state.cipher.open(Array(chunk), isLast: state.isOver)
    }

    /// Reads until there are so many bytes, or all.
    private static func read(
        _ count: Int,
        behind before: ArraySlice<UInt8>,
        from source: () throws -> [UInt8]
    ) throws -> ArraySlice<UInt8> {
        var bytes = before
        while bytes.count < count {
            let part = try source()
            guard !part.isEmpty else { break }
            bytes += part
        }
        return bytes
    }
}
