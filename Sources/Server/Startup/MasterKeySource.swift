import CertificateAuthority
import Foundation

/// Where the master key of an installation comes from: one place, chosen by the bootstrap settings.
enum MasterKeySource {
    /// The key itself, as base64, from the environment.
    case text(String)
    /// A passphrase, from which the key is derived with a salt that the database has.
    case passphrase(String)
    /// A file with the key as base64.
    ///
    /// A first run makes the one in the data directory; any other one has to be there.
    case file(path: String, isOwn: Bool)

    /// What the settings say.
    ///
    /// - Throws: ``StartupError`` where they say two things, or the file of a passphrase cannot be read.
    init(_ configuration: ServerConfiguration) throws(StartupError) {
        let given: [(String, Bool)] = [
            ("UCM_MASTER_KEY", configuration.masterKey != nil),
            ("--master-key-file", configuration.masterKeyFile != nil),
            ("UCM_MASTER_PASSPHRASE", configuration.masterPassphrase != nil),
            ("--master-passphrase-file", configuration.masterPassphraseFile != nil),
        ]
        let named = given.filter(\.1).map(\.0)
        guard named.count <= 1 else {
            throw StartupError(
                "the master key comes from one place only, but \(named.joined(separator: " and ")) are set")
        }
        if let text = configuration.masterKey {
            self = .text(text)
        } else if let passphrase = configuration.masterPassphrase {
            self = .passphrase(passphrase)
        } else if let path = configuration.masterPassphraseFile {
            self = .passphrase(try Self.passphrase(inFile: path, flag: "master-passphrase-file"))
        } else if let path = configuration.masterKeyFile {
            self = .file(path: path, isOwn: false)
        } else {
            self = .file(path: configuration.dataDirectory + "/master.key", isOwn: true)
        }
    }

    /// What it is called in a sentence.
    var name: String {
        switch self {
        case .text: "the master key in UCM_MASTER_KEY"
        case .passphrase: "the master key of this passphrase"
        case .file(let path, _): "the master key in \(path)"
        }
    }

    /// The key.
    ///
    /// - Parameters:
    ///   - isFirstRun: Whether a key may be made where there is none.
    ///   - salt: What a passphrase's key is derived with.
    /// - Returns: The key.
    /// - Throws: ``StartupError``.
    func key(isFirstRun: Bool, salt: [UInt8]) throws(StartupError) -> MasterKey {
        switch self {
        case .text(let text):
            guard let key = Self.key(text) else {
                throw StartupError("UCM_MASTER_KEY is not the base64 of \(MasterKey.length) bytes")
            }
            return key
        case .passphrase(let passphrase):
            guard passphrase.utf8.count >= Self.shortestPassphrase else {
                throw StartupError(
                    "the passphrase of the master key has fewer than \(Self.shortestPassphrase) characters"
                )
            }
            do {
                return try MasterKey(passphrase: passphrase, salt: salt)
            } catch {
                throw StartupError("no master key can be derived from the passphrase: \(error)")
            }
        case .file(let path, let isOwn):
            if FileManager.default.fileExists(atPath: path) { return try Self.key(inFile: path) }
            guard isFirstRun, isOwn else {
                throw StartupError("the master key file \(path) is missing; without it the private keys do not open")
            }
            let bytes = MasterKey.generate()
            try Self.write(bytes, to: path)
            return try Self.key(inFile: path)
        }
    }

    /// Short ones are tried out in no time, also against scrypt.
    private static let shortestPassphrase = 12

    /// Reads a master key file, which nobody else may read.
    static func key(inFile path: String) throws(StartupError) -> MasterKey {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartupError("the master key file \(path) cannot be read")
        }
        guard let key = Self.key(String(decoding: data, as: UTF8.self)) else {
            throw StartupError("the master key file \(path) does not hold the base64 of \(MasterKey.length) bytes")
        }
        try Self.checkMode(of: path, "master key file")
        return key
    }

    /// Reads a file with a passphrase, which nobody else may read.
    static func passphrase(inFile path: String, flag: String) throws(StartupError) -> String {
        try Self.checkMode(of: path, "passphrase file")
        return try DataDirectory.secret(in: path, flag: flag)
    }

    /// Writes a master key file, readable for its owner only, and waits until it is on disk: a database whose key is lost
    /// is lost too.
    static func write(_ bytes: [UInt8], to path: String) throws(StartupError) {
        let text = Data(bytes).base64EncodedString() + "\n"
        // Nobody else can read it at any moment, and nothing that is there, or that a link leads to, is replaced.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let cause = errno == EEXIST ? "there is one already" : String(cString: strerror(errno))
            throw StartupError("the master key file \(path) cannot be written: \(cause)")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        } catch {
            throw StartupError("the master key file \(path) cannot be written: \(error)")
        }
        guard Self.sync(path) else { throw StartupError("the master key file \(path) cannot be written to the disk") }
    }

    /// Puts a file in another one's place, on disk.
    static func move(_ path: String, to target: String) throws(StartupError) {
        guard rename(path, target) == 0, Self.sync(target) else {
            throw StartupError("the file \(path) cannot be moved to \(target): \(String(cString: strerror(errno)))")
        }
    }

    /// Where the next key is while it replaces one in a file.
    static func next(_ path: String) -> String { path + ".new" }

    private static func key(_ text: String) -> MasterKey? {
        Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap {
            MasterKey(bytes: Array($0))
        }
    }

    private static func checkMode(of path: String, _ what: String) throws(StartupError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? NSNumber else {
            throw StartupError("the \(what) \(path) is missing")
        }
        guard mode.intValue & 0o077 == 0 else {
            throw StartupError("the \(what) \(path) is readable for others: chmod 600 \(path)")
        }
    }

    /// Waits until a file and its directory entry are on disk.
    static func sync(_ path: String) -> Bool {
        let directory = (path as NSString).deletingLastPathComponent
        return [path, directory.isEmpty ? "." : directory].allSatisfy { path in
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return fsync(descriptor) == 0
        }
    }
}
