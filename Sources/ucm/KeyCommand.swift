import ArgumentParser
import Foundation
import Server

/// `ucm key`.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Change the key under which all private keys are kept.",
        subcommands: [RotateMaster.self]
    )

    struct RotateMaster: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-master",
            abstract: "Put another master key in the place of the present one.",
            discussion: """
                The server has to be stopped. Everything that is encrypted is encrypted anew, in one transaction: it is done \
                whole or not at all. Devices and administrators notice nothing. Backups from before need the old key.

                Without an option the new key takes the old one's place in its file.
                """
        )

        @Option(
            help: ArgumentHelp("A file for the new key, which is not there yet.", valueName: "file"),
            completion: .file())
        var newKeyFile: String?
        @Option(
            help: ArgumentHelp("A file with a passphrase from which the new key is derived.", valueName: "file"),
            completion: .file())
        var newPassphraseFile: String?
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.newKeyFile == nil || self.newPassphraseFile == nil else {
                throw ValidationError("--new-key-file and --new-passphrase-file exclude each other")
            }
        }

        func run() async throws {
            try await self.installation.run { configuration in
                var successor = MasterKeyRotation.Successor.inPlace
                if let newKeyFile { successor = .file(newKeyFile) }
                if let newPassphraseFile {
                    successor = .passphrase(try MasterKeyRotation.passphrase(inFile: newPassphraseFile))
                }
                print(try await MasterKeyRotation(configuration).run(to: successor, by: commandUser, at: Date()))
            }
        }
    }
}
