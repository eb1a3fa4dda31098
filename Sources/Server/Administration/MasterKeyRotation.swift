import CertificateAuthority
public import Foundation
public import Registry

/// Puts another master key in the place of an installation's, while nothing else runs.
///
/// Every secret is encrypted anew, in one transaction. Challenges stay as they are: what they are digested with is kept,
/// encrypted, for only their digests are known.
public struct MasterKeyRotation: Sendable {
    /// Where the new key comes from, and what becomes of it.
    public enum Successor: Hashable, Sendable {
        /// A new key takes the old one's place in its file.
        case inPlace
        /// A new key is written to a file that is not there yet.
        case file(String)
        /// The key is derived from a passphrase.
        case passphrase(String)
    }

    private let configuration: ServerConfiguration

    /// Prepares a rotation.
    ///
    /// - Parameter configuration: Where the installation is, and its present master key.
    public init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
    }

    /// Reads a file with a passphrase just as a start does, which has to find the same one in it.
    ///
    /// - Parameter path: The file, which nobody else may read.
    /// - Returns: The passphrase.
    /// - Throws: ``StartupError``.
    public static func passphrase(inFile path: String) throws -> String {
        try MasterKeySource.passphrase(inFile: path, flag: "new-passphrase-file")
    }

    /// Changes the key.
    ///
    /// - Parameters:
    ///   - successor: The new key.
    ///   - decider: Who changes it.
    ///   - now: The time.
    /// - Returns: What to do now, in a sentence.
    /// - Throws: ``StartupError`` where the installation is in use or the present key is wrong, ``AdministrationError`` where
    ///   the new one cannot be, or ``RegistryError``; then nothing has changed.
    public func run(to successor: Successor, by decider: Decider, at now: Date) async throws -> String {
        try Administration.checkIsThere(self.configuration)
        let source = try MasterKeySource(self.configuration)
        let opened = try await OpenedRegistry(self.configuration, migrating: false, lock: .exclusive)
        do {
            let answer = try await self.run(opened, from: source, to: successor, by: decider, at: now)
            try opened.registry.close()
            return answer
        } catch {
            try? opened.registry.close()
            throw error
        }
    }

    private func run(
        _ opened: OpenedRegistry,
        from source: MasterKeySource,
        to successor: Successor,
        by decider: Decider,
        at now: Date
    ) async throws -> String {
        let salt = MasterKey.generateSalt()
        switch successor {
        case .inPlace:
            guard case .file(let path, _) = source else {
                throw AdministrationError(
                    "\(source.name) is not in a file where a new one could take its place: name a file for the new key with "
                        + "--new-key-file, or a passphrase with --new-passphrase-file"
                )
            }
            let next = MasterKeySource.next(path)
            // One that is left behind opens nothing: what it would open was found out when the registry was opened.
            unlink(next)
            let key = try Self.generate(next)
            try await self.reseal(opened, under: key, salt: nil, by: decider, at: now)
            try MasterKeySource.move(next, to: path)
            return "The master key is changed; \(path) holds the new one. Copies of the old key open old backups only."
        case .file(let path):
            guard !FileManager.default.fileExists(atPath: path) else {
                throw AdministrationError("the file \(path) is there already, and is not replaced")
            }
            let key = try Self.generate(path)
            try await self.reseal(opened, under: key, salt: nil, by: decider, at: now)
            return "The master key is changed: start the server with --master-key-file \(path), or with its content in "
                + "UCM_MASTER_KEY."
        case .passphrase(let passphrase):
            let key = try MasterKeySource.passphrase(passphrase).key(isFirstRun: false, salt: salt)
            try await self.reseal(opened, under: key, salt: salt, by: decider, at: now)
            return "The master key is changed: start the server with --master-passphrase-file or UCM_MASTER_PASSPHRASE."
        }
    }

    private static func generate(_ path: String) throws -> MasterKey {
        try MasterKeySource.write(MasterKey.generate(), to: path)
        return try MasterKeySource.key(inFile: path)
    }

    private func reseal(
        _ opened: OpenedRegistry,
        under key: MasterKey,
        salt: [UInt8]?,
        by decider: Decider,
        at now: Date
    ) async throws {
        let old = opened.masterKey
        let name = OpenedRegistry.challengeKeyName
        try await opened.registry.reseal(
            secrets: [(name, try key.seal(old.challengeKey, for: SealPurpose.secret(name)))],
            settings: salt.map { [(OpenedRegistry.saltName, Data($0).base64EncodedString())] } ?? [],
            by: decider,
            at: now
        ) { thing, sealed in
            try key.seal(try old.open(sealed, for: thing.purpose), for: thing.purpose)
        }
    }
}

extension SealedThing {
    /// What its ciphertext is bound to.
    fileprivate var purpose: String {
        switch self {
        case .authority(let name): SealPurpose.authority(name)
        case .service(let purpose): SealPurpose.service(purpose.rawValue)
        case .request: SealPurpose.request
        case .authorityRequest(let name): SealPurpose.authorityRequest(name)
        case .secret(let name): SealPurpose.secret(name)
        case .oneTimeCodes(let account): SealPurpose.oneTimeCodes(account: account)
        }
    }
}
