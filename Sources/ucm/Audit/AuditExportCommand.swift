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
        help: ArgumentHelp("Where to; - for standard output. A file that is there is not replaced.", valueName: "file"),
        completion: .file())
    var out: String
    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let output = try Files.create(self.out)
            do {
                try await api.stream(
                    "GET", "audit", "export", query: self.filter.query + [("format", self.format.rawValue)]
                ) { try output.write(contentsOf: Data($0)) }
                guard self.out != "-" else { return }
                try output.synchronize()
                try output.close()
                Terminal.complain("The audit log is in \(self.out).")
            } catch {
                if self.out != "-" { Files.remove(self.out) }
                throw error
            }
        }
    }
}
