import ArgumentParser

/// Where a command of an administrator goes.
enum ConnectionChoice: Equatable {
    /// Over HTTPS to a server.
    case server(RemoteServer)
    /// To the data directory, in this process.
    case dataDirectory

    /// What the command line says about it.
    struct Given {
        /// `--server`.
        var server: String?
        /// The token in the file of `--token-file`.
        var token: String?
        /// The certificates in the file of `--tls-ca`, as PEM.
        var trusted: String?
        /// Whether `--data` or another option about the data directory is given.
        var namesDirectory = false
    }

    /// Chooses: options before variables, variables before the login, and a server before the data directory.
    ///
    /// - Parameters:
    ///   - given: What the command line says.
    ///   - environment: The variables.
    ///   - login: The server that somebody has signed in to; nil where nobody has.
    /// - Returns: Where the command goes.
    /// - Throws: `ValidationError` where options exclude each other, ``NotSignedIn`` where there is no token, and what
    ///   reading the login throws.
    static func choose(
        _ given: Given,
        environment: [String: String],
        login: () throws -> Login?
    ) throws -> ConnectionChoice {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if given.namesDirectory {
            guard given.server == nil else {
                throw ValidationError(
                    "--server and --data exclude each other: a command goes to a server or to a data directory")
            }
        } else if let named = given.server ?? variable("UCM_SERVER") {
            let url = Login.normalized(named)
            guard url.hasPrefix("https://") else {
                throw ValidationError("\(named) is no https address: tokens go nowhere else")
            }
            let known = try login().flatMap { $0.url == url ? $0 : nil }
            guard let token = given.token ?? variable("UCM_TOKEN") ?? known?.token else {
                throw NotSignedIn(
                    reason:
                        "there is no API token for \(url): sign in with ucm login \(url), or give --token-file or UCM_TOKEN"
                )
            }
            return .server(RemoteServer(url: url, token: token, trusted: given.trusted ?? known?.certificates))
        } else if variable("UCM_DATA") == nil, variable("UCM_DATABASE_URL") == nil, let login = try login() {
            return .server(
                RemoteServer(
                    url: login.url, token: given.token ?? login.token, trusted: given.trusted ?? login.certificates))
        }
        guard given.token == nil, given.trusted == nil else {
            throw ValidationError("--token-file and --tls-ca are for a server: name it with --server")
        }
        return .dataDirectory
    }
}

/// Why nobody is known to a server.
struct NotSignedIn: Error, CustomStringConvertible {
    let reason: String

    var description: String { self.reason }
}
