import ArgumentParser
import Configuration
import Foundation
import Registry
import Server

/// Where the installation is that a command is about.
struct InstallationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the database and the master key are. (default: data)", valueName: "dir"),
        completion: .directory)
    var data: String?

    @Option(
        help: ArgumentHelp("A configuration file. (default: ucm.yaml in the data directory)", valueName: "file"),
        completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp(
            "A PostgreSQL server with the database: postgres://user@host:5432/name?sslmode=verify-full. A password does not "
                + "belong on a command line: set the variable UCM_DATABASE_URL or PGPASSFILE. (default: SQLite in the data "
                + "directory)",
            valueName: "url"
        ))
    var databaseURL: String?

    @Option(
        help: ArgumentHelp(
            "The master key that opens the private keys, as base64; or the variable UCM_MASTER_KEY with the key itself. "
                + "(default: master.key in the data directory)",
            valueName: "file"
        ), completion: .file())
    var masterKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A file with a passphrase from which the master key is derived; or the variable UCM_MASTER_PASSPHRASE with the "
                + "passphrase itself.",
            valueName: "file"
        ), completion: .file())
    var masterPassphraseFile: String?

    /// The names of the settings that say where it is and what opens it.
    static let names: Set<String> = ["data", "config", "database-url", "master-key-file", "master-passphrase-file"]

    /// What was given, by the names of the settings.
    var flags: [String: ConfigValue] {
        [
            ("data", self.data), ("config", self.config), ("database-url", self.databaseURL),
            ("master-key-file", self.masterKeyFile), ("master-passphrase-file", self.masterPassphraseFile),
        ]
        .reduce(into: [:]) { flags, option in
            flags[option.0] = option.1.map { ConfigValue(.string($0), isSecret: option.0 == "database-url") }
        }
    }

    /// Reads the bootstrap settings for a command, and says in one line what went wrong.
    func run(_ body: (ServerConfiguration) async throws -> Void) async throws {
        try await reportingFailures {
            try await body(
                try await ServerConfiguration.read(flags: self.flags, environment: ProcessInfo.processInfo.environment)
            )
        }
    }
}

/// Who gives a command: behind sudo, whoever called it, so that nobody is two people.
var commandUserName: String {
    ProcessInfo.processInfo.environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 } ?? NSUserName()
}

/// Who decides by a command, for the record.
var commandUser: Decider { Decider("\(commandUserName) at the command line") }
