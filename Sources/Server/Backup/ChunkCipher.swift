import Crypto

/// AES-256-GCM in chunks (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so that something of any
/// length is encrypted in little memory, and nothing can be left out, swapped or cut off unnoticed.
///
/// The nonce is the number of the chunk, and a last byte that says whether it is the last one. Keys are used for one
/// stream only.
struct ChunkCipher {
    /// By how much a chunk grows.
    static let tagLength = 16

    private let key: SymmetricKey
    private var number: UInt64 = 0

    init(key: SymmetricKey) {
        self.key = key
    }

    mutating func seal(_ chunk: some Collection<UInt8>, isLast: Bool) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(chunk), using: self.key, nonce: self.nextNonce(isLast: isLast))
        return Array(box.ciphertext) + Array(box.tag)
    }

    mutating func open(_ sealed: [UInt8], isLast: Bool) throws(BackupError) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(
                nonce: self.nextNonce(isLast: isLast),
                ciphertext: sealed.dropLast(Self.tagLength),
                tag: sealed.suffix(Self.tagLength)
            )
            return Array(try AES.GCM.open(box, using: self.key))
        } catch {
            throw BackupError(
                .damaged,
                "the backup is damaged or was cut off: what stands there is not what was written; take another copy of it"
            )
        }
    }

    private mutating func nextNonce(isLast: Bool) throws -> AES.GCM.Nonce {
        let counter = withUnsafeBytes(of: self.number.bigEndian) { Array($0) }
        self.number += 1
        return try AES.GCM.Nonce(data: [0, 0, 0] + counter + [isLast ? 1 : 0])
    }
}
