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
    @Argument(help: ArgumentHelp("An export as JSON lines, or - for standard input; otherwise the database."))
    var file: String?
    @OptionGroup var installation: InstallationOptions

    /// The exit status where something was altered.
    static let altered = ExitCode(3)

    func run() async throws {
        if let file {
            do {
                let input = try Files.open(file)
                try self.report(
                    try AuditExport.verify(expecting: self.head) { try input.read(upToCount: 1 << 20).map(Array.init) })
            } catch let error as ExitCode {
                throw error
            } catch {
                Terminal.complain("ucm: \(error)")
                throw ExitCode.failure
            }
        } else {
            try await self.installation.administer { administration in
                try self.report(try await administration.verifyAudit(expecting: self.head))
            }
        }
    }

    private func report(_ verification: AuditVerification) throws {
        for chain in verification.chains {
            let forgotten =
                chain.gaps == 0 ? "" : ", \(chain.forgotten) more were forgotten in \(chain.gaps) places"
            printLine(
                "\(verification.chains.count == 1 ? "" : "Chain \(chain.chain): ")\(chain.entries) entries\(forgotten)")
            if let head = chain.head { printLine("Head: \(head)") }
        }
        switch verification.expectation {
        case nil: break
        case .confirmed: printLine("It goes through the head that was given: nothing before that was altered since.")
        case .forgotten: printLine("The entry of the head that was given was forgotten, so nothing can be said of it.")
        case .different: Terminal.complain("ALTERED: the entry of the head that was given has another digest")
        case .missing: Terminal.complain("ALTERED: the log ends before the head that was given")
        }
        for fault in verification.faults { Terminal.complain("ALTERED: \(fault)") }
        guard verification.isIntact else { throw Self.altered }
        printLine("Nothing was altered.")
    }
}
