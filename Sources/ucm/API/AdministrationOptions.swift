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
            valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Also trust these CAs for the server's TLS certificate, as PEM.", valueName: "file"))
    var tlsCa: String?

    @Option(help: ArgumentHelp("How the answer is written.", valueName: "form"))
    var output = OutputForm.table

    @OptionGroup var installation: InstallationOptions

    /// Opens the way to the installation for a command, and says in one line what went wrong.
    func administer(_ body: (AdministrationClient) async throws -> Void) async throws {
        do {
            let way = try await self.way()
            do {
                try await body(AdministrationClient(way: way, output: self.output))
            } catch {
                try? await way.close()
                throw error
            }
            try await way.close()
        } catch let error as ExitCode {
            throw error
        } catch let failure as APIFailure {
            Terminal.complain("ucm: \(failure)")
            throw failure.exitCode
        } catch {
            Terminal.complain("ucm: \(error)")
            throw ExitCode.failure
        }
    }

    /// Through a server where one is named, on the data directory where that is named, and otherwise where one has signed in.
    private func way() async throws -> any AdministrationWay {
        let environment = ProcessInfo.processInfo.environment
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let named = self.server ?? variable("UCM_SERVER")
        let hasDirectory = !self.installation.flags.isEmpty
        if self.server != nil, hasDirectory {
            throw ValidationError(
                "--server and --data exclude each other: a command goes to a server or to a data directory")
        }
        if let named, !hasDirectory { return try RemoteAPI(server: try self.remote(named, environment)) }
        if !hasDirectory, variable("UCM_DATA") == nil, let login = try Login.stored() {
            return try RemoteAPI(
                server: RemoteServer(url: login.url, token: login.token, trusted: login.certificates))
        }
        let configuration = try await ServerConfiguration.read(flags: self.installation.flags, environment: environment)
        return DirectWay(api: try await DirectAPI(configuration, user: commandUserName))
    }

    private func remote(_ url: String, _ environment: [String: String]) throws -> RemoteServer {
        let login = try Login.stored().flatMap { $0.url == Login.normalized(url) ? $0 : nil }
        let token = try self.tokenFile.map { try Files.secret($0) } ?? environment["UCM_TOKEN"] ?? login?.token
        guard let token, !token.isEmpty else {
            throw ValidationError(
                "there is no API token for \(url): sign in with ucm login \(url), or give --token-file or UCM_TOKEN")
        }
        guard Login.normalized(url).hasPrefix("https://") else {
            throw ValidationError("\(url) is no https address: tokens go nowhere else")
        }
        let trusted = try self.tlsCa.map { String(decoding: try Files.read($0), as: UTF8.self) } ?? login?.certificates
        return RemoteServer(url: Login.normalized(url), token: token, trusted: trusted)
    }
}
