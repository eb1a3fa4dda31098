import AdministrationAPI
import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm database copy`.
struct DatabaseCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Move the registry to another database, and prove that all of it is there.",
        usage: "ucm database copy --from /var/lib/ucm --to postgres://ucm@db.example/ucm",
        discussion: """
            A server may run on the source. It answers no request that changes something while this runs, and devices come \
            back for it; it is told where the registry is when this is done, and changes nothing any more: start it again \
            with the option that is printed. Rows are counted and compared, and the audit log is verified, before anything \
            counts. What was cut off is done by the same command again.

            With --keep-source the source goes on as if nothing had been: the copy is one to try out. Never let both issue \
            certificates.
            """
    )

    @Option(
        help: ArgumentHelp(
            "What is copied: a data directory, an SQLite database, or postgres://user@host/database.",
            valueName: "place"),
        completion: .directory)
    var from: String
    @Option(
        help: ArgumentHelp("Where it goes, where nothing is yet: the same.", valueName: "place"), completion: .directory
    )
    var to: String
    @Flag(help: "Let the source go on.") var keepSource = false
    @Flag(help: "Copy an audit log, too, that does not verify.") var despiteAuditFaults = false
    @Option(help: ArgumentHelp("How the answer is written.", valueName: "form"))
    var output = OutputForm.table

    func run() async throws {
        try await reportingFailures {
            let copy = try DatabaseCopy(from: self.from, to: self.to)
            let bar = ProgressBar("Copying")
            defer { bar.finish() }
            let start = ContinuousClock.now
            let summary = try await copy.run(
                by: commandUser,
                at: Date(),
                keepingSource: self.keepSource,
                acceptingFaults: self.despiteAuditFaults,
                progress: bar.update
            )
            bar.finish()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if self.output == .json {
                Terminal.write(self.json(summary, seconds: seconds).prettyText)
            } else {
                self.describe(summary, seconds: seconds)
            }
        }
    }

    private func json(_ summary: DatabaseCopy.Summary, seconds: Double) -> JSONValue {
        let tables = summary.report.tables.map { table in
            let digest = AuditLink(chain: 1, sequence: 1, digest: table.digest).digestText
            return JSONValue.object(
                JSONObject([
                    ("name", .string(table.name)), ("rows", .integer(table.rows)),
                    ("sha256", digest.isEmpty ? .null : .string(digest)),
                ]))
        }
        return .object(
            JSONObject([
                ("from", .string(summary.source)), ("to", .string(summary.target)),
                ("rows", .integer(summary.report.rows)), ("seconds", .number((seconds * 10).rounded() / 10)),
                ("tables", .array(tables)), ("audit", summary.report.audit.json),
                ("source", .string(self.keepSource ? "kept" : "closed")), ("start", .string(summary.start)),
            ]))
    }

    private func describe(_ summary: DatabaseCopy.Summary, seconds: Double) {
        let report = summary.report
        printTable(
            ["TABLE", "ROWS"], report.tables.filter { $0.rows > 0 }.map { [$0.name, "\($0.rows)"] })
        let time = seconds < 10 ? seconds.formatted(.number.precision(.fractionLength(1))) : "\(Int(seconds))"
        printLine("")
        printLine(
            report.isResumed
                ? "The copy that was cut off is finished: \(report.rows) rows are in \(summary.target)."
                : "Copied and compared: \(report.rows) rows from \(summary.source) to \(summary.target), in \(time) seconds."
        )
        for chain in report.audit.chains {
            let head = chain.head.map { ", head \($0)" } ?? ""
            printLine("Audit log: \(chain.entries) entries\(head)")
        }
        for fault in report.audit.faults { Terminal.complain("ALTERED, as in the source: \(fault)") }
        printLine(
            self.keepSource
                ? "\(summary.source) goes on: do not let both issue certificates."
                : "\(summary.source) takes no changes any more.")
        printLine("\(summary.masterKey).")
        printLine("Start the server, with the password of before where there is one:")
        printLine("")
        printLine("  \(summary.start)")
    }
}
