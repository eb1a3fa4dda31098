import ArgumentParser
import Testing

@testable import ucm

/// Where a command of an administrator goes.
@Suite struct ConnectionChoiceTests {
    private static let login = Login(
        url: "https://login.test", user: "alice", token: "of-login", tokenNumber: 1, certificates: "PEM of login")

    private static func choose(
        _ given: ConnectionChoice.Given = .init(),
        _ environment: [String: String] = [:],
        login: Login? = nil
    ) throws -> ConnectionChoice {
        try ConnectionChoice.choose(given, environment: environment) { login }
    }

    private static func server(_ url: String, _ token: String, _ trusted: String? = nil) -> ConnectionChoice {
        .server(RemoteServer(url: url, token: token, trusted: trusted))
    }

    @Test func `the data directory, where nothing else is said`() throws {
        #expect(try Self.choose() == .dataDirectory)
        #expect(try Self.choose(.init(), ["UCM_SERVER": "", "UCM_TOKEN": "x"]) == .dataDirectory)
    }

    @Test func `the server of the login`() throws {
        let expected = Self.server("https://login.test", "of-login", "PEM of login")
        #expect(try Self.choose(login: Self.login) == expected)
        // A variable is for the server of a variable or an option.
        #expect(try Self.choose(.init(), ["UCM_TOKEN": "x"], login: Self.login) == expected)
    }

    @Test func `options change what the login says`() throws {
        let given = ConnectionChoice.Given(token: "other", trusted: "PEM")
        #expect(try Self.choose(given, login: Self.login) == Self.server("https://login.test", "other", "PEM"))
    }

    @Test(arguments: [[:], ["UCM_SERVER": "https://variable.test", "UCM_TOKEN": "x"], ["UCM_DATA": "elsewhere"]])
    func `a data directory that is named wins over variables and login`(environment: [String: String]) throws {
        #expect(try Self.choose(.init(namesDirectory: true), environment, login: Self.login) == .dataDirectory)
    }

    @Test func `a data directory in a variable wins over the login, not over a server`() throws {
        #expect(try Self.choose(.init(), ["UCM_DATA": "d"], login: Self.login) == .dataDirectory)
        let both = ["UCM_DATA": "d", "UCM_SERVER": "https://variable.test", "UCM_TOKEN": "x"]
        #expect(try Self.choose(.init(), both, login: Self.login) == Self.server("https://variable.test", "x"))
    }

    @Test func `a server by option wins over the variable, and so does a token`() throws {
        let environment = ["UCM_SERVER": "https://variable.test", "UCM_TOKEN": "of-variable"]
        #expect(
            try Self.choose(.init(server: "https://option.test"), environment)
                == Self.server("https://option.test", "of-variable"))
        #expect(
            try Self.choose(.init(token: "of-option"), environment) == Self.server("https://variable.test", "of-option")
        )
    }

    @Test(arguments: ["https://login.test", "login.test", "https://login.test//"])
    func `the login's token goes to its server`(url: String) throws {
        #expect(
            try Self.choose(.init(server: url), login: Self.login)
                == Self.server("https://login.test", "of-login", "PEM of login"))
    }

    @Test func `the login's token goes to no other server`() {
        #expect(throws: NotSignedIn.self) { try Self.choose(.init(server: "https://other.test"), login: Self.login) }
        #expect(throws: ValidationError.self) {
            try Self.choose(.init(), ["UCM_SERVER": "http://login.test"], login: Self.login)
        }
        #expect(throws: NotSignedIn.self) { try Self.choose(.init(server: "https://other.test"), ["UCM_TOKEN": ""]) }
    }

    @Test func `a server and a data directory exclude each other`() {
        #expect(throws: ValidationError.self) { try Self.choose(.init(server: "a", token: "b", namesDirectory: true)) }
    }

    @Test(arguments: [ConnectionChoice.Given(token: "a"), .init(trusted: "a"), .init(token: "a", namesDirectory: true)])
    func `a token or CA without a server is a mistake`(given: ConnectionChoice.Given) {
        #expect(throws: ValidationError.self) { try Self.choose(given) }
    }

    @Test func `a login that cannot be read stops what needs it, and nothing else`() throws {
        let problem = FileProblem(path: "login.json", reason: "it is no login")
        let known = ["UCM_SERVER": "https://variable.test", "UCM_TOKEN": "x"]
        #expect(throws: FileProblem.self) { try ConnectionChoice.choose(.init(), environment: [:]) { throw problem } }
        #expect(
            try ConnectionChoice.choose(.init(namesDirectory: true), environment: known) { throw problem }
                == .dataDirectory
        )
    }
}
