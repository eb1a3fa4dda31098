import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Registry
@testable import Server

@Suite("A creation that is sent again under its Idempotency-Key")
struct IdempotencyTests {
    static let creations: [(path: String, body: JSONValue, list: String)] = [
        ("/challenges", ["profile": "default", "label": "new"], "/challenges?limit=1000"),
        ("/users", ["name": "helen", "role": "viewer"], "/users"),
        ("/profiles", ["name": "vpn"], "/profiles"), ("/templates", ["name": "Mine"], "/templates"),
        ("/roles", ["name": "helpdesk", "permissions": ["profiles:read"]], "/roles"),
        ("/certificates", ["key": "p256", "subject": "CN=x"], "/certificates?limit=1000"),
        ("/cas", ["name": "Devices", "key": "p256"], "/cas"),
        ("/ca-requests", ["name": "Elsewhere", "key": "p256"], "/ca-requests"),
    ]

    @Test("is done once, and answered as it was", arguments: creations.indices)
    func replay(index: Int) async throws {
        let (path, body, list) = Self.creations[index]
        try await APIServer.run { server in
            let count = try await server.get(list).items("x").count
            let first = try await server.done(.post, path, body, headers: .key("one"))
            #expect(try await server.get(list).items("x").count == count + 1)
            for _ in 0..<2 {
                let again = try await server.send(.post, path, body, headers: .key("one"))
                #expect(again.status == .created && again.text == first.text)
                #expect(again.headers[.location] == first.headers[.location] && again.tag == first.tag)
                #expect(again.headers.contains { $0.name.canonicalName == "idempotency-replayed" })
            }
            #expect(try await server.get(list).items("x").count == count + 1)
            // The secrets that are in answers are in the registry only sealed.
            for name in ["secret", "password", "challenge", "privateKey"] {
                guard let secret = first.json[name]?.text else { continue }
                #expect(try await !server.live.registry.contains(secret), "\(name)")
            }
        }
    }

    @Test("with something else in it is refused")
    func otherRequest() async throws {
        try await APIServer.run { server in
            let body: JSONValue = ["profile": "default", "label": "one"]
            try await server.done(.post, "/challenges", body, headers: .key("k"))
            let others: [(String, JSONValue)] = [
                ("/challenges", ["profile": "default", "label": "two"]), ("/challenges", [:]),
                ("/users", ["name": "helen", "role": "viewer"]), ("/challenges/batch", ["challenges": [body]]),
            ]
            for (path, other) in others {
                let received = try await server.send(.post, path, other, headers: .key("k"))
                #expect(received.status == .unprocessableContent && received.code == "idempotency-key-reused")
            }
            #expect(try await server.get("/challenges").items("label").count { $0 == "one" } == 1)
            #expect(try await server.get("/challenges").items("label").count { $0 == "two" } == 0)
        }
    }

    @Test("together with many others makes one thing", arguments: [0, 1, 5])
    func together(index: Int) async throws {
        let (path, body, list) = Self.creations[index]
        try await APIServer.run { server in
            let count = try await server.get(list).items("x").count
            let received = try await withThrowingTaskGroup(of: APIReceived.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await server.send(.post, path, body, headers: .key("k")) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try await server.get(list).items("x").count == count + 1)
            let made = received.filter { $0.status == .created }
            #expect(!made.isEmpty && Set(made.map(\.text)).count == 1)
            #expect(received.allSatisfy { $0.status == .created || $0.code == "conflict" })
            let again = try await server.send(.post, path, body, headers: .key("k"))
            #expect(again.text == made.first?.text)
        }
    }

    @Test("after it has failed is tried again")
    func repeated() async throws {
        try await APIServer.run { server in
            let body: JSONValue = ["name": "helen", "role": "helpdesk"]
            let failed = try await server.send(.post, "/users", body, headers: .key("k"))
            #expect(failed.status == .unprocessableContent)
            try await server.done(.post, "/roles", ["name": "helpdesk", "permissions": ["profiles:read"]])
            try await server.done(.post, "/users", body, headers: .key("k"))
            // What was wrong with it may also be mended.
            let wrong = try await server.send(.post, "/users", ["name": "eve"], headers: .key("l"))
            #expect(wrong.code == "invalid")
            try await server.done(.post, "/users", ["name": "eve", "role": "viewer"], headers: .key("l"))
        }
    }

    @Test("is another one's where somebody else sends it")
    func scopes() async throws {
        try await APIServer.run { server in
            let ada = try await server.enter("ada", "administrator")
            let body: JSONValue = ["profile": "default", "label": "one"]
            let first = try await server.done(.post, "/challenges", body, headers: .key("k"))
            let other = try await server.done(.post, "/challenges", by: ada, body, headers: .key("k"))
            #expect(first.json["id"] != other.json["id"] && first.json["secret"] != other.json["secret"])
            // Who may not do it any more does not get the answer either.
            try await server.done(.patch, "/users/ada", ["role": "viewer"])
            let viewer = try await server.session(of: "ada")
            let refused = try await server.send(.post, "/challenges", by: viewer, body, headers: .key("k"))
            #expect(refused.code == "forbidden")
        }
    }

    @Test("is done anew after a day")
    func forgotten() async throws {
        try await APIServer.run { server in
            let body: JSONValue = ["profile": "default", "label": "one"]
            let first = try await server.done(.post, "/challenges", body, headers: .key("k"))
            _ = try await server.live.registry.database.write { connection in
                try connection.execute(
                    "UPDATE idempotency_key SET created_at = $1", [.date(Date().addingTimeInterval(-86_500))])
            }
            let second = try await server.done(.post, "/challenges", body, headers: .key("k"))
            #expect(first.json["id"] != second.json["id"])
        }
    }

    @Test(
        "has to have a key that is one", arguments: ["", " ", "a b", "ä", String(repeating: "a", count: 256), "a\tb"])
    func keys(key: String) async throws {
        try await APIServer.run { server in
            let body: JSONValue = ["profile": "default"]
            let received = try await server.send(.post, "/challenges", body, headers: .key(key))
            #expect(received.code == "malformed-request")
            let ignored = try await server.send(.get, "/challenges", headers: .key(key))
            #expect(ignored.status == .ok)
            try await server.done(
                .post, "/challenges", body, headers: .key(String(repeating: "~", count: 255)))
        }
    }
}
