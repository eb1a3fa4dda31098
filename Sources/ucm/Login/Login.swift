import AdministrationAPI
import Foundation
import Server

/// A server that somebody has signed in to, as it is kept for the commands that follow.
struct Login: Equatable {
    var url: String
    var user: String
    var token: String
    /// The token's number, by which it is revoked with the logout.
    var tokenNumber: Int64
    /// The CA certificates that are trusted for the server, as PEM; nil for those of the system.
    var certificates: String?

    /// Where it is kept: `$UCM_LOGIN_FILE`, or `ucm/login.json` below `$XDG_CONFIG_HOME` or `~/.config`.
    static func path(in environment: [String: String]) -> String {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = variable("UCM_LOGIN_FILE") { return path }
        let base = variable("XDG_CONFIG_HOME") ?? (variable("HOME") ?? NSHomeDirectory()) + "/.config"
        return base + "/ucm/login.json"
    }

    /// What is kept; nil where nobody has signed in.
    ///
    /// - Parameter path: Where.
    /// - Returns: The login.
    /// - Throws: ``FileProblem`` where the file is no login, or others can read the token in it.
    static func stored(at path: String) throws -> Login? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            throw FileProblem(path: path, reason: "others can read the token in it: chmod 600 \(path)")
        }
        let value = try? JSONValue(json: try Files.read(path))
        guard let value, let url = value["url"]?.text, let token = value["token"]?.text else {
            throw FileProblem(path: path, reason: "it is no login: delete it and sign in with ucm login")
        }
        return Login(
            url: url, user: value["user"]?.text ?? "", token: token, tokenNumber: value["tokenNumber"]?.integer ?? 0,
            certificates: value["certificates"]?.text)
    }

    /// Keeps it, readable for its owner only.
    ///
    /// - Parameter path: Where.
    /// - Throws: What keeps the file from being written.
    func store(at path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let value: JSONValue = [
            "url": .string(self.url), "user": .string(self.user), "token": .string(self.token),
            "tokenNumber": .integer(self.tokenNumber),
            "certificates": self.certificates.map(JSONValue.string) ?? .null,
        ]
        try Files.writePrivate(value.prettyText, to: path, replacing: true)
    }

    /// A server's address without what does not belong to it.
    static func normalized(_ url: String) -> String {
        var url = url.contains("://") ? url : "https://" + url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
