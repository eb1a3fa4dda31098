import ArgumentParser
import Server

/// Where the passphrase of a backup comes from.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the passphrase in its first line. (default: it is asked for on the terminal)",
            valueName: "file"
        ), completion: .file())
    var passphraseFile: String?

    /// The passphrase for a new backup, which is asked for twice: a mistake would be found when it is too late.
    func new() throws -> String {
        if let passphraseFile { return try Files.secret(passphraseFile) }
        return try SecretPrompt.askTwice("Passphrase of the backup: ") { passphrase in
            try Administration.check(backupPassphrase: passphrase)
        }
    }

    /// The passphrase of a backup that is there.
    func known() throws -> String {
        if let passphraseFile { return try Files.secret(passphraseFile) }
        return try SecretPrompt.ask("Passphrase of the backup: ")
    }
}
