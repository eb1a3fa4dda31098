import Foundation
import Registry

/// How an installation does.
struct SystemHealth: Sendable {
    /// Whether the server of this process can do its work; nil where there is none.
    var report: HealthReport?
    /// What ends soon and needs somebody, in sentences.
    var warnings: [String]
    /// Profiles that are not served, and why.
    var unserved: [(profile: String, reason: String)]
}

extension Administration {
    /// How the installation does.
    ///
    /// - Parameters:
    ///   - served: What the server of this process has in memory; nil where there is none.
    ///   - now: The time.
    /// - Returns: What is known.
    /// - Throws: ``RegistryError`` or ``KeyError``.
    func health(_ served: ServedConfiguration?, at now: Date) async throws -> SystemHealth {
        SystemHealth(
            report: served == nil ? nil : await served.map { ServerHealth(configuration: $0) }?.report(),
            warnings: try await self.authorities().endings(at: now).map(\.sentence),
            unserved: served?.current.unserved.map { ($0.0, $0.1) } ?? []
        )
    }

    /// Records that somebody asked for what they may not have: once a minute for each permission.
    func recordDenial(_ what: String, lacking permission: Permission, by principal: Principal, at now: Date)
        async throws
    {
        let decider = principal.decider
        guard let repetitions = await self.denials.count(permission, of: decider.name, at: now) else { return }
        let before = repetitions == 0 ? "" : "; so did \(repetitions) requests before"
        try await self.registry.record(
            NewEvent(.accessDenied, by: decider, detail: "\(what) needs \(permission.rawValue)\(before)"), at: now)
    }

    /// A backup in a file that nobody else can find, and that is gone when it is closed.
    ///
    /// - Parameters:
    ///   - passphrase: Opens it again.
    ///   - decider: Who makes it.
    ///   - now: The time.
    /// - Returns: The file, at its beginning.
    /// - Throws: ``BackupError``, ``RegistryError``, or what the file throws.
    func backupFile(passphrase: String, by decider: Decider, at now: Date) async throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.path + "/ucm-\(UUID().uuidString).backup"
        let file = try BackupFile(path)
        // Whatever happens, nothing of it is left behind.
        defer {
            file.discard()
            unlink(path)
        }
        _ = try await self.backup(to: file.write, passphrase: passphrase, by: decider, at: now)
        try file.finish()
        return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    }
}
