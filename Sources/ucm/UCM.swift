import ArgumentParser
import Server

/// The program: argument parsing, nothing else.
@main
struct UCM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ucm",
        abstract: "A certificate authority whose front door is SCEP (RFC 8894).",
        version: ProgramVersion.current,
        subcommands: [
            Serve.self, ProfileCommand.self, ChallengeCommand.self, PolicyCommand.self, RequestCommand.self,
            CertificateCommand.self, TemplateCommand.self, AuthorityCommand.self, PublicationCommand.self,
            KeyCommand.self, BackupCommand.self, RestoreCommand.self, DatabaseCommand.self, DoctorCommand.self,
            UserCommand.self, RoleCommand.self, TokenCommand.self, AuditCommand.self, LogCommand.self,
            LimitsCommand.self, RevocationListCommand.self, StatisticsCommand.self, LoginCommand.self,
            LogoutCommand.self, WhoAmICommand.self, SCEPCommand.self, BenchCommand.self, CompletionsCommand.self,
            ManualCommand.self,
        ]
    )
}
