import CertificateAuthority
import Foundation
import Registry

/// A registry that is open, with the master key that opens its secrets.
struct OpenedRegistry: Sendable {
    let registry: Registry
    let masterKey: MasterKey
    /// Where the master key came from, in a few words.
    let masterKeyName: String
    /// Whether there is nothing in it yet.
    let isNew: Bool
    /// Kept for as long as anybody has the master key in memory; nil where the database has the lock itself.
    let lock: InstallationLock?

    /// By which name the salt of a passphrase is stored, as base64.
    static let saltName = "master-passphrase-salt"
    /// By which name the key is kept that challenges are digested with, where it is another one than the master key's own.
    static let challengeKeyName = "challenge key"

    /// Opens a registry; with a wrong master key nothing in it is changed.
    ///
    /// - Parameters:
    ///   - configuration: Where it is, and its master key.
    ///   - isMigrated: Whether it is brought up to this version's schema.
    ///   - kind: Whether others may have it open meanwhile.
    ///   - metrics: Where it is noted how long the database takes; nil where nobody asks.
    ///   - condition: Where it is noted whether the database takes changes.
    /// - Throws: ``StartupError`` or ``RegistryError``, each one sentence.
    init(
        _ configuration: ServerConfiguration,
        migrating isMigrated: Bool,
        lock kind: NodeLock.Kind = .shared,
        metrics: ServerMetrics? = nil,
        condition: DatabaseCondition = DatabaseCondition(logger: nil)
    ) async throws {
        self.lock =
            configuration.database.isShared
            ? nil : try InstallationLock(kind, in: DataDirectory(path: configuration.dataDirectory).path)
        let driver = try configuration.database.open()
        let database: any SQLDatabase =
            metrics.map { MeasuredDatabase(database: driver, metrics: $0, condition: condition) } ?? driver
        do {
            let source = try MasterKeySource(configuration)
            try await Self.take(kind, of: database, at: configuration.database, beginning: isMigrated)
            self.masterKeyName = source.name
            let probe = try await Registry.sealedProbe(in: database)
            let stored = try await Registry.probe(setting: Self.saltName, in: database)
            let salt = stored.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? MasterKey.generateSalt()
            guard isMigrated || probe != nil else {
                throw StartupError("there is no installation in \(configuration.database): start one with ucm serve")
            }
            if probe == nil, case .file(_, isOwn: true) = source {
                _ = try DataDirectory(path: configuration.dataDirectory)
            }
            let given = try source.key(isFirstRun: probe == nil, salt: salt)
            let key = try probe.map { try Self.key(given, from: source, opening: $0) } ?? given
            self.isNew = probe == nil
            self.registry = try await Registry(database: database, migrating: isMigrated)
            if case .passphrase = source, stored == nil {
                let isSet = try await self.registry.replaceSetting(
                    Self.saltName,
                    nil,
                    by: Data(salt).base64EncodedString(),
                    by: Decider.server,
                    at: Date()
                )
                // With another salt it would be another key, under which nothing opens the next time.
                guard isSet else {
                    throw StartupError(
                        "another start is making the installation in \(configuration.database): start again")
                }
            }
            let name = Self.challengeKeyName
            let challengeKey = try await self.registry.secret(named: name).map {
                try key.open($0, for: SealPurpose.secret(name))
            }
            self.masterKey = challengeKey.map { key.adopting(challengeKey: $0) } ?? key
        } catch {
            try? database.close()
            throw error
        }
    }

    /// How long a start waits for one of another node that is making the installation.
    private static let patience = Duration.seconds(60)

    /// Says to other nodes that this one has the master key in memory, and has a first start done by one of them.
    ///
    /// What is locked for the beginning is open again after ``endBeginning()``.
    private static func take(
        _ kind: NodeLock.Kind,
        of database: any SQLDatabase,
        at address: DatabaseAddress,
        beginning isStart: Bool
    ) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while isStart, try await !database.take(.beginning, .exclusive) {
            guard ContinuousClock.now < deadline else {
                throw StartupError(
                    "another node has been starting on \(address) for a minute: stop it, and start again")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        guard try await database.take(.installation, kind) else {
            throw StartupError(
                kind == .shared
                    ? "the master key of the installation in \(address) is being changed: try again in a moment"
                    : "the installation in \(address) is in use: stop all its servers, and wait for other commands to end"
            )
        }
    }

    /// Lets other nodes start.
    func endBeginning() async { await self.registry.release(.beginning) }

    /// The key that opens the private key of the first CA.
    ///
    /// A change of the master key that was cut off between the database and the file is brought to its end.
    private static func key(
        _ key: MasterKey,
        from source: MasterKeySource,
        opening probe: SealedProbe
    ) throws -> MasterKey {
        let purpose = SealPurpose.authority(probe.name)
        if (try? key.open(probe.sealedKey, for: purpose)) != nil { return key }
        if case .file(let path, _) = source, let next = try? MasterKeySource.key(inFile: MasterKeySource.next(path)),
            (try? next.open(probe.sealedKey, for: purpose)) != nil
        {
            try MasterKeySource.move(MasterKeySource.next(path), to: path)
            return next
        }
        throw StartupError(
            "\(source.name) is not the one of this database: the \(purpose) does not open; nothing was changed; start with "
                + "the master key that belongs to the database"
        )
    }
}
