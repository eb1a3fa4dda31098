import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("What a backup is encrypted with")
struct BackupCipherTests {
    static let beginning = BackupHeader.length + BackupKeys.proofLength
    static let sealedChunk = SmallBackup.chunkSize + ChunkCipher.tagLength

    static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    @Test(
        "gives back what was written, of whatever length and in whatever pieces",
        arguments: [0, 1, 1_023, 1_024, 1_025, 2_048, 5_000],
        [1, 333, 100_000]
    )
    func roundTrip(count: Int, piece: Int) throws {
        let content = Self.content(count)
        let sealed = try SmallBackup.seal(content, piece: piece)
        let chunks = max(1, (count + SmallBackup.chunkSize - 1) / SmallBackup.chunkSize)
        #expect(sealed.count == Self.beginning + count + chunks * ChunkCipher.tagLength)
        #expect(try SmallBackup.open(sealed, piece: piece) == content)
    }

    @Test("tells a wrong passphrase from damage")
    func wrongPassphrase() throws {
        let sealed = try SmallBackup.seal(Self.content(10))
        let wrong = #expect(throws: BackupError.self) {
            try SmallBackup.open(sealed, passphrase: "correct horse batterx")
        }
        #expect(wrong?.code == .passphrase)
        var damaged = sealed
        damaged[Self.beginning] ^= 1
        let error = #expect(throws: BackupError.self) { try SmallBackup.open(damaged) }
        #expect(error?.code == .damaged)
    }

    @Test("takes a passphrase in either form of Unicode")
    func composed() throws {
        let sealed = SealedBytes()
        let writer = try BackupWriter(
            keys: try BackupKeys(passphrase: "schöner Tag\u{308}", header: SmallBackup.header),
            header: SmallBackup.header, to: sealed.append)
        try writer.finish()
        #expect(try SmallBackup.open(sealed.bytes, passphrase: "scho\u{308}ner Tag\u{308}") == [])
    }

    @Test("notices what is cut off, wherever")
    func truncated() throws {
        let sealed = try SmallBackup.seal(Self.content(2_500))
        for count in stride(from: 0, to: sealed.count, by: 1)
        where count < 200 || count % 97 == 0 || Self.isBorder(count) {
            #expect(throws: BackupError.self) { try SmallBackup.open(Array(sealed.prefix(count))) }
        }
    }

    /// Whether a whole number of chunks is in front of it.
    private static func isBorder(_ count: Int) -> Bool { (count - Self.beginning) % Self.sealedChunk <= 1 }

    @Test("notices each bit that is changed")
    func mutated() throws {
        let content = Self.content(1_200)
        let sealed = try SmallBackup.seal(content)
        for index in sealed.indices where index < 100 || index % 41 == 0 {
            var bytes = sealed
            bytes[index] ^= UInt8(1) << (index % 8)
            #expect(throws: (any Error).self) { try SmallBackup.open(bytes) }
        }
    }

    @Test("notices chunks that are swapped, left out, repeated or put behind")
    func reordered() throws {
        let sealed = try SmallBackup.seal(Self.content(4 * SmallBackup.chunkSize))
        let beginning = sealed.prefix(Self.beginning)
        let chunks = stride(from: Self.beginning, to: sealed.count, by: Self.sealedChunk).map {
            sealed[$0..<$0 + Self.sealedChunk]
        }
        #expect(chunks.count == 4)
        for order in [[1, 0, 2, 3], [0, 2, 3], [0, 1, 2], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3], [3], [0, 1, 3, 2]] {
            let bytes = order.reduce(into: Array(beginning)) { $0 += chunks[$1] }
            let error = #expect(throws: BackupError.self) { try SmallBackup.open(bytes) }
            #expect(error?.code == .damaged)
        }
    }

    @Test("is never the same twice")
    func salted() throws {
        let one = BackupHeader(salt: .init(repeating: 1, count: 16))
        let other = BackupHeader(salt: .init(repeating: 2, count: 16))
        #expect(one.encoded != other.encoded)
        var first = SmallBackup.header
        first.salt = other.salt
        let keys = try BackupKeys(passphrase: SmallBackup.passphrase, header: SmallBackup.header)
        #expect(keys.proof != (try BackupKeys(passphrase: SmallBackup.passphrase, header: first)).proof)
        #expect(!keys.confirm([]))
    }
}

