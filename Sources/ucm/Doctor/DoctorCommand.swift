import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// `ucm doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the whole installation, and say what is wrong and what to do.",
        discussion: """
            Settings, database, keys, certificates that end, CRLs, the clock, and whether the server answers: by HTTP, by \
            SCEP for every profile, by OCSP. Nothing is changed. The exit status is 3 where there is an error.
            """
    )

    /// How findings are written.
    enum Output: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    @Option(help: ArgumentHelp("How findings are written: text or json.", valueName: "format"))
    var output: Output = .text
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let doctor = Doctor(flags: self.installation.flags, environment: ProcessInfo.processInfo.environment)
        let findings = await doctor.examine(at: Date()) { await OnlineChecks($0).run() }
        switch self.output {
        case .text: Self.show(findings)
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        }
        if findings.contains(where: { $0.level == .error }) { throw ExitCode(ExitStatus.checkFailed) }
    }

    private static func show(_ findings: [Finding]) {
        printTable(
            ["LEVEL", "CHECK", "WHAT"],
            findings.map { [$0.level == .ok ? "ok" : $0.level.rawValue.uppercased(), $0.check, $0.what] }
        )
        let advice = findings.filter { !$0.advice.isEmpty && ($0.level == .warning || $0.level == .error) }
        guard !advice.isEmpty else { return }
        print("\nWhat to do")
        for finding in advice {
            printLine("- \(finding.check): \(finding.what)")
            printLine("  \(finding.advice)")
        }
    }
}
