import CertificateAuthority
public import Foundation
public import Registry

/// Brings an installation up again from a backup, in an empty directory.
public struct Restoration: Sendable {
    /// What was restored.
    public struct Summary: Hashable, Sendable {
        /// When the backup was made.
        public var date: Date
        /// By which version of the program.
        public var program: String
        /// How many rows it has.
        public var rows: Int64
        /// What to know of the master key, in a sentence.
        public var masterKey: String
    }

    private let configuration: ServerConfiguration

    /// Prepares a restoration.
    ///
    /// - Parameter configuration: Where the installation shall be, and its master key where that comes from elsewhere.
    public init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
    }

    /// Restores a backup, whole or not at all.
    ///
    /// - Parameters:
    ///   - path: The backup.
    ///   - passphrase: The passphrase with which it was made.
    ///   - decider: Who does it.
    ///   - now: The time.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: What was restored.
    /// - Throws: ``BackupError``, ``StartupError``, ``DumpError`` or ``RegistryError``, each one sentence; then nothing is left
    ///   behind.
    public func run(
        from path: String,
        passphrase: String,
        by decider: Decider,
        at now: Date,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Summary {
        guard !self.configuration.database.isShared else {
            throw StartupError(
                "a backup is restored to a data directory: do that without --database-url (UCM_DATABASE_URL), then bring it to "
                    + "the server with ucm database copy")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BackupError(.file, "the file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let reader = try BackupReader(passphrase: passphrase) {
            do {
                return Array(try handle.read(upToCount: 1 << 17) ?? Data())
            } catch {
                throw BackupError(.file, "the file \(path) cannot be read: \(error)")
            }
        }
        let contents = try BackupContents(reading: reader.read)
        let source = try MasterKeySource(self.configuration)
        let directory = try RestorationDirectory(self.configuration.dataDirectory)
        do {
            let rows = try await self.fill(directory, from: reader, contents, source, by: decider, at: now, progress)
            try directory.install()
            let isOwn = if case .file(_, isOwn: true) = source { true } else { false }
            return Summary(
                date: contents.date,
                program: contents.program,
                rows: rows,
                masterKey: isOwn
                    ? "the master key is in \(directory.path)/master.key (it was \(contents.masterKeyName))"
                    : "\(source.name) is the one of the backup"
            )
        } catch {
            directory.discard()
            throw error
        }
    }

    private func fill(
        _ directory: RestorationDirectory,
        from reader: BackupReader,
        _ contents: BackupContents,
        _ source: MasterKeySource,
        by decider: Decider,
        at now: Date,
        _ progress: @escaping @Sendable (DumpProgress) -> Void
    ) async throws -> Int64 {
        let database = try DatabaseAddress.file(directory.staging + "/" + DatabaseAddress.fileName).open()
        defer { try? database.close() }
        let rows = try await Registry.restore(from: reader.next, into: database, progress: progress)
        let salt = try await Registry.probe(setting: OpenedRegistry.saltName, in: database)
            .flatMap { Data(base64Encoded: $0) }.map(Array.init)
        let key = Array(contents.masterKey)
        try Self.place(key, source, salt: salt, in: directory)
        guard let masterKey = MasterKey(bytes: key), let probe = try await Registry.sealedProbe(in: database),
            (try? masterKey.open(probe.sealedKey, for: SealPurpose.authority(probe.name))) != nil
        else {
            throw BackupError(
                .masterKey, "the private keys in the backup do not open with the master key in it: take another backup")
        }
        let registry = try await Registry(database: database)
        let detail = "the backup of \(contents.date.formatted(.iso8601)), made by version \(contents.program)"
        try await registry.record(NewEvent(.restored, by: decider, detail: detail), at: now)
        // Sessions that were ended since would go on.
        try await registry.endSessions()
        try database.close()
        return rows
    }

    /// Writes the master key where a start without further settings looks for it, or makes sure that the one that is set is
    /// the same.
    private static func place(
        _ key: [UInt8],
        _ source: MasterKeySource,
        salt: [UInt8]?,
        in directory: RestorationDirectory
    ) throws {
        if case .file(_, isOwn: true) = source {
            return try MasterKeySource.write(key, to: directory.staging + "/master.key")
        }
        // A passphrase gives another key with each salt.
        let given = try source.key(isFirstRun: false, salt: salt ?? MasterKey.generateSalt())
        guard given.bytes == key else {
            throw BackupError(
                .masterKey,
                "\(source.name) is not the one of the backup: set the right one, or none, and it is restored to master.key in "
                    + "the data directory"
            )
        }
    }
}
