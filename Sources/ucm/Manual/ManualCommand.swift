import ArgumentParser
import Foundation

/// `ucm man`.
struct ManualCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Write the manual pages: one of the program, and one of each command.",
        usage: "ucm man --out /usr/local/share/man/man1"
    )

    @Option(
        help: ArgumentHelp(
            "The directory that they are written to; pages that are there are replaced.", valueName: "dir"),
        completion: .directory)
    var out: String

    func run() async throws {
        try await reportingFailures {
            let pages = ManualPage.all(of: try CommandDescription.of(UCM.self))
            try FileManager.default.createDirectory(atPath: self.out, withIntermediateDirectories: true)
            for page in pages {
                let path = "\(self.out)/\(page.name)"
                try Files.write(page.source, to: path)
                // For everybody on the machine, whatever files are usually made for.
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            }
        }
    }
}
