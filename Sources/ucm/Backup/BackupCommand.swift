import AdministrationAPI
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

    @Argument(help: "The file, which is not there yet.", completion: .file()) var file: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let rows =
                if let directory = api.way as? DirectWay {
                    try await self.copy(directory)
                } else {
                    try await self.fetch(api)
                }
            let size = try FileManager.default.attributesOfItem(atPath: self.file)[.size] as? Int ?? 0
            var answer = JSONObject([("file", .string(Files.absolute(self.file))), ("bytes", .integer(Int64(size)))])
            answer["rows"] = rows.map(JSONValue.integer)
            api.show(.object(answer)) {
                let content = rows.map { "\($0) rows in \(size) bytes" } ?? "\(size) bytes"
                printLine("\(self.file) has \(content). Keep its passphrase elsewhere: nothing opens it without.")
            }
        }
    }

    /// Copies a data directory.
    ///
    /// - Returns: How many rows are in the copy.
    private func copy(_ directory: DirectWay) async throws -> Int64? {
        let bar = ProgressBar("Backup")
        defer { bar.finish() }
        return try await directory.api.backup(
            toFile: self.file, passphrase: try self.passphrase.new(), at: Date(), progress: bar.update)
    }

    /// Lets a server make the copy, and takes it as it comes.
    ///
    /// - Returns: Nothing, for the server does not say how many rows are in it.
    private func fetch(_ api: AdministrationClient) async throws -> Int64? {
        let passphrase = try self.passphrase.new()
        try Administration.check(backupPassphrase: passphrase)
        let file = try BackupFile(self.file)
        do {
            try await api.stream("POST", "system", "backup", body: JSONObject([("passphrase", .string(passphrase))])) {
                try file.write($0)
            }
            try file.finish()
        } catch {
            file.discard()
            throw error
        }
        return nil
    }
}
