import Foundation
import Glibc
import SystemPackage

/// A file that is there as a whole or not at all: it is written beside its place, readable for its owner only.
public final class BackupFile: Sendable {
    private let path: String
    private let part: String
    private let descriptor: CInt

    /// Begins a file where there is none yet.
    ///
    /// - Parameter path: Its place once it is whole.
    /// - Throws: ``BackupError`` with code `file`.
    public init(_ path: String) throws(BackupError) {
        self.path = path
        self.part = path + ".part"
        guard access(path, F_OK) != 0 else {
            throw BackupError(.file, "the file \(path) is there already, and is not replaced: choose another name")
        }
        self.descriptor = open(self.part, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard self.descriptor >= 0 else {
            throw BackupError(.file, "the file \(self.part) cannot be written: \(String(cString: strerror(errno)))")
        }
        // Where it is refused from here on, the descriptor is closed with the object.
        guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw BackupError(.file, "another backup is being written to \(path)")
        }
        // One that was cut off has left it behind. Nobody else's file, and none that has another name too, is written to; nor
        // one that has got its own name meanwhile, because another backup was just finished.
        guard let status = try? FileDescriptor(rawValue: self.descriptor).stat(), status.type == .regular,
            status.linkCount == 1, status.userID.rawValue == geteuid(),
            let named = try? FilePath(self.part).stat(followTargetSymlink: false), named.inode == status.inode,
            fchmod(self.descriptor, 0o600) == 0, ftruncate(self.descriptor, 0) == 0
        else { throw BackupError(.file, "the file \(self.part) is none that could be written over: remove it") }
    }

    deinit { close(self.descriptor) }

    /// Writes what comes next.
    ///
    /// - Parameter bytes: A piece of the backup.
    /// - Throws: ``BackupError`` with code `file`.
    @Sendable public func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else {
                let cause = String(cString: strerror(errno))
                throw BackupError(.file, "the backup cannot be written to \(self.part): \(cause)")
            }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Waits until everything is on disk, and gives the file its name.
    ///
    /// - Throws: ``BackupError`` with code `file`.
    public func finish() throws(BackupError) {
        guard fsync(self.descriptor) == 0, rename(self.part, self.path) == 0, MasterKeySource.sync(self.path) else {
            throw BackupError(.file, "the file \(self.path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Leaves nothing behind.
    public func discard() {
        unlink(self.part)
    }
}
