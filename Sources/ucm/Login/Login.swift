import Foundation
import Server

/// A server that somebody has signed in to, as it is kept for the commands that follow.
struct Login {
    var url: String
    var user: String
    var token: String
    /// The token's number, by which it is revoked with the logout.
    var tokenNumber: Int64
    /// The CA certificates that are trusted for the server, as PEM; nil for those of the system.
    var certificates: String?

    /// Where it is kept: `$UCM_LOGIN_FILE`, or `ucm/login.json` below `$XDG_CONFIG_HOME` or `~/.config`.
    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["UCM_LOGIN_FILE"], !path.isEmpty { return path }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
        return base + "/ucm/login.json"
    }

    /// What is kept; nil where nobody has signed in.
    static func stored() throws -> Login? {
        guard FileManager.default.fileExists(atPath: Self.path) else { return nil }
        let value = try? JSONValue(json: try Files.read(Self.path))
        guard let value, let url = value["url"]?.text, let token = value["token"]?.text else {
            throw FileProblem(path: Self.path, reason: "it is no login: delete it and sign in with ucm login")
        }
        return Login(
            url: url, user: value["user"]?.text ?? "", token: token, tokenNumber: value["tokenNumber"]?.integer ?? 0,
            certificates: value["certificates"]?.text)
    }

    /// Keeps it, readable for its owner only.
    func store() throws {
        let directory = URL(fileURLWithPath: Self.path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let value: JSONValue = [
            "url": .string(self.url), "user": .string(self.user), "token": .string(self.token),
            "tokenNumber": .integer(self.tokenNumber),
            "certificates": self.certificates.map(JSONValue.string) ?? .null,
        ]
        try Files.writePrivate(value.prettyText, to: Self.path, replacing: true)
    }

    /// Forgets it.
    static func forget() throws { try FileManager.default.removeItem(atPath: Self.path) }

    /// A server's address without what does not belong to it.
    static func normalized(_ url: String) -> String {
        var url = url.contains("://") ? url : "https://" + url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
