import Foundation
import Registry

/// The data directory into which an installation is restored: what is put together in it is moved to its place when all of
/// it is there.
struct RestorationDirectory {
    let path: String
    /// Where it is put together.
    let staging: String
    private let wasThere: Bool
    private let lock: InstallationLock

    /// What may be in it already: settings, the empty lock, and what a file system has in its root.
    private static let ignored: Set<String> = ["ucm.yaml", "ucm.lock", "lost+found"]

    /// Refuses a directory in which there is something, and makes one where there is none.
    init(_ path: String) throws {
        self.path = path
        self.staging = path + "/.restoring"
        self.wasThere = FileManager.default.fileExists(atPath: path)
        if let found = try Self.contents(path).sorted().first {
            guard found != ".restoring" else {
                throw BackupError(
                    .occupied, "a restoration into \(path) was cut off: remove \(path)/.restoring and begin again")
            }
            throw BackupError(
                .occupied,
                "the directory \(path) is not empty (there is \(found)): nothing is written over an installation; name an "
                    + "empty directory, or move this one away"
            )
        }
        _ = try DataDirectory(path: path)
        self.lock = try InstallationLock(.exclusive, in: path)
        guard mkdir(self.staging, 0o700) == 0 else {
            throw BackupError(.file, "\(self.staging) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    private static func contents(_ path: String) throws(BackupError) -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw BackupError(.occupied, "the directory \(path) cannot be read, or is a file")
        }
        return names.filter { !Self.ignored.contains($0) }
    }

    /// Moves what is ready to its place, on disk; the database last, which makes an installation of it.
    func install() throws {
        for name in ["master.key", "ucm.sqlite-wal", "ucm.sqlite"] {
            let file = self.staging + "/" + name
            guard FileManager.default.fileExists(atPath: file) else { continue }
            guard MasterKeySource.sync(file) else {
                throw BackupError(.file, "\(file) cannot be written to the disk: \(String(cString: strerror(errno)))")
            }
            try MasterKeySource.move(file, to: self.path + "/" + name)
        }
        try? FileManager.default.removeItem(atPath: self.staging)
    }

    /// Leaves nothing behind.
    func discard() {
        for name in [".restoring", "master.key", "ucm.sqlite", "ucm.sqlite-wal", "ucm.lock"] {
            try? FileManager.default.removeItem(atPath: self.path + "/" + name)
        }
        if !self.wasThere { rmdir(self.path) }
    }
}
