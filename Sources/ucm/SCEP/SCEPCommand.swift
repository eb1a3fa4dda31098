import ArgumentParser
import SCEPClient

/// `ucm scep`: a client for any SCEP server.
struct SCEPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scep",
        abstract: "Talk to any SCEP server as a client: get, renew and look up certificates; take messages apart.",
        discussion: """
            Certificates, keys and CRLs are read and written as PEM. What is asked for goes to standard output or the \
            file of --out, everything else to standard error; -v shows every message there, without secrets.

            Exit status: 0 success, 1 an error, 2 the server refused, 3 the request is pending, 64 wrong usage.
            """,
        subcommands: [
            CapabilitiesCommand.self, CACertificatesCommand.self, NextCACertificatesCommand.self, EnrollCommand.self,
            RenewCommand.self, PollCommand.self, GetCertCommand.self, GetCRLCommand.self, DecodeCommand.self,
        ]
    )
}

/// Runs a command; what goes wrong becomes one sentence on standard error and an exit status.
///
/// - Parameter body: The command.
/// - Throws: The exit status.
func reportingErrors(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ExitCode {
        throw error
    } catch let error as SCEPClientError {
        Terminal.complain("ucm scep: \(error.reason)\(error.code == .weak ? " The option is --allow-weak." : "")")
        throw ExitCode(error.code == .refused ? SCEPExitStatus.refused : .failure)
    } catch {
        Terminal.complain("ucm scep: \(error)")
        throw ExitCode(SCEPExitStatus.failure)
    }
}
