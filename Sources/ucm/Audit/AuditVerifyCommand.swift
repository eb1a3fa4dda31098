import AdministrationAPI
import ArgumentParser
import Foundation
import Registry
import SCEPClient
import Server

/// `ucm audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that nobody has altered the audit log, or an export of it.",
        usage: "ucm audit verify --head 1234:9f86d081… [export.jsonl]",
        discussion: """
            Every entry has a digest of itself and of the one before it, so the first one that was altered, added or taken \
            out shows. Whoever can write to the database could write all of it anew from there on: the server's log says \
            once a day where the audit log ends, and --head proves that it still goes through there.

            The exit status is 3 where something was altered.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where it ended earlier: what the server's log had as head.", valueName: "number:digest"))
    var head: AuditLink?
    @Argument(
        help: ArgumentHelp("An export as JSON lines, or - for standard input; otherwise the database."),
        completion: .file())
    var file: String?
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        guard let file else {
            return try await self.options.administer { api in
                try self.report(try await api.get("audit", "verification", query: [("head", self.head?.description)]))
            }
        }
        try await reportingFailures {
            let input = try Files.open(file)
            try self.report(
                try AuditExport.verify(expecting: self.head) { try input.read(upToCount: 1 << 20).map(Array.init) }.json
            )
        }
    }

    private func report(_ verification: JSONValue) throws {
        if self.options.output == .json {
            Terminal.write(verification.prettyText)
        } else {
            Self.describe(verification)
        }
        guard verification["intact"]?.bool == true else { throw ExitCode(ExitStatus.checkFailed) }
    }

    private static func describe(_ verification: JSONValue) {
        let chains = verification["chains"]?.array ?? []
        for chain in chains {
            let forgotten =
                chain["gaps"]?.integer == 0
                ? "" : ", \(chain.text("forgotten")) more were forgotten in \(chain.text("gaps")) places"
            let title = chains.count == 1 ? "" : "Chain \(chain.text("chain")): "
            printLine("\(title)\(chain.text("entries")) entries\(forgotten)")
            if let head = chain["head"]?.text { printLine("Head: \(head)") }
        }
        switch verification["head"]?.text {
        case "confirmed": printLine("It goes through the head that was given.")
        case "forgotten":
            printLine("The entry of the head that was given was forgotten, so nothing can be said of it.")
        case "different": Terminal.complain("ALTERED: the entry of the head that was given has another digest")
        case "missing": Terminal.complain("ALTERED: the log ends before the head that was given")
        default: break
        }
        for fault in verification.texts("faults") { Terminal.complain("ALTERED: \(fault)") }
        if verification["intact"]?.bool == true { printLine("Nothing was altered.") }
    }
}
