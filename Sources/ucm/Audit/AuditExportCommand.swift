import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm audit export`.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audit log to a file, the oldest entry first.",
        usage: "ucm audit export --format jsonl --out audit.jsonl",
        discussion: "An export of everything as JSON lines can be verified: ucm audit verify FILE."
    )

    @Option(help: ArgumentHelp("How: jsonl for JSON lines, or csv for a table.", valueName: "format"))
    var format: AuditExport.Format = .jsonl
    @Option(
        help: ArgumentHelp("Where to; - for standard output. A file that is there is not replaced.", valueName: "file"))
    var out: String
    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.administer { administration in
            let output = try Files.create(self.out)
            do {
                let filter = self.filter.filter
                let count = try await administration.exportAudit(
                    filter == EventFilter() ? nil : filter,
                    as: self.format,
                    by: commandUser,
                    at: Date()
                ) { try output.write(contentsOf: Data($0.utf8)) }
                if self.out != "-" {
                    try output.synchronize()
                    try output.close()
                }
                Terminal.complain("\(count) entries are in \(self.out == "-" ? "it" : self.out).")
            } catch {
                if self.out != "-" { Files.remove(self.out) }
                throw error
            }
        }
    }
}
