import CertificateAuthority
import CryptographicMessageSyntax
public import Foundation
public import Registry

/// Copies of the whole installation.
extension Administration {
    /// Refuses a passphrase with which no backup is made.
    ///
    /// - Throws: ``BackupError`` with code `passphrase`.
    public static func check(backupPassphrase passphrase: String) throws(BackupError) {
        guard passphrase.count >= BackupKeys.shortestPassphrase else {
            throw BackupError(
                .passphrase, "the passphrase of a backup has \(BackupKeys.shortestPassphrase) characters or more")
        }
    }

    /// Writes a backup to a file that is not there yet, while a server may be at work.
    ///
    /// Everything is in it, as it was at one moment, with the master key, encrypted under the passphrase.
    ///
    /// - Parameters:
    ///   - path: The file, readable for its owner only.
    ///   - passphrase: Opens it again; 12 characters or more.
    ///   - decider: Who makes it.
    ///   - now: The time.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many rows are in it.
    /// - Throws: ``BackupError``, or ``RegistryError``; then there is no file.
    public func backup(
        toFile path: String,
        passphrase: String,
        by decider: Decider,
        at now: Date,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        try Self.check(backupPassphrase: passphrase)
        let file = try BackupFile(path)
        let rows: Int64
        do {
            rows = try await self.writeBackup(passphrase, at: now, to: file.write, progress: progress)
            // Before it has its name: no backup is there of which nothing is recorded.
            try await self.recordBackup("\(rows) rows to the file \(path)", by: decider, at: now)
            try file.finish()
        } catch {
            file.discard()
            throw error
        }
        return rows
    }

    /// Hands a backup on piece by piece, while a server may be at work.
    ///
    /// - Parameters:
    ///   - sink: Takes the pieces. What it throws ends the backup.
    ///   - passphrase: Opens it again; 12 characters or more.
    ///   - decider: Who makes it.
    ///   - now: The time.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many rows are in it.
    /// - Throws: ``BackupError``, ``RegistryError``, or what the sink throws.
    public func backup(
        to sink: @escaping @Sendable ([UInt8]) throws -> Void,
        passphrase: String,
        by decider: Decider,
        at now: Date,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> Int64 {
        try Self.check(backupPassphrase: passphrase)
        let rows = try await self.writeBackup(passphrase, at: now, to: sink, progress: progress)
        try await self.recordBackup("\(rows) rows", by: decider, at: now)
        return rows
    }

    private func writeBackup(
        _ passphrase: String,
        at now: Date,
        to sink: @escaping @Sendable ([UInt8]) throws -> Void,
        progress: @escaping @Sendable (DumpProgress) -> Void
    ) async throws -> Int64 {
        let header = BackupHeader(salt: .random(count: BackupHeader.saltLength))
        let keys = try await self.passwords.run { try BackupKeys(passphrase: passphrase, header: header) }
        let writer = try BackupWriter(keys: keys, header: header, to: sink)
        let contents = BackupContents(
            date: now,
            program: ProgramVersion.current,
            masterKey: self.masterKey.bytes,
            masterKeyName: self.masterKeyName
        )
        try writer.write(try contents.encoded())
        let rows = try await self.registry.dump(to: writer.write, progress: progress)
        try writer.finish()
        return rows
    }

    private func recordBackup(_ detail: String, by decider: Decider, at now: Date) async throws {
        try await self.registry.record(NewEvent(.backupMade, by: decider, detail: detail), at: now)
    }
}
