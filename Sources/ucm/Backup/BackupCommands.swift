import ArgumentParser
import Foundation
import Server

/// `ucm backup`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the whole installation, its keys included, into one encrypted file.",
        discussion: """
            The server may run meanwhile: the copy is as everything was at one moment. The master key is in it, wherever it \
            comes from; ucm.yaml and TLS files of your own are not. Whoever has the file and its passphrase has the CA.
            """
    )

    @Argument(help: "The file, which is not there yet.") var file: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.administer { administration in
            let bar = ProgressBar("Backup")
            defer { bar.finish() }
            let rows = try await administration.backup(
                toFile: self.file,
                passphrase: try self.passphrase.new(),
                by: commandUser,
                at: Date(),
                progress: bar.update
            )
            bar.finish()
            let size = try FileManager.default.attributesOfItem(atPath: self.file)[.size] as? Int ?? 0
            printLine(
                "\(self.file) has \(rows) rows in \(size) bytes. Keep its passphrase elsewhere: nothing opens it without."
            )
        }
    }
}

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

    @Argument(help: "The backup.") var file: String
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
