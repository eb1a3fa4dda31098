import ArgumentParser
import EnrollmentLoad
import Foundation
import SCEP
import SCEPClient

/// `ucm bench`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Load a SCEP server with enrolments, and measure how long it takes.",
        usage: """
            ucm bench https://ca.example.com/scep --challenge-file secret --count 5000
            ucm bench https://ca.example.com/scep --challenge-file secret --duration 60 --rate 50 --connections 32
            ucm bench http://localhost:8080/scep --challenges challenges.txt --retry 120 --received received.jsonl
            ucm bench http://localhost:8080/scep --challenge-file secret --keys fresh --key-type p256 --json
            """,
        discussion: """
            Every enrolment gets a real certificate, which the server keeps: this is for a server that was set up for it, or \
            for a profile of its own whose certificates are revoked afterwards.

            Keys and messages are made before the clock starts, up to 20000 messages; what goes beyond is made while others \
            are sent, and so is what a --duration without --rate sends after the first 2000. Each connection sends its next \
            request as soon as it has its answer; with --rate requests begin when it is time for them, and where all \
            connections are busy the waiting is part of the times that are measured.

            Answers are verified as ucm scep does it: who signed them, whether they answer this request, whether the \
            certificate is for this key and from this CA. Without --fingerprint or --ca the CA is the one that the server \
            shows, which is good enough for a server of one's own.

            With --retry a message whose connection breaks, or whose answer is HTTP status 429, 502, 503 or 504, is sent \
            again, the same bytes each time, after the time that the server asks for. These enrolments are counted apart, \
            and their times are not among the others.

            Ctrl-C ends it with the figures so far. The exit status is 0 where every enrolment that began ended with a \
            certificate or waits for approval, otherwise 1.
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup(title: "What is sent") var load: LoadOptions

    @Flag(help: "Write the result as JSON, and nothing else, to standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Append a line of JSON for each certificate when it is received: transaction, serial number, fingerprint, line of the challenge, time.",
            valueName: "file"), completion: .file())
    var received: String?

    func validate() throws {
        if self.received != nil, self.load.trustAnswers {
            throw ValidationError("--received notes certificates, which --trust-answers does not look at.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let plan = try self.load.plan()
            let connection = self.server.connection
            let received = try self.received.map { path throws(SCEPClientError) in try ReceivedFile(path) }
            let trust: Trust
            if let given = try self.trust.trustIfGiven() {
                trust = given
            } else {
                trust = try await ShownAuthority.trust(of: try self.server.client())
            }
            let server = try await self.server.client(trust: trust).negotiate()
            let report = try await KeptConnections.with(
                plan.connections,
                trust: try connection.serverTrust(),
                timeout: .seconds(connection.timeout)
            ) { connections in
                let stop = StopOnSignal()
                defer { stop.cancel() }
                let progress = LoadProgressLine()
                defer { progress.finish() }
                let load = try EnrollmentLoad(
                    plan, at: server, over: connections, received: received, stop: stop.asked)
                return try await load.run(progress.show)
            }
            Terminal.write(self.json ? try report.json() : report.table())
            for warning in report.warnings { Terminal.complain("Warning: \(warning)") }
            if report.failed > 0 { throw ExitCode(ExitStatus.failure) }
        }
    }
}
