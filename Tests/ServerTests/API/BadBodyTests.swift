import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("A body that the API cannot use")
struct BadBodyTests {
    private static var routes: [APIRoute] { API.routes.filter { $0.input != nil } }

    /// Something that is there for each route that changes something, and a count for names that have to be new.
    private struct Target {
        let server: APIServer
        private(set) var count = 0

        init(_ server: APIServer) async throws {
            self.server = server
            try await server.people.add("alice", at: Date())
            try await server.done(.post, "/roles", ["name": "helpdesk", "permissions": ["profiles:read"]])
            try await server.done(.post, "/templates", ["name": "Mine"])
        }

        func path(_ route: APIRoute) -> String {
            let name =
                switch route.path.split(separator: "/").first {
                case "profiles": "default"
                case "users": "alice"
                case "roles": "helpdesk"
                case "templates": "Mine"
                case "cas": "ucm-ca"
                default: "nothing-here"
                }
            return route.path.replacing("{name}", with: name).replacing("{id}", with: "999999")
                .replacing("{serial}", with: "abcdef")
        }

        /// Sends a body, which has to be used or refused as a whole.
        mutating func send(_ route: APIRoute, _ text: String) async throws -> APIReceived {
            self.count += 1
            let bytes = Array(text.replacing("{n}", with: "\(self.count)").utf8)
            // Nobody signs in by this route: a token would be looked at first.
            let caller: APICaller? = route.access == .anyone ? .nobody : nil
            let received = try await self.server.send(route.method, self.path(route), by: caller, bytes: bytes)
            #expect(
                [.successful, .clientError].contains(received.status.kind),
                "\(RightsTests.name(route)) \(text.prefix(300)): \(received.text)")
            return received
        }
    }

    /// Runs a test with each route and a body for it.
    private static func run(
        _ body: @escaping @Sendable (inout Target, APIRoute, JSONValue) async throws -> Void
    ) async throws {
        try await APIServer.run { server in
            var target = try await Target(server)
            let rows = try BodyTable.rows()
            for route in Self.routes {
                let row = try #require(rows.first { $0.route == RightsTests.name(route) })
                try await body(&target, route, row.body)
            }
            try await server.done(.get, "/audit/verification")
        }
    }

    @Test("is tried for every route that takes one, and fits before something is put into it")
    func complete() throws {
        let rows = try BodyTable.rows()
        #expect(Set(rows.map(\.route)) == Set(Self.routes.map(RightsTests.name)))
        #expect(rows.count == Set(rows.map(\.route)).count)
        let checker = JSONSchemaChecker(document: OpenAPI.document)
        for row in rows {
            let schema = try #require(Self.routes.first { RightsTests.name($0) == row.route }?.input)
            let text = row.body.compactText.replacing("{n}", with: "1")
            let body = try JSONValue(json: Array(text.utf8))
            #expect(checker.faults(of: body, against: schema.json) == [], "\(row.route)")
        }
    }

    /// Texts that are no JSON object, or not all of one.
    static let shapes: [(text: String, code: String)] = [
        ("{", "malformed-request"), ("{\"a\":}", "malformed-request"), ("{'a':1}", "malformed-request"),
        ("{\"a\":1,}", "malformed-request"), ("{\"a\":01}", "malformed-request"), ("nonsense", "malformed-request"),
        ("{\"a\":NaN}", "malformed-request"), ("{} {}", "malformed-request"), ("\u{feff}x", "malformed-request"),
        ("{\"a\":\"\\ud800\"}", "malformed-request"), ("{\"a\":1e400}", "malformed-request"),
        ("<a/>", "malformed-request"),
        (
            "{\"a\":" + String(repeating: "[", count: 4_000) + String(repeating: "]", count: 4_000) + "}",
            "malformed-request"
        ),
        (String(repeating: "{\"a\":", count: 5_000) + "1" + String(repeating: "}", count: 5_000), "malformed-request"),
        ("null", "invalid"), ("1", "invalid"), ("\"a\"", "invalid"), ("[]", "invalid"), ("[{}]", "invalid"),
        ("true", "invalid"),
        ("{\"there is no such field\":1}", "invalid"), ("{\"\":1}", "invalid"), ("{\"__proto__\":{}}", "invalid"),
    ]

    @Test("because it is no JSON object, is refused")
    func shape() async throws {
        try await Self.run { target, route, _ in
            for (text, code) in Self.shapes where text.utf8.count <= route.maximumBody {
                let received = try await target.send(route, text)
                #expect(received.code == code, "\(RightsTests.name(route)) \(text.prefix(50)): \(received.text)")
            }
        }
    }

    @Test("because it is no UTF-8, of another type or too large, is refused")
    func bytes() async throws {
        try await Self.run { target, route, body in
            let path = target.path(route)
            let caller: APICaller? = route.access == .anyone ? .nobody : nil
            for bytes: [UInt8] in [
                [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], [0xff, 0xfe, 0x7b], [0], [0xc0, 0x80],
            ] {
                let received = try await target.server.send(route.method, path, by: caller, bytes: bytes)
                #expect(received.code == "malformed-request", "\(path): \(received.text)")
            }
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "application/xml"]
            {
                let received = try await target.server.send(
                    route.method, path, by: caller, body, headers: [.contentType: type])
                #expect(received.code == "unsupported-media-type", "\(path): \(received.text)")
            }
            let large = [UInt8](repeating: 0x20, count: route.maximumBody + 1)
            let received = try await target.server.send(route.method, path, by: caller, bytes: large)
            #expect(received.code == "too-large", "\(path): \(received.text)")
        }
    }

    /// Values of all types, of which most are wrong for any field.
    static let values: [String] = [
        "null", "0", "-1", "1.5", "1000000000000000000000000000000", "9223372036854775808", "1e308", "true", "[]",
        "[null]", "[{}]", "[[]]", "[\"\"]", "{}", "{\"a\":1}", "\"\"", "\"x\"",
    ]

    @Test("because a field has a value of another type, is refused or makes sense")
    func types() async throws {
        let replacements = try Self.values.map { try JSONValue(json: Array($0.utf8)) }
        let checker = JSONSchemaChecker(document: OpenAPI.document)
        try await Self.run { target, route, body in
            let input = try #require(route.input)
            for field in BodyTable.fields(of: input.json) {
                for replacement in replacements {
                    let text = body.setting(field.path[...], to: replacement).compactText
                    let received = try await target.send(route, text)
                    // What the description forbids is not done.
                    if !checker.faults(of: replacement, against: field.schema).isEmpty {
                        #expect(
                            received.status.kind == .clientError, "\(RightsTests.name(route)) \(text): \(received.text)"
                        )
                    }
                    #expect(received.fields.allSatisfy { !$0.isEmpty }, "\(RightsTests.name(route)) \(text)")
                }
            }
        }
    }

    /// Texts that mean something to somebody whom they may reach.
    static let texts: [String] = [
        "\u{0}", "a\u{0}b", "'; DROP TABLE account; --", "\" OR 1=1 --", "%' OR '%'='", "{{7*7}}", "${7*7}",
        "{{#a}}{{/a}}", "<script>alert(1)</script>", "\u{202e}abc", "\u{200f}", "🙈👩‍👩‍👧", "e\u{301}", "\u{feff}",
        "a\r\nb: c",
        "../../etc/passwd", "%00", "%s%n", String(repeating: "\u{301}", count: 300), "\u{1b}[2J", "CN=a,CN=b+O=c\\",
        "-", "*",
    ]

    @Test("because a text is a strange one, is refused or taken as a text")
    func strange() async throws {
        try await Self.run { target, route, body in
            let input = try #require(route.input)
            for (number, field) in BodyTable.fields(of: input.json).enumerated() {
                let type = field.schema["type"]
                let types = type?.array?.compactMap(\.text) ?? [type?.text ?? ""]
                // Every field gets a quarter of them, the next one another quarter.
                for (index, text) in Self.texts.enumerated() where (number + index).isMultiple(of: 4) {
                    if types.contains("string") || field.schema["anyOf"] != nil {
                        let changed = body.setting(field.path[...], to: .string(text))
                        _ = try await target.send(route, changed.compactText)
                    } else if types.contains("array") {
                        let changed = body.setting(field.path[...], to: [.string(text)])
                        _ = try await target.send(route, changed.compactText)
                    }
                }
            }
        }
    }

    @Test("because a text is a very long one, is refused", arguments: [200_000, 1 << 20])
    func long(length: Int) async throws {
        let text = JSONValue.string(String(repeating: "a", count: length))
        try await Self.run { target, route, body in
            let input = try #require(route.input)
            for field in BodyTable.fields(of: input.json) where field.path.count == 1 {
                let received = try await target.send(route, body.setting(field.path[...], to: text).compactText)
                #expect(received.status.kind == .clientError, "\(RightsTests.name(route)) \(field.path)")
            }
        }
    }

    @Test("because a name is there twice, is refused")
    func twice() async throws {
        try await Self.run { target, route, body in
            let text = body.compactText
            guard text != "{}" else { return }
            let received = try await target.send(route, text.dropLast() + "," + text.dropFirst())
            #expect(received.code == "malformed-request", "\(RightsTests.name(route))")
        }
    }

    @Test("where none is taken, is refused")
    func superfluous() async throws {
        try await APIServer.run { server in
            for route in API.routes where route.input == nil {
                let received = try await server.send(route.method, RightsTests.path(route), [:])
                #expect(received.code == "malformed-request", "\(RightsTests.name(route))")
            }
        }
    }
}
