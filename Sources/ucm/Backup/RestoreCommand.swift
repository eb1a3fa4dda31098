import ArgumentParser
import Foundation
import Server

/// `ucm restore`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring an installation up again from a backup, in an empty directory.",
        usage: "ucm restore backup-2027-01-31 --data /var/lib/ucm",
        discussion: """
            The directory is empty or not there yet, but for a ucm.yaml; nothing is ever written over. The master key is \
            written to master.key in it, unless it is configured to come from elsewhere: then it has to be the same one.
            """
    )

    @Argument(help: "The backup.", completion: .file()) var file: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.run { configuration in
            let bar = ProgressBar("Restoring")
            defer { bar.finish() }
            let summary = try await Restoration(configuration).run(
                from: self.file,
                passphrase: try self.passphrase.known(),
                by: commandUser,
                at: Date(),
                progress: bar.update
            )
            bar.finish()
            printLine(
                "Restored: \(summary.rows) rows of \(summary.date.formatted(.iso8601)), made by version \(summary.program); "
                    + "\(summary.masterKey)."
            )
            print("Start the server as before. What was issued after the backup is not in it; it stays valid.")
        }
    }
}
