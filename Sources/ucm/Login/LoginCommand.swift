import AdministrationAPI
import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import SCEP
import SCEPClient
import Server

/// `ucm login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in to a server, for the commands that follow.",
        usage: "ucm login https://ca.example.com:8443 --user alice --fingerprint 5c366368…",
        discussion: """
            The password, and the code where one is needed, are asked for on the terminal. An API token is made and kept, \
            readable for its owner only; ucm logout revokes it. An initial password is changed here too.

            A server whose TLS certificate is its own CA's is known by that CA's fingerprint, which its first start has shown.
            """
    )

    @Argument(help: "The server: https://ca.example.com:8443") var url: String
    @Option(help: ArgumentHelp("Who signs in.", valueName: "name")) var user = "admin"
    @Option(
        help: ArgumentHelp(
            "The SHA-256 fingerprint of the CA that issued the server's TLS certificate, where that is the server's own.",
            valueName: "SHA-256"))
    var fingerprint: String?
    @Option(
        help: ArgumentHelp("Also trust these CAs for the server's TLS certificate, as PEM.", valueName: "file"),
        completion: .file())
    var tlsCa: String?
    @Option(
        help: ArgumentHelp(
            "A file with the password in its first line; - for standard input. (default: it is asked for)",
            valueName: "file"), completion: .file())
    var passwordFile: String?
    @Option(
        help: ArgumentHelp("A file with the password that takes an initial one's place.", valueName: "file"),
        completion: .file())
    var newPasswordFile: String?
    @Option(
        help: ArgumentHelp(
            "The authenticator's code, or a recovery code. (default: it is asked for)", valueName: "code"))
    var code: String?
    @Option(
        help: ArgumentHelp(
            "What the token may do. Can be repeated. (default: all that the user may)", valueName: "permission"))
    var scope: [Permission] = []
    @Option(help: ArgumentHelp("How long the token is good: 12h, 90d. (default: 30d)", valueName: "time"))
    var valid: TimeSpan?

    /// How long the token is good where nothing is said, in seconds.
    private static let usualLifetime: TimeInterval = 30 * 86_400

    func validate() throws {
        if self.fingerprint != nil, self.tlsCa != nil {
            throw ValidationError("--fingerprint and --tls-ca exclude each other")
        }
    }

    func run() async throws {
        try await reportingFailures { try await self.signIn() }
    }

    private func signIn() async throws {
        let url = Login.normalized(self.url)
        guard url.hasPrefix("https://") else {
            throw ValidationError("\(self.url) is no https address: passwords go nowhere else")
        }
        let session = try SessionConnection(url: url, trusting: try await self.trusted(url))
        do {
            let login = try await self.login(session, url)
            try login.store(at: Login.path(in: ProcessInfo.processInfo.environment))
            printLine("Signed in to \(url) as \(login.user); ucm commands go there from now on.")
            try await session.close()
        } catch {
            try? await session.close()
            throw error
        }
    }

    private func login(_ session: SessionConnection, _ url: String) async throws -> Login {
        let password =
            try self.passwordFile.map { try Files.secret($0) } ?? SecretPrompt.ask("Password of \(self.user): ")
        let signedIn = try await session.signIn(self.user, password, code: self.code)
        if signedIn["mustChangePassword"]?.bool == true { try await self.changePassword(session, from: password) }
        let scopes = self.scope.isEmpty ? signedIn.texts("permissions") : self.scope.map(\.rawValue)
        let end = Date().addingTimeInterval(self.valid?.seconds ?? Self.usualLifetime).formatted(.iso8601)
        // The one that is kept so far would be known to nobody any more.
        if let kept = try? Login.stored(at: Login.path(in: ProcessInfo.processInfo.environment)), kept.url == url,
            kept.user == self.user
        {
            _ = try? await session.send("DELETE", ["tokens", "\(kept.tokenNumber)"], nil)
        }
        let token = try await Self.token(session, scopes: scopes, end: end)
        _ = try await session.send("DELETE", ["session"], nil)
        return Login(
            url: url, user: self.user, token: token["token"]?.text ?? "", tokenNumber: token["id"]?.integer ?? 0,
            certificates: session.trusted)
    }

    /// Makes a token that is named after this machine, and after the moment too where there is another one of that name.
    private static func token(_ session: SessionConnection, scopes: [String], end: String) async throws -> JSONValue {
        let name = "ucm login on \(ProcessInfo.processInfo.hostName.prefix(60))"
        var order = JSONObject([("name", .string(name)), ("scopes", .texts(scopes)), ("expiresAt", .string(end))])
        do {
            return try await session.send("POST", ["tokens"], .object(order))
        } catch let failure as APIFailure where failure.code == "conflict" {
            order["name"] = .string("\(name), \(Date().formatted(.iso8601))")
            return try await session.send("POST", ["tokens"], .object(order))
        }
    }

    private func changePassword(_ session: SessionConnection, from old: String) async throws {
        let new: String
        if let newPasswordFile {
            new = try Files.secret(newPasswordFile)
        } else {
            Terminal.complain("The password is an initial one, and has to be changed now.")
            new = try SecretPrompt.askTwice("New password: ")
        }
        _ = try await session.send(
            "PUT", ["session", "password"], ["oldPassword": .string(old), "newPassword": .string(new)])
    }

    /// The CA certificates that are trusted, as PEM; nil for those of the system.
    private func trusted(_ url: String) async throws -> String? {
        if let tlsCa { return String(decoding: try Files.read(tlsCa), as: UTF8.self) }
        guard let fingerprint else { return nil }
        // SCEP's own way to a CA's certificate: whoever answers, the fingerprint says whether it is the one.
        let trust: Trust
        do throws(SCEPError) {
            trust = .fingerprint(try Fingerprint(fingerprint))
        } catch {
            throw ValidationError("--fingerprint: \(error.reason)")
        }
        let client = try SCEPClient(
            url: url + "/scep", configuration: ClientConfiguration(trust: trust),
            transport: HTTPTransport(trust: .anyone))
        return try await client.authorities().authorities.map { PEM("CERTIFICATE", $0.certificate.encoded).text }
            .joined()
    }
}

/// `ucm logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Revoke the token of ucm login, and forget it.")

    func run() async throws {
        try await reportingFailures {
            let path = Login.path(in: ProcessInfo.processInfo.environment)
            guard let login = try Login.stored(at: path) else { throw NotSignedIn(reason: "nobody is signed in") }
            let api = AdministrationClient(
                way: try RemoteAPI(
                    server: RemoteServer(url: login.url, token: login.token, trusted: login.certificates)),
                output: .table)
            do {
                try await api.delete("tokens", "\(login.tokenNumber)")
            } catch {
                Terminal.complain("The token could not be revoked, and ends by itself: \(error)")
            }
            try? await api.way.close()
            Files.remove(path)
            printLine("Signed out of \(login.url).")
        }
    }
}

/// `ucm whoami`.
struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show as whom commands act, where, and what may be done.")

    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let me = try await api.get("session")
            api.show(me) {
                printLines([
                    ("User", me.text("user")), ("Role", me.text("role")), ("May", me.joined("permissions")),
                    ("Where", api.way.place),
                ])
            }
        }
    }
}