@Suite("The header of a backup")
struct BackupHeaderTests {
    @Test("is read as it was written, with what a new one asks for")
    func roundTrip() throws {
        let header = BackupHeader(salt: (0..<16).map { $0 })
        #expect(try BackupHeader(encoded: header.encoded) == header)
        #expect(header.encoded.count == BackupHeader.length)
        #expect(header.cost == 17)
        #expect(header.chunkSize == 65_536)
    }

    /// Where each field is, and values that are refused.
    static let refused: [(offset: Int, values: [UInt8])] = [
        (0, [0]), (9, [0x51]), (10, [1, 0xff]), (11, [0, 2]), (12, [0, 9, 21, 0xff]), (13, [0, 17, 0xff]),
        (14, [0, 5, 0xff]), (15, [0, 9, 21, 0xff]),
    ]

    @Test("is refused where it asks for too much or too little", arguments: Self.refused)
    func bad(offset: Int, values: [UInt8]) {
        for value in values {
            var bytes = BackupHeader(salt: [UInt8](repeating: 0, count: 16)).encoded
            bytes[offset] = value
            let error = #expect(throws: BackupError.self) { try BackupHeader(encoded: bytes) }
            #expect(error?.code == .unsupported)
        }
        var large = BackupHeader(cost: 20, salt: [UInt8](repeating: 0, count: 16))
        large.blockSize = 16
        let encoded = large.encoded
        #expect(throws: BackupError.self) { try BackupHeader(encoded: encoded) }
    }

    @Test("of another length is refused, and whatever else it is it never traps")
    func hostile() {
        let whole = BackupHeader(salt: [UInt8](repeating: 0, count: 16)).encoded
        for count in 0..<whole.count {
            #expect(throws: BackupError.self) { try BackupHeader(encoded: Array(whole.prefix(count))) }
        }
        #expect(throws: BackupError.self) { try BackupHeader(encoded: whole + [0]) }
        for index in whole.indices {
            for value in UInt8.min...UInt8.max {
                var bytes = whole
                bytes[index] = value
                _ = try? BackupHeader(encoded: bytes)
            }
        }
    }
}

@Suite("What a backup says of itself")
struct BackupContentsTests {
    static let contents = BackupContents(
        date: TestInstallation.now, program: "1", masterKey: [UInt8](repeating: 3, count: 32), masterKeyName: "a file")

    static func read(_ bytes: [UInt8]) throws -> BackupContents {
        var rest = bytes[...]
        return try BackupContents(reading: { count in
            guard rest.count >= count else { throw BackupError(.damaged, "too short") }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        })
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        #expect(try Self.read(try Self.contents.encoded() + [1, 2]) == Self.contents)
    }

    @Test("is refused where it is cut off, too long, of another length or no JSON")
    func hostile() throws {
        let whole = try Self.contents.encoded()
        for count in whole.indices {
            #expect(throws: BackupError.self) { try Self.read(Array(whole.prefix(count))) }
        }
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                _ = try? Self.read(bytes)
            }
        }
        #expect(throws: BackupError.self) { try Self.read([0, 0, 0, 0]) }
        #expect(throws: BackupError.self) { try Self.read([0xff, 0xff, 0xff, 0xff] + whole) }
        var short = Self.contents
        short.masterKey = Data([1])
        let encoded = try short.encoded()
        #expect(throws: BackupError.self) { try Self.read(encoded) }
    }
}
