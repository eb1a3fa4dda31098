import Foundation
import TestSupport

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
    func run(_ arguments: String...) throws -> Answer { try self.run(arguments) }

    /// Runs it and waits for it.
    func run(_ arguments: [String]) throws -> Answer {
        let output = "\(self.directory)/\(UUID().uuidString).out"
        let status = try Program.run(Self.path ?? "openssl", arguments, in: self.directory, output: output)
        return Answer(status: status, text: try String(contentsOfFile: output, encoding: .utf8))
    }
}
