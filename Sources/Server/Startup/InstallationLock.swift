import Foundation
import Registry

/// Says that an installation is in use, so that nobody changes the master key under those who have it in memory.
///
/// It is a lock on a file, which the system takes away with the process that had it, however that ends.
final class InstallationLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock at once or not at all.
    ///
    /// - Throws: ``StartupError`` that says who has it.
    init(_ kind: NodeLock.Kind, in directory: String) throws(StartupError) {
        let path = directory + "/ucm.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartupError("the file \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartupError(
                kind == .shared
                    ? "the master key of the installation in \(directory) is being changed: try again in a moment"
                    : "the installation in \(directory) is in use: stop the server, and wait for other commands to end"
            )
        }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }
}
