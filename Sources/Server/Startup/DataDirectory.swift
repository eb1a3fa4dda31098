import CertificateAuthority
import Foundation
import Registry

/// The directory with the database and, unless it comes from elsewhere, the master key.
struct DataDirectory {
    let path: String

    /// Makes the directory, readable for its owner only, unless it is there.
    init(path: String) throws(StartupError) {
        self.path = path
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += component + "/"
            // 0700: for its owner only.
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw StartupError("the data directory \(path) cannot be made: \(String(cString: strerror(errno)))")
            }
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw StartupError("the data directory \(path) is a file, not a directory")
        }
        guard access(path, W_OK) == 0 else {
            throw StartupError("the data directory \(path) is not writable")
        }
    }

    /// Opens the registry's database.
    func openDatabase() throws(StartupError) -> SQLiteDatabase {
        // The database and its log are made with the process's umask; certificates are public, but who enrolled from
        // where is not.
        umask(0o077)
        do {
            return try SQLiteDatabase(path: self.path + "/ucm.sqlite")
        } catch {
            throw StartupError("\(error)")
        }
    }

    /// The master key: from the environment, from a file, or from the data directory, where a first run makes one.
    ///
    /// - Parameters:
    ///   - configuration: Where to look.
    ///   - isFirstRun: Whether a key may be made.
    /// - Returns: The key.
    /// - Throws: ``StartupError``.
    func masterKey(
        _ configuration: ServerConfiguration,
        isFirstRun: Bool
    ) throws(StartupError) -> MasterKey {
        if let text = configuration.masterKey {
            guard let bytes = Data(base64Encoded: text), let key = MasterKey(bytes: Array(bytes)) else {
                throw StartupError("UCM_MASTER_KEY is not the base64 of \(MasterKey.length) bytes")
            }
            return key
        }
        let path = configuration.masterKeyFile ?? self.path + "/master.key"
        if let data = FileManager.default.contents(atPath: path) {
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let bytes = Data(base64Encoded: text), let key = MasterKey(bytes: Array(bytes)) else {
                throw StartupError("the master key file \(path) does not hold the base64 of \(MasterKey.length) bytes")
            }
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let mode = attributes?[.posixPermissions] as? NSNumber, mode.intValue & 0o077 == 0 else {
                throw StartupError("the master key file \(path) is readable for others: chmod 600 \(path)")
            }
            return key
        }
        guard isFirstRun, configuration.masterKeyFile == nil else {
            throw StartupError("the master key file \(path) is missing; without it the private keys do not open")
        }
        let bytes = MasterKey.generate()
        guard let key = MasterKey(bytes: bytes),
            FileManager.default.createFile(
                atPath: path,
                contents: Data((Data(bytes).base64EncodedString() + "\n").utf8),
                attributes: [.posixPermissions: 0o600]
            ), Self.sync(path)
        else { throw StartupError("the master key file \(path) cannot be written") }
        return key
    }

    /// Waits until a file and its directory entry are on disk: a database whose key is lost is lost too.
    private static func sync(_ path: String) -> Bool {
        [path, (path as NSString).deletingLastPathComponent].allSatisfy { path in
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return fsync(descriptor) == 0
        }
    }

    /// Reads a secret from a file, without the newline at its end.
    static func secret(in path: String, flag: String) throws(StartupError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartupError("the file \(path) of --\(flag) cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard !text.isEmpty else { throw StartupError("the file \(path) of --\(flag) is empty") }
        return text
    }
}
