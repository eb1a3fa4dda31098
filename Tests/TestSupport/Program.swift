import Foundation

/// Another program, which a test runs and waits for.
///
/// Not by Foundation's `Process`: on Linux that crashes now and then where several tests use it at once.
package enum Program {
    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - arguments: What it is told.
    ///   - directory: Where it works.
    ///   - output: The file for what it says, on both streams together.
    /// - Returns: How it ended: 0 where all is well.
    /// - Throws: `POSIXError` where it cannot be run.
    package static func run(
        _ path: String,
        _ arguments: [String],
        in directory: String,
        output: String
    ) throws -> Int32 {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO)

        // What changes the directory for a child is a GNU extension, which Swift does not see.
        let changer = "/usr/bin/env"
        var words: [UnsafeMutablePointer<CChar>?] =
            ([changer, "-C", directory, path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        let failure = posix_spawn(&child, changer, &files, nil, &words, &environment)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
        }
        return status
    }
}
