import AdministrationAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Registry
@testable import Server

@Suite("A session over the API")
struct APISessionTests {
    private static func credentials(
        _ name: String,
        _ password: String = People.password,
        code: String? = nil
    ) -> JSONValue {
        ["name": .string(name), "password": .string(password), "code": .text(ifPresent: code)]
    }

    /// Signs somebody in, and returns what a browser then has.
    private static func signIn(_ server: APIServer, _ name: String) async throws -> (APIReceived, APICaller) {
        let received = try await server.done(.post, "/session", by: .nobody, Self.credentials(name))
        let cookie = try #require(received.headers[.setCookie])
        let secret = try #require(SessionCookie.secret(in: String(cookie.prefix { $0 != ";" })))
        return (received, .session(secret: secret, csrfToken: received.json["csrfToken"]?.text))
    }

    @Test("begins with a cookie that only this server gets back, and no page can read")
    func cookie() async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            let (received, caller) = try await Self.signIn(server, "VERA")
            guard case .session(let secret, _) = caller else { return }
            #expect(
                received.headers[.setCookie]
                    == "__Host-ucm=\(secret); Path=/; Secure; HttpOnly; SameSite=Strict")
            #expect(received.status == .created && received.json["user"] == "vera")
            #expect(!received.text.contains(secret))
            let mine = try await server.get("/session", by: caller)
            #expect(mine.json == received.json)
            #expect(mine.headers[.setCookie] == nil && !mine.text.contains(secret))
            // What is kept in the registry opens nothing.
            #expect(try await !server.live.registry.contains(secret))
        }
    }

    @Test("is used for reading by its cookie alone, and for changes by the pages of this server")
    func crossSite() async throws {
        try await APIServer.run { server in
            try await server.people.add("ada", "administrator", at: Date())
            let (_, caller) = try await Self.signIn(server, "ada")
            let (_, other) = try await Self.signIn(server, "ada")
            guard case .session(let secret, let right?) = caller, case .session(_, let another?) = other else { return }
            #expect(right != another)
            for token in [
                nil, "", " ", another, right.uppercased(), String(right.dropLast()), right + "a", "ä", secret,
            ] {
                let page = APICaller.session(secret: secret, csrfToken: token)
                #expect(try await server.get("/users", by: page).status == .ok)
                #expect(try await server.send(.head, "/users", by: page).status == .ok)
                for (method, path) in [
                    (HTTPRequest.Method.post, "/users"), (.delete, "/session"), (.patch, "/settings/limits"),
                    (.put, "/session/password"), (.post, "/session"),
                ] {
                    #expect(try await server.send(method, path, by: page, [:]).code == "cross-site")
                }
            }
            try await server.done(.post, "/users", by: caller, ["name": "eve", "role": "viewer"])
            // A token is sent by programs, to which no page of another site can say anything.
            try await server.done(.delete, "/users/eve", by: try await server.token(of: "ada"))
        }
    }

    @Test("is over when its owner signs out, and the browser forgets it")
    func signOut() async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            let (_, caller) = try await Self.signIn(server, "vera")
            let (_, other) = try await Self.signIn(server, "vera")
            let received = try await server.done(.delete, "/session", by: caller)
            #expect(
                received.headers[.setCookie] == "__Host-ucm=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
            #expect(try await server.get("/session", by: caller).code == "sign-in-needed")
            #expect(try await server.send(.delete, "/session", by: caller).code == "sign-in-needed")
            #expect(try await server.get("/session", by: other).status == .ok)
        }
    }

    @Test("is over after some time without use, and after some time in any case", arguments: [true, false])
    func ends(isIdle: Bool) async throws {
        try await APIServer.run { server in
            let settings: JSONValue = ["idleMinutes": 10, "absoluteMinutes": 60]
            try await server.done(.patch, "/settings/sessions", settings)
            try await server.people.add("vera", "viewer", at: Date())
            for (minutes, isOver) in [(isIdle ? 8 : 58, false), (isIdle ? 11 : 61, true)] {
                let (_, caller) = try await Self.signIn(server, "vera")
                let past = Date().addingTimeInterval(Double(-minutes * 60))
                let used = isIdle ? past : Date()
                _ = try await server.live.registry.database.write { connection in
                    try connection.execute(
                        "UPDATE session SET created_at = $1, last_used_at = $2", [.date(past), .date(used)])
                }
                let received = try await server.get("/session", by: caller)
                #expect(received.status == (isOver ? .unauthorized : .ok))
                // Whoever only signs in anew needs no token of the old one's.
                if isOver {
                    let headers: HTTPFields = caller.headers
                    let again = try await server.send(
                        .post, "/session", by: .nobody, Self.credentials("vera"), headers: headers)
                    #expect(again.status == .created)
                }
            }
        }
    }

    @Test("is ended by whoever may, by another role and by another password")
    func revoked() async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            let (_, first) = try await Self.signIn(server, "vera")
            let (_, second) = try await Self.signIn(server, "vera")
            let sessions = try await server.get("/sessions", by: first).json["items"]?.array ?? []
            #expect(sessions.map { $0["current"] } == [false, true])
            let id = try #require(sessions.first?["id"]?.integer)
            try await server.done(.delete, "/sessions/\(id)", by: first)
            #expect(try await server.get("/session", by: second).status == .unauthorized)
            #expect(try await server.send(.delete, "/sessions/\(id)", by: first).status == .notFound)
            try await server.done(.patch, "/users/vera", ["role": "operator"])
            #expect(try await server.get("/session", by: first).status == .unauthorized)
            let (_, third) = try await Self.signIn(server, "vera")
            // No token sets passwords.
            let ada = try await server.enter("ada", "administrator")
            try await server.done(.post, "/users/vera/reset-password", by: ada)
            #expect(try await server.get("/session", by: third).status == .unauthorized)
        }
    }

    @Test("does not begin for whoever guesses, who does not learn which names there are")
    func wrongCredentials() async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            try await server.people.add("off", "viewer", at: Date())
            try await server.done(.patch, "/users/off", ["disabled": true])
            var answers: Set<String> = []
            for attempt in [
                Self.credentials("vera", "wrong"), Self.credentials("nobody-here"), Self.credentials("off"),
                Self.credentials("off", "wrong"), Self.credentials("vera", "wrong", code: "123456"),
                Self.credentials("vera\u{0}"), Self.credentials("' OR 1=1 --"),
            ] {
                let received = try await server.send(.post, "/session", by: .nobody, attempt)
                #expect(received.status == .unauthorized && received.headers[.setCookie] == nil)
                answers.insert("\(received.headers) \(received.text)")
            }
            #expect(answers.count == 1)
        }
    }

    @Test("does not begin after many guesses, until some time later", arguments: ["vera", "nobody-here"])
    func locked(name: String) async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            for _ in 0..<5 {
                let received = try await server.send(.post, "/session", by: .nobody, Self.credentials(name, "wrong"))
                #expect(received.code == "wrong-credentials")
            }
            let received = try await server.send(.post, "/session", by: .nobody, Self.credentials(name))
            #expect(received.status == .tooManyRequests && received.code == "too-many-requests")
            let seconds = try #require(received.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...900).contains(seconds))
            guard name == "vera" else { return }
            try await server.done(.post, "/users/vera/unlock")
            #expect(try await Self.signIn(server, "vera").0.status == .created)
        }
    }

    @Test("begins with a code where the account has an authenticator")
    func codes() async throws {
        try await APIServer.run { server in
            let vera = try await server.enter("vera", "viewer")
            let setup = try await server.done(.post, "/session/totp", by: vera).json
            let codes = TOTP(secret: try #require(setup["secret"]?.text.flatMap(Base32.decode)))
            #expect(setup["uri"]?.text?.hasPrefix("otpauth://totp/") == true)
            let wrong = try await server.send(.put, "/session/totp", by: vera, ["code": "abc"])
            #expect(wrong.code == "invalid" && wrong.fields == ["code"])
            let step = TOTP.step(at: Date())
            let confirmed = try await server.done(
                .put, "/session/totp", by: vera, ["code": .string(codes.code(step: step))])
            let recovery = (confirmed.json["recoveryCodes"]?.array ?? []).compactMap(\.text)
            #expect(recovery.count == 10)
            let answers: [(String?, String?)] = [
                (nil, "code-needed"), ("", "invalid"), (codes.code(step: step), "wrong-credentials"),
                (codes.code(step: step + 1), nil), (codes.code(step: step + 1), "wrong-credentials"),
                (recovery[0], nil), (recovery[0], "wrong-credentials"),
            ]
            for (code, expected) in answers {
                let body = Self.credentials("vera", code: code)
                let received = try await server.send(.post, "/session", by: .nobody, body)
                #expect(received.code == expected, "\(code ?? "none"): \(received.text)")
            }
            // Without the password nobody learns that a code is needed.
            let guess = try await server.send(.post, "/session", by: .nobody, Self.credentials("vera", "wrong"))
            #expect(guess.code == "wrong-credentials")
            #expect(try await server.get("/users/vera").json["recoveryCodesLeft"] == 9)
            let events = try await server.get("/audit?object=user%20vera&kind=accountChanged")
            let differences = events.json["items"]?.array?.first?["differences"]
            #expect(differences == [["name": "totp", "before": "false", "after": "true"]])
        }
    }

    @Test("is to be had on the encrypted listener only, as is everything else of the API")
    func plain() async throws {
        try await LiveInstallation.run(at: Date()) { live in
            let router = live.installation.router(logger: .quiet, on: .http)
            try await Application(router: router, logger: .quiet).test(.router) { client in
                for route in API.routes {
                    let response = try await client.execute(
                        uri: APIPath.root + RightsTests.path(route), method: route.method)
                    #expect(response.status == .notFound, "\(RightsTests.name(route))")
                    #expect(response.headers[.setCookie] == nil)
                }
            }
        }
    }

    @Test("that is none is nobody, whatever stands in the cookie")
    func strangeCookies() async throws {
        try await APIServer.run { server in
            let values = [
                "__Host-ucm=", "__Host-ucm", "=", "__Host-ucm=a", "__host-ucm=a", ";;;", "a=b; __Host-ucm=x; c=d",
                "__Host-ucm=\(String(repeating: "a", count: 10_000))", "__Host-ucm=' OR 1=1 --", "__Host-ucm=%00",
            ]
            for value in values {
                let received = try await server.get("/session", by: .nobody, headers: [.cookie: value])
                #expect(received.code == "sign-in-needed")
            }
        }
    }
}
