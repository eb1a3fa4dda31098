public import Foundation
public import Registry

/// Copies the registry of an installation to another database.
public struct DatabaseCopy: Sendable {
    /// What was copied, and what comes next.
    public struct Summary: Sendable {
        /// What was copied.
        public var report: CopyReport
        /// Where it came from, without a password.
        public var source: String
        /// Where it is now, without a password.
        public var target: String
        /// The command that starts the next server, without a password.
        public var start: String
        /// What to know of the master key, in a sentence.
        public var masterKey: String
    }

    private let source: DatabaseAddress
    private let target: DatabaseAddress
    /// The data directory that is to be made for the copy; nil where it is there, or not asked for.
    private let newDirectory: String?

    /// Prepares a copy.
    ///
    /// - Parameters:
    ///   - source: A `postgres://` URL, an SQLite database, or the data directory in which it is.
    ///   - target: The same; a path that is not there yet is a data directory that is made, unless it ends in `.sqlite` or `.db`.
    /// - Throws: ``RegistryError`` or ``CopyError``, each one sentence without a password.
    public init(from source: String, to target: String) throws {
        self.source = try DatabaseAddress(parsing: source)
        if case .file(let path) = try DatabaseAddress(parsing: target), path == target,
            !FileManager.default.fileExists(atPath: path), !path.hasSuffix(".sqlite"), !path.hasSuffix(".db")
        {
            let directory = path.hasSuffix("/") ? String(path.dropLast()) : path
            self.newDirectory = directory
            self.target = .file(directory + "/" + DatabaseAddress.fileName)
        } else {
            self.newDirectory = nil
            self.target = try DatabaseAddress(parsing: target)
        }
        if case .file(let path) = self.source, !FileManager.default.fileExists(atPath: path) {
            throw CopyError(.noRegistry, "there is no database at \(path): nothing is copied")
        }
        guard Self.identity(self.source) != Self.identity(self.target) else {
            throw CopyError(.same, "--from and --to name the same database: nothing is copied")
        }
    }

    /// Copies it, whole or not at all.
    ///
    /// - Parameters:
    ///   - decider: Who does it.
    ///   - now: The time.
    ///   - keepsSource: Whether the source goes on.
    ///   - acceptsFaults: Whether an audit log is copied, too, that does not verify.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: What was copied.
    /// - Throws: ``CopyError``, ``RegistryError`` or ``StartupError``, each one sentence.
    public func run(
        by decider: Decider,
        at now: Date,
        keepingSource keepsSource: Bool = false,
        acceptingFaults acceptsFaults: Bool = false,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Summary {
        let source = try Self.open(self.source)
        defer { try? source.close() }
        if let newDirectory { _ = try DataDirectory(path: newDirectory) }
        let leftovers = Leftovers(self.target, newDirectory: self.newDirectory)
        do {
            let target = try Self.open(self.target)
            defer { try? target.close() }
            let copy = RegistryCopy(
                from: source,
                to: target,
                names: RegistryCopy.Names(
                    source: self.source.description, target: self.target.description, start: self.option),
                keepingSource: keepsSource,
                acceptingFaults: acceptsFaults
            )
            do {
                let report = try await copy.run(by: decider, at: now, progress: progress)
                return Summary(
                    report: report, source: self.source.description, target: self.target.description,
                    start: self.start, masterKey: self.masterKey)
            } catch {
                // What is there now may be all there is of a copy whose last step is to come.
                if (try? RegistryCopy.isEmpty(target)) == true { leftovers.areWorthless = true }
                throw error
            }
        } catch {
            leftovers.remove()
            throw error
        }
    }

    private static func open(_ address: DatabaseAddress) throws -> any CopyableDatabase {
        switch address {
        case .file(let path):
            umask(0o077)
            return try SQLiteDatabase(path: path)
        case .postgreSQL(let address): return PostgreSQLDatabase(address)
        }
    }

    /// What is the same however a path is written.
    private static func identity(_ address: DatabaseAddress) -> String {
        switch address {
        case .file(let path): URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        case .postgreSQL(let address): address.url
        }
    }

    /// The option that leads a server to the copy.
    private var option: String {
        switch self.target {
        case .file(let path): "--data \(Self.quoted(URL(fileURLWithPath: path).deletingLastPathComponent().path))"
        case .postgreSQL(let address): "--database-url \(Self.quoted(address.url))"
        }
    }

    /// The data directory of before, where there was one.
    private var dataDirectory: String? {
        guard case .file(let path) = self.source, path.hasSuffix("/" + DatabaseAddress.fileName) else { return nil }
        return URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    /// The master key of before, where it is in a file of its own.
    private var masterKeyFile: String? {
        guard let dataDirectory else { return nil }
        let path = dataDirectory + "/master.key"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private var start: String {
        var words = ["ucm", "serve", self.option]
        if case .postgreSQL = self.target, let dataDirectory { words.append("--data \(Self.quoted(dataDirectory))") }
        if let masterKeyFile { words.append("--master-key-file \(Self.quoted(masterKeyFile))") }
        return words.joined(separator: " ")
    }

    private var masterKey: String {
        let place = self.masterKeyFile.map { ", which is in \($0)" } ?? ""
        return "The master key is not in the database: give every node the one of before\(place)"
    }

    /// As a shell takes it.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._/:@,=+".utf8.contains(byte)
            }
        }
        return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

/// The files of a copy that came to nothing.
private final class Leftovers {
    /// Whether nothing is in what was made.
    var areWorthless = false
    private var files: [String] = []
    private let directory: String?

    /// Notes what is not there yet.
    init(_ address: DatabaseAddress, newDirectory: String?) {
        self.directory = newDirectory
        guard case .file(let path) = address, !FileManager.default.fileExists(atPath: path) else { return }
        self.files = ["", "-wal", "-shm"].map { path + $0 }
    }

    func remove() {
        guard self.areWorthless else { return }
        for file in self.files { try? FileManager.default.removeItem(atPath: file) }
        if let directory { rmdir(directory) }
    }
}
