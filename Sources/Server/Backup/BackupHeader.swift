/// What stands in the clear in front of a backup: how its key is derived from the passphrase, and in which pieces it is
/// encrypted.
///
/// ```
/// header = "UCM BACKUP" , format: u16 , cost: u8 , block size: u8 , parallelism: u8 , chunk: u8 , salt: 16 bytes
/// ```
///
/// scrypt's N is 2 to the power of the cost, the size of a chunk 2 to the power of its byte; the rest is RFC 7914's r and
/// p. Behind it is its HMAC-SHA256 under a key that the passphrase gives, by which a wrong passphrase is told from damage.
struct BackupHeader: Hashable {
    static let magic = Array("UCM BACKUP".utf8)
    static let format: UInt16 = 1
    static let saltLength = 16
    /// How many bytes it has.
    static let length = Self.magic.count + 6 + Self.saltLength

    var cost: UInt8
    var blockSize: UInt8
    var parallelism: UInt8
    var chunkPower: UInt8
    var salt: [UInt8]

    /// The header of a new backup: 128 MiB and half a second for each passphrase that somebody tries, chunks of 64 KiB.
    init(cost: UInt8 = 17, salt: [UInt8]) {
        self.cost = cost
        self.blockSize = 8
        self.parallelism = 1
        self.chunkPower = 16
        self.salt = salt
    }

    /// Reads a header, and refuses what would take more memory or time than any backup of ours.
    init(encoded bytes: [UInt8]) throws(BackupError) {
        guard bytes.count == Self.length, bytes.starts(with: Self.magic) else {
            throw BackupError(.unsupported, "this is no backup of UCM")
        }
        let fields = Array(bytes.dropFirst(Self.magic.count))
        let format = UInt16(fields[0]) << 8 | UInt16(fields[1])
        guard format == Self.format else {
            throw BackupError(
                .unsupported,
                "the backup has the format \(format), which a newer version has made: restore it with that")
        }
        (self.cost, self.blockSize, self.parallelism, self.chunkPower) = (fields[2], fields[3], fields[4], fields[5])
        self.salt = Array(fields[6...])
        guard (10...20).contains(self.cost), (1...16).contains(self.blockSize), (1...4).contains(self.parallelism),
            (10...20).contains(self.chunkPower), self.memory <= Self.maximumMemory
        else {
            throw BackupError(
                .unsupported, "the header of the backup asks for more memory or time than any of ours does")
        }
    }

    var encoded: [UInt8] {
        Self.magic + [UInt8(Self.format >> 8), UInt8(Self.format & 0xff)]
            + [self.cost, self.blockSize, self.parallelism, self.chunkPower] + self.salt
    }

    /// How many bytes a chunk has before it is encrypted.
    var chunkSize: Int { 1 << Int(self.chunkPower) }

    /// How many bytes scrypt takes, about.
    private var memory: Int { 128 * Int(self.blockSize) << Int(self.cost) }

    /// How many bytes scrypt may take.
    static let maximumMemory = 1 << 30
}
