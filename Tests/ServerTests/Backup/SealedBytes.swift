import Synchronization

@testable import Server

/// Keeps what was written, and gives it again in pieces.
final class SealedBytes: Sendable {
    private let kept = Mutex<[UInt8]>([])
    private let position = Mutex(0)

    init(_ bytes: [UInt8] = []) {
        self.kept.withLock { $0 = bytes }
    }

    var bytes: [UInt8] { self.kept.withLock { $0 } }

    @Sendable func append(_ bytes: [UInt8]) { self.kept.withLock { $0 += bytes } }

    /// Gives the next piece.
    func next(_ size: Int) -> [UInt8] {
        let start = self.position.withLock { position in
            defer { position += size }
            return position
        }
        return Array(self.bytes.dropFirst(start).prefix(size))
    }
}

/// A backup of anything, with little scrypt and small chunks.
enum SmallBackup {
    static let passphrase = "correct horse battery"
    static let chunkSize = 1 << 10

    static var header: BackupHeader {
        var header = BackupHeader(cost: 10, salt: [UInt8](repeating: 7, count: BackupHeader.saltLength))
        header.chunkPower = 10
        return header
    }

    static func seal(_ content: [UInt8], piece: Int = 300) throws -> [UInt8] {
        let sealed = SealedBytes()
        let writer = try BackupWriter(
            keys: try BackupKeys(passphrase: Self.passphrase, header: Self.header), header: Self.header,
            to: sealed.append)
        for start in stride(from: 0, to: content.count, by: piece) {
            try writer.write(Array(content[start..<min(start + piece, content.count)]))
        }
        try writer.finish()
        return sealed.bytes
    }

    static func open(_ bytes: [UInt8], passphrase: String = Self.passphrase, piece: Int = 333) throws -> [UInt8] {
        let sealed = SealedBytes(bytes)
        let reader = try BackupReader(passphrase: passphrase) { sealed.next(piece) }
        var content: [UInt8] = []
        while true {
            let part = try reader.next()
            if part.isEmpty { return content }
            content += part
        }
    }
}
