import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("What a caller may do who is less than his role")
struct ScopeTests {
    private static func refused(_ received: APIReceived) -> Bool {
        [.unauthorized, .forbidden].contains(received.status)
    }

    @Test("by a token is what its scopes say")
    func scopes() async throws {
        try await APIServer.run { server in
            try await server.people.add("ada", "administrator", at: Date())
            let scopes: Set<Permission> = [.readProfiles, .writeTemplates]
            let token = try await server.token(of: "ada", scopes)
            for route in API.routes {
                let received = try await server.send(route.method, RightsTests.path(route), by: token)
                if case .permission(let permission) = route.access {
                    #expect(Self.refused(received) != scopes.contains(permission), "\(RightsTests.name(route))")
                }
            }
            let permissions = try await server.get("/session", by: token).json["permissions"]
            #expect(permissions == ["profiles:read", "templates:write"])
        }
    }

    @Test("by a token is never to make tokens, nor to change passwords or codes")
    func lasting() async throws {
        try await APIServer.run { server in
            try await server.people.add("vera", "viewer", at: Date())
            try await server.people.add("ada", "administrator", at: Date())
            let token = try await server.token(of: "ada")
            let calls: [(HTTPRequest.Method, String, JSONValue?)] = [
                (.post, "/tokens", ["name": "another", "scopes": ["profiles:read"]]),
                (
                    .put, "/session/password",
                    ["oldPassword": .string(People.password), "newPassword": "Ganz etwas anderes 1"]
                ),
                (.post, "/session/totp", nil), (.put, "/session/totp", ["code": "123456"]),
                (.post, "/session/totp/disable", ["password": .string(People.password)]),
                (.post, "/session/recovery-codes", ["password": .string(People.password)]),
                (.post, "/users/vera/reset-password", nil), (.post, "/users/vera/disable-totp", nil),
                (.delete, "/session", nil),
            ]
            for (method, path, body) in calls {
                #expect(try await server.send(method, path, by: token, body).code == "forbidden", "\(path)")
            }
            let tokens = try await server.get("/tokens?user=ada")
            #expect(tokens.json["items"]?.array?.count == 1)
            #expect(try await server.get("/session", by: token).json["csrfToken"] == .null)
        }
    }

    @Test("by a token that is wrong, over or revoked is nothing, also where nobody has to be known")
    func worthless() async throws {
        try await APIServer.run { server in
            try await server.people.add("ada", "administrator", at: Date())
            let caller = try await server.token(of: "ada")
            let id = try #require(try await server.get("/tokens", by: caller).items("id").first?.integer)
            try await server.done(.delete, "/tokens/\(id)", by: caller)
            guard case .token(let secret) = caller else { return }
            let values = [
                "Bearer \(secret)", "Bearer", "Bearer ", "Bearer ucm_\(String(repeating: "a", count: 32))",
                "Basic YWRtaW46YWRtaW4=", secret, "", "Bearer \(String(repeating: "a", count: 100_000))",
            ]
            for value in values {
                for path in ["/session", "/openapi.json"] {
                    let received = try await server.get(path, by: .nobody, headers: [.authorization: value])
                    #expect(received.code == "sign-in-needed")
                    #expect(received.headers[.wwwAuthenticate]?.hasPrefix("Bearer ") == true)
                }
            }
        }
    }

    @Test("with an initial password is to change it, and to sign out")
    func initialPassword() async throws {
        try await APIServer.run { server in
            let made = try await server.done(.post, "/users", ["name": "nina", "role": "administrator"])
            let password = try #require(made.json["password"]?.text)
            func signIn(_ password: String) async throws -> APICaller {
                let signIn = try await server.people.signIn("nina", password, at: Date())
                return .session(secret: signIn.secret, csrfToken: signIn.csrfToken)
            }
            let nina = try await signIn(password)
            for route in API.routes {
                switch (route.method, route.path) {
                case (.delete, "/session"): continue
                case (_, "/session"), (_, "/session/password"), (_, "/openapi.json"):
                    let received = try await server.send(route.method, RightsTests.path(route), by: nina)
                    #expect(!Self.refused(received), "\(RightsTests.name(route))")
                default:
                    let received = try await server.send(route.method, RightsTests.path(route), by: nina)
                    #expect(received.code == "password-change-needed", "\(RightsTests.name(route))")
                }
            }
            try await server.done(.delete, "/session", by: try await signIn(password))
            let change: JSONValue = ["oldPassword": .string(password), "newPassword": .string(People.password)]
            try await server.done(.put, "/session/password", by: nina, change)
            try await server.done(.get, "/users", by: nina)
        }
    }

    @Test("with a role that somebody has made is what it permits, from one moment to the next")
    func customRole() async throws {
        try await APIServer.run { server in
            try await server.done(
                .post, "/roles", ["name": "helpdesk", "permissions": ["requests:read", "requests:decide"]])
            let helen = try await server.enter("helen", "helpdesk")
            for route in API.routes where route.path != "/session" {
                guard case .permission(let permission) = route.access else { continue }
                let received = try await server.send(route.method, RightsTests.path(route), by: helen)
                let isAllowed = [.readRequests, .decideRequests].contains(permission)
                #expect(Self.refused(received) != isAllowed, "\(RightsTests.name(route))")
            }
            try await server.done(.patch, "/roles/helpdesk", ["permissions": ["audit:read"]])
            #expect(try await server.get("/requests", by: helen).status == .forbidden)
            #expect(try await server.get("/audit", by: helen).status == .ok)
        }
    }

    @Test("is never to give somebody more than oneself")
    func escalation() async throws {
        try await APIServer.run { server in
            try await server.done(
                .post, "/roles",
                ["name": "personnel", "permissions": ["users:read", "users:write", "profiles:read"]])
            let paul = try await server.enter("paul", "personnel")
            try await server.people.add("ada", "administrator", at: Date())
            let calls: [(HTTPRequest.Method, String, JSONValue?)] = [
                (.post, "/users", ["name": "eve", "role": "viewer"]),
                (.patch, "/users/paul", ["role": "administrator"]),
                (.patch, "/users/ada", ["role": "personnel"]), (.patch, "/users/ada", ["disabled": true]),
                (.delete, "/users/ada", nil), (.post, "/users/ada/reset-password", nil),
                (.post, "/users/ada/disable-totp", nil),
                (.post, "/roles", ["name": "more", "permissions": ["audit:read"]]),
                (.patch, "/roles/personnel", ["permissions": ["users:write", "audit:read"]]),
                (.patch, "/roles/everything", ["permissions": ["users:read"]]),
                (.post, "/tokens", ["name": "t", "scopes": ["audit:read"]]),
                (.post, "/tokens", ["name": "t", "scopes": ["profiles:read"], "user": "ada"]),
            ]
            for (method, path, body) in calls {
                #expect(try await server.send(method, path, by: paul, body).code == "forbidden", "\(path)")
            }
            try await server.done(.post, "/users", by: paul, ["name": "pia", "role": "personnel"])
        }
    }
}
