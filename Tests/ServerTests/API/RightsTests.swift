import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("The right to use a route of the API")
struct RightsTests {
    /// A path that leads to nothing, so that nothing happens to whoever may use it.
    static func path(_ route: APIRoute) -> String {
        route.path.replacing("{name}", with: "nothing-here").replacing("{id}", with: "999999")
            .replacing("{serial}", with: "abcdef").replacing("{address}", with: "192.0.2.200")
    }

    static func name(_ route: APIRoute) -> String { "\(route.method.rawValue) \(route.path)" }

    @Test("is in the table, for every route there is and no other")
    func complete() {
        let routes = API.routes.map(Self.name)
        let rows = RightsTable.rows.map(\.route)
        #expect(Set(routes).count == routes.count)
        #expect(Set(rows).count == rows.count)
        #expect(Set(routes).subtracting(rows) == [])
        #expect(Set(rows).subtracting(routes) == [])
    }

    @Test("is what the table says", arguments: RightsTable.callers)
    func table(role: String) async throws {
        try await APIServer.run { server in
            if role != "nobody" { try await server.people.add("somebody", role, at: Date()) }
            for row in RightsTable.rows {
                let route = try #require(API.routes.first { Self.name($0) == row.route })
                // Some of them end the session.
                let caller = role == "nobody" ? APICaller.nobody : try await server.session(of: "somebody")
                let received = try await server.send(route.method, Self.path(route), by: caller)
                let isRefused = [.unauthorized, .forbidden].contains(received.status)
                #expect(isRefused != row.allowed.contains(role), "\(row.route): \(received.text)")
                guard isRefused else { continue }
                #expect(received.code == (role == "nobody" ? "sign-in-needed" : "forbidden"))
            }
        }
    }

    @Test("is refused before anything is said of what is asked for", arguments: ["default", "nothing-here"])
    func silent(name: String) async throws {
        try await APIServer.run { server in
            let viewer = try await server.enter("vera", "viewer")
            for (method, path) in [
                (HTTPRequest.Method.delete, "/profiles/\(name)"), (.get, "/users/\(name)"), (.patch, "/roles/\(name)"),
            ] {
                for (caller, code) in [(viewer, "forbidden"), (.nobody, "sign-in-needed")] {
                    // Nor of what is wrong with the request.
                    let received = try await server.send(method, path, by: caller, bytes: Array("{".utf8))
                    #expect(received.code == code)
                    #expect(try await server.send(method, path + "?no=1", by: caller).code == code)
                }
            }
        }
    }

    @Test("that somebody lacks is in the audit log, and what he lacks in the answer")
    func recorded() async throws {
        try await APIServer.run { server in
            let viewer = try await server.enter("vera", "viewer")
            // Whoever asks again and again fills no log.
            for _ in 0..<5 {
                let received = try await server.get("/users", by: viewer)
                #expect(received.json["detail"]?.text?.contains("users:read") == true)
            }
            let events = try await server.get("/audit?kind=accessDenied").json["items"]?.array ?? []
            #expect(events.map { $0["actor"]?.text } == ["vera"])
            #expect(events.first?["detail"]?.text?.contains("users:read") == true)
            #expect(events.first?["outcome"]?.text == "refused")
        }
    }
}
