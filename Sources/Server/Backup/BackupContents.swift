import CertificateAuthority
import Foundation

/// What a backup says of itself, in front of the dump: as JSON, behind its length in four bytes.
struct BackupContents: Codable, Hashable {
    /// When it was made.
    var date: Date
    /// By which version of the program.
    var program: String
    /// The master key, without which nothing in the dump opens.
    var masterKey: Data
    /// Where that came from.
    var masterKeyName: String

    /// Longer ones are none of ours.
    private static let maximumLength = 1 << 16

    /// The contents, with their length in front.
    ///
    /// - Throws: What the encoder throws.
    func encoded() throws -> [UInt8] {
        let json = Array(try JSONEncoder().encode(self))
        return withUnsafeBytes(of: UInt32(clamping: json.count).bigEndian) { Array($0) } + json
    }

    /// Reads them.
    ///
    /// - Parameter read: Gives so many bytes.
    /// - Throws: ``BackupError``, or what the closure throws.
    init(reading read: (Int) throws -> [UInt8]) throws {
        let length = try read(4).reduce(0) { $0 << 8 | Int($1) }
        guard (1...Self.maximumLength).contains(length) else {
            throw BackupError(.damaged, "the backup says that its beginning has \(length) bytes")
        }
        let json = Data(try read(length))
        guard let contents = try? JSONDecoder().decode(Self.self, from: json),
            contents.masterKey.count == MasterKey.length
        else {
            throw BackupError(.unsupported, "the beginning of the backup cannot be read: a newer version has made it")
        }
        self = contents
    }

    init(date: Date, program: String, masterKey: [UInt8], masterKeyName: String) {
        self.date = date
        self.program = program
        self.masterKey = Data(masterKey)
        self.masterKeyName = masterKeyName
    }
}
