import Foundation

/// The program `openssl`, for a second opinion.
struct OpenSSL {
    /// Where it is; nil where it is not installed.
    private static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/openssl" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Whether tests with it run: in CI they do even where it is missing, and fail.
    static var isExpected: Bool { self.path != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

    /// Where its files are put.
    let directory: String

    /// What it said, on both streams together, and how it ended: 0 where all is well.
    struct Answer: Sendable {
        var status: Int32
        var text: String
    }

    /// Writes a file for it, as PEM.
    ///
    /// - Returns: The path.
    func file(_ name: String, _ label: String, _ encoded: [UInt8]) throws -> String {
        let body = Data(encoded).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        let path = "\(self.directory)/\(name)"
        try Data("-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n".utf8)
            .write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Runs it and waits for it.
    func run(_ arguments: String...) throws -> Answer {
        let output = "\(self.directory)/\(UUID().uuidString).out"
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO)

        let path = Self.path ?? "openssl"
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        let failure = posix_spawn(&child, path, &files, nil, &words, &environment)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
        }
        return Answer(status: status, text: try String(contentsOfFile: output, encoding: .utf8))
    }
}
