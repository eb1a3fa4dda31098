import ArgumentParser
import Foundation
import Server

/// How what was asked for is written.
enum OutputForm: String, ExpressibleByArgument, CaseIterable {
    /// Tables and sentences, for people.
    case table
    /// JSON as the API answers it, for programs.
    case json
}

/// Where a command of an administrator goes, and how its answer is written.
struct AdministrationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server, https://ca.example.com:8443; or the variable UCM_SERVER. (default: the one of ucm login; otherwise the "
                + "data directory itself)",
            valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "A file with the API token for the server; or the variable UCM_TOKEN with the token itself. (default: the one of "
                + "ucm login)",
            valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp("Also trust these CAs for the server's TLS certificate, as PEM.", valueName: "file"),
        completion: .file())
    var tlsCa: String?

    @Option(help: ArgumentHelp("How the answer is written.", valueName: "form"))
    var output = OutputForm.table

    @OptionGroup var installation: InstallationOptions

    /// Opens the way to the installation for a command, and says in one line what went wrong.
    func administer(_ body: (AdministrationClient) async throws -> Void) async throws {
        try await reportingFailures {
            let way = try await self.way()
            do {
                try await body(AdministrationClient(way: way, output: self.output))
            } catch {
                try? await way.close()
                throw error
            }
            try await way.close()
        }
    }

    private func way() async throws -> any AdministrationWay {
        let environment = ProcessInfo.processInfo.environment
        let given = ConnectionChoice.Given(
            server: self.server,
            token: try self.tokenFile.map { try Files.secret($0) },
            trusted: try self.tlsCa.map { String(decoding: try Files.read($0), as: UTF8.self) },
            namesDirectory: !self.installation.flags.isEmpty
        )
        let choice = try ConnectionChoice.choose(given, environment: environment) {
            try Login.stored(at: Login.path(in: environment))
        }
        switch choice {
        case .server(let server): return try RemoteAPI(server: server)
        case .dataDirectory:
            let configuration = try await ServerConfiguration.read(
                flags: self.installation.flags, environment: environment)
            return DirectWay(api: try await DirectAPI(configuration, user: commandUserName))
        }
    }
}
