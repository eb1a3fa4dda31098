import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("A path or query that the API cannot use")
struct BadTargetTests {
    /// What stands in a path for a name or number.
    static let segments: [String] = [
        "%00", "a%00b", "%ff", "%", "%2", "%zz", "%c0%80", "..", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a%2fb",
        "%20", "%0d%0aSet-Cookie:%20a=b", "%e2%80%ae", "%f0%9f%99%88", "0", "-1", "1.5", "1e3", "9223372036854775808",
        "99999999999999999999999999", "%27%3b%20DROP%20TABLE%20account%3b--", "%7b%7b7*7%7d%7d", "*", "%2a", "+", "%2b",
        "null", String(repeating: "a", count: 4_000), String(repeating: "%41", count: 2_000), "a;b=c", "%23", "%3f",
    ]

    @Test("because of what stands for a name, leads to a problem, and changes nothing")
    func names() async throws {
        try await APIServer.run { server in
            // Every route gets a third of them, the next one another third.
            for (number, route) in API.routes.enumerated() where route.path.contains("{") {
                for (index, segment) in Self.segments.enumerated() where (number + index).isMultiple(of: 3) {
                    let path = "/" + route.segments.map { $0.hasPrefix("{") ? segment : $0 }.joined(separator: "/")
                    let received = try await server.send(route.method, path)
                    #expect(received.status.kind == .clientError, "\(route.method) \(path): \(received.text)")
                    #expect(received.headers[.setCookie] == nil)
                }
            }
        }
    }

    static let paths: [(path: String, status: HTTPResponse.Status)] = [
        ("", .notFound), ("/", .notFound), ("//", .notFound), ("/nothing", .notFound), ("/profiles/", .notFound),
        ("//profiles", .notFound), ("/profiles//explain", .notFound), ("/PROFILES", .notFound),
        ("/profiles/default/no", .notFound), ("/./profiles", .notFound), ("/x/../profiles", .notFound),
        ("/%70rofiles", .ok), ("/profiles?", .ok), ("/profiles?&&", .ok), ("/profiles;a=b", .notFound),
        ("/" + String(repeating: "a/", count: 2_000), .notFound),
    ]

    @Test("leads to nothing where there is nothing")
    func nothing() async throws {
        try await APIServer.run { server in
            for (path, status) in Self.paths {
                let received = try await server.get(path)
                #expect(received.status == status, "\(path.prefix(50))")
            }
        }
    }

    @Test("is told of by the methods that there are")
    func methods() async throws {
        try await APIServer.run { server in
            for route in API.routes {
                let path = RightsTests.path(route)
                let there = Set(API.routes.filter { $0.path == route.path }.map(\.method.rawValue))
                for method in [HTTPRequest.Method.put, .patch, .delete, .post, .options, .trace, .connect]
                where !there.contains(method.rawValue) {
                    let received = try await server.send(method, path)
                    // Another route's name may stand here for a parameter.
                    guard received.status == .methodNotAllowed else { continue }
                    let allowed = received.headers[.allow]?.split(separator: ",").map {
                        $0.trimmingCharacters(in: .whitespaces)
                    }
                    #expect(Set(allowed ?? []).isSuperset(of: there), "\(method) \(path)")
                }
            }
            let received = try await server.send(.put, "/profiles")
            #expect(received.code == "method-not-allowed" && received.headers[.allow] == "GET, POST")
        }
    }

    @Test("with HEAD is answered as with GET, without a body")
    func head() async throws {
        try await APIServer.run { server in
            for route in API.routes where route.method == .get {
                let path = RightsTests.path(route)
                let (head, get) = (try await server.send(.head, path), try await server.get(path))
                #expect(head.status == get.status && head.bytes.isEmpty, "\(path)")
                #expect(head.headers[.contentType] == get.headers[.contentType], "\(path)")
            }
        }
    }

    /// What a parameter of a query may be said to be.
    static let values: [String] = [
        "", "%00", "a%00b", "%ff", "%", "0", "-1", "1.5", "1e3", "99999999999999999999", "true", "null", "%20",
        "a,b,,c",
        "2026-02-30", "2026-01-01T25:00:00Z", "0000-00-00", "9999-99-99", "%e2%80%ae", "%27%20OR%201=1", "%25", "_%25_",
        "%7b%7bx%7d%7d", String(repeating: "a", count: 5_000), String(repeating: "a,", count: 2_000), "+", "*",
    ]

    @Test("because of a parameter's value, leads to a problem or an answer")
    func parameters() async throws {
        try await APIServer.run { server in
            for (number, route) in API.routes.enumerated() where route.method == .get {
                let cases = route.query.flatMap { parameter in Self.values.map { (parameter, $0) } }
                for (index, (parameter, value)) in cases.enumerated() where (number + index).isMultiple(of: 2) {
                    let path = RightsTests.path(route) + "?\(parameter.name)=\(value)"
                    let received = try await server.get(path)
                    #expect([.successful, .clientError].contains(received.status.kind), "\(path): \(received.text)")
                    #expect(received.fields.allSatisfy { $0.hasPrefix(parameter.name) }, "\(path): \(received.text)")
                }
            }
        }
    }

    @Test("with parameters that are there twice or unknown, is refused")
    func twice() async throws {
        try await APIServer.run { server in
            for route in API.routes {
                let path = RightsTests.path(route)
                let unknown = try await server.send(route.method, path + "?nonsense=1")
                #expect(unknown.code == "unknown-parameter", "\(path)")
                for parameter in route.query {
                    let twice = try await server.send(
                        route.method, path + "?\(parameter.name)=1&\(parameter.name)=1")
                    #expect(twice.code == "invalid-parameter", "\(path) \(parameter.name)")
                    let different = try await server.send(
                        route.method, path + "?\(parameter.name.uppercased())=1")
                    #expect(different.code == "unknown-parameter", "\(path) \(parameter.name)")
                }
            }
        }
    }
}
