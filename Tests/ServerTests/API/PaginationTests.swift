import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A list of the API")
struct PaginationTests {
    /// Walks through a list page by page.
    static func walk(_ server: APIServer, _ path: String, _ member: String, by limit: Int) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        var next: String?
        for _ in 0..<1000 {
            let start = path + (path.contains("?") ? "&" : "?") + "limit=\(limit)"
            let page = try await server.done(.get, start + (next.map { "&after=\(APIPath.escaped($0))" } ?? ""))
            let items = page.items(member)
            #expect(items.count <= limit)
            found += items
            next = page.json["next"]?.text
            guard next != nil else { return found }
            #expect(items.count == limit)
        }
        Issue.record("\(path) has no end")
        return found
    }

    /// An installation with ten of everything.
    private static func run(_ body: @escaping @Sendable (APIServer) async throws -> Void) async throws {
        try await APIServer.run { server in
            for number in 0..<10 {
                let name = ["b", "Ä", "a", "Z", "é", "ß", "10", "9", "%_", "zz"][number]
                let id = "n\((number * 7) % 10)"
                try await server.done(.post, "/templates", ["name": .string("T \(name)")])
                try await server.done(.post, "/profiles", ["name": .string(id)])
                try await server.done(.post, "/challenges", ["profile": "default", "label": .string(name)])
                try await server.done(.post, "/users", ["name": .string(id.uppercased()), "role": "viewer"])
                try await server.done(.post, "/roles", ["name": .string(id), "permissions": ["profiles:read"]])
                try await server.done(.post, "/ca-requests", ["name": .string("R \(id)"), "key": "p256"])
                let order: JSONValue = ["key": "p256", "keyForm": "pem", "subject": .string("CN=\(id)")]
                try await server.done(.post, "/certificates", order)
                let exchange = NewExchange(.getCACaps, .answered, from: "192.0.2.7", at: Date())
                try await server.live.registry.record([exchange])
                _ = try await server.session(of: "root")
                _ = try await server.token(of: "root")
            }
            try await body(server)
        }
    }

    static let lists: [(path: String, member: String)] = [
        ("/profiles", "name"), ("/templates", "name"), ("/challenges", "id"), ("/users", "name"), ("/roles", "name"),
        ("/ca-requests", "name"), ("/certificates", "serialNumber"), ("/sessions?user=root", "id"),
        ("/tokens?user=*", "id"), ("/audit", "id"), ("/audit?sort=id", "id"), ("/audit?sort=-id", "id"),
        ("/certificates?sort=id", "serialNumber"), ("/certificates?sort=-id", "serialNumber"), ("/permissions", "name"),
        ("/cas", "name"), ("/crls", "ca"), ("/limits/addresses", "address"), ("/exchanges", "id"),
        ("/exchanges?sort=id", "id"),
    ]

    @Test("has everything once, whatever fits on a page, and in whatever order")
    func walks() async throws {
        let lists = API.routes.filter { $0.method == .get && $0.query.contains { $0.name == "after" } }.map(\.path)
        #expect(Set(Self.lists.map { String($0.path.prefix { $0 != "?" }) }) == Set(lists).subtracting(["/requests"]))
        try await Self.run { server in
            for (path, member) in Self.lists {
                let all = try await Self.walk(server, path, member, by: 1000)
                #expect(Set(all).count == all.count, "\(path)")
                #expect(
                    path.hasPrefix("/cas") || path.hasPrefix("/crls") || path.hasPrefix("/limits") || all.count >= 10)
                for limit in [1, 3, all.count, all.count + 1] where limit > 0 {
                    #expect(try await Self.walk(server, path, member, by: limit) == all, "\(path) by \(limit)")
                }
            }
            for path in ["/audit", "/certificates", "/exchanges"] {
                let member = path == "/certificates" ? "serialNumber" : "id"
                let oldest = try await Self.walk(server, path + "?sort=id", member, by: 4)
                let newest = try await Self.walk(server, path + "?sort=-id", member, by: 4)
                #expect(oldest == newest.reversed())
                #expect(try await Self.walk(server, path, member, by: 4) == newest)
            }
        }
    }

    @Test("goes on where it was, while things come and go")
    func changes() async throws {
        try await APIServer.run { server in
            for name in ["b", "d", "f", "h"] {
                try await server.done(.post, "/users", ["name": .string(name), "role": "viewer"])
            }
            let first = try await server.get("/users?limit=3")
            #expect(first.items("name") == ["admin", "b", "d"] && first.json["next"] == "d")
            try await server.done(.delete, "/users/d")
            try await server.done(.post, "/users", ["name": "a", "role": "viewer"])
            try await server.done(.post, "/users", ["name": "e", "role": "viewer"])
            #expect(try await server.get("/users?limit=3&after=d").items("name") == ["e", "f", "h"])
        }
    }

    @Test("of requests is filtered and sorted")
    func requests() async throws {
        try await APIServer.run { server in
            try await server.done(.patch, "/profiles/default", ["approval": "manual"])
            let installation = server.live.installation
            let authority = try #require(installation.configuration.current.registrationAuthorities["default"])
            let recipient = try #require(authority.authority.registrationKeys.first).certificate
            for number in 1...6 {
                var enrolment = try TestEnrolment(name: "CN=pump-\(number), O=100%_")
                enrolment.challenge = installation.secrets?.challenge
                enrolment.transactionID = "F\(number)"
                let message = try enrolment.message(for: recipient)
                _ = try await authority.answer(message, from: "192.0.2.\(number % 2)", at: Date())
            }
            let all = try await Self.walk(server, "/requests?sort=id", "id", by: 2)
            #expect(all.count == 6 && Set(all).count == 6)
            #expect(try await Self.walk(server, "/requests", "id", by: 4) == all.reversed())
            let ids = all.compactMap(\.integer)
            try await server.done(.post, "/requests/\(ids[0])/approve")
            try await server.done(.post, "/requests/\(ids[1])/reject", ["reason": "sold"])
            let soon = APIPath.escaped(APIDate.text(Date().addingTimeInterval(60)))
            let filters: [(String, [Int])] = [
                ("status=pending", [2, 3, 4, 5]), ("status=issued", [0]), ("status=issued,rejected", [0, 1]),
                ("status=expired", []), ("profile=default", [0, 1, 2, 3, 4, 5]), ("profile=vpn", []),
                ("transactionID=F3", [2]), ("transactionID=F", []), ("address=192.0.2.1", [0, 2, 4]),
                ("q=PUMP-4", [3]), ("q=pump", [0, 1, 2, 3, 4, 5]), ("q=%25_", [0, 1, 2, 3, 4, 5]), ("q=%25%25", []),
                ("q=pump_4", []), ("since=\(soon)", []), ("until=\(soon)", [0, 1, 2, 3, 4, 5]),
                ("until=2026-01-01", []),
                ("status=pending&address=192.0.2.1&q=5", [4]), ("challenge=999999", []),
            ]
            for (filter, expected) in filters {
                let found = try await Self.walk(server, "/requests?sort=id&\(filter)", "id", by: 2)
                #expect(found == expected.map { all[$0] }, "\(filter)")
            }
        }
    }

    @Test("of certificates is filtered, and counted")
    func certificates() async throws {
        try await APIServer.run { server in
            try await server.done(.post, "/cas", ["name": "Devices", "parent": "UCM CA", "key": "p256"])
            var serials: [String] = []
            for (number, authority) in ["UCM CA", "UCM CA", "Devices", "Devices"].enumerated() {
                let order: JSONValue = [
                    "key": "p256", "keyForm": "pem", "subject": .string("CN=Host \(number)"),
                    "sans": [.string("DNS:h\(number).example.com")], "ca": .string(authority),
                    "validityDays": .integer(Int64(30 + number)),
                ]
                let made = try await server.done(.post, "/certificates", order)
                serials.append(try #require(made.json["serialNumber"]?.text))
            }
            try await server.done(.post, "/certificates/\(serials[1])/revoke", ["reason": "superseded"])
            try await server.done(.post, "/certificates/\(serials[2])/hold")
            let soon = APIPath.escaped(APIDate.text(Date().addingTimeInterval(31.5 * 86_400)))
            let filters: [(String, [Int])] = [
                ("ca=Devices", [2, 3]), ("ca=devices", [2, 3]), ("state=revoked", [1]), ("state=held,revoked", [1, 2]),
                ("state=valid", [0, 3]), ("name=H2.example.com", [2]), ("name=h2", []), ("q=h2", [2]),
                ("q=host%20", [0, 1, 2, 3]), ("template=Default", [0, 1, 2, 3]), ("template=none", []),
                ("profile=default", []), ("device=pump", []), ("endsBefore=\(soon)", [0, 1]),
                ("endsAfter=\(soon)", [2, 3]), ("issuedSince=2026-01-01", [0, 1, 2, 3]),
                ("issuedBefore=2026-01-01", []),
                ("ca=Devices&state=valid", [3]),
            ]
            for (filter, expected) in filters {
                let query = "origin=manual&\(filter)"
                let found = try await Self.walk(server, "/certificates?sort=id&\(query)", "serialNumber", by: 1)
                #expect(found == expected.map { .string(serials[$0]) }, "\(filter)")
                let count = try await server.get("/certificates/count?\(query)")
                #expect(count.json["count"] == .integer(Int64(expected.count)), "\(filter)")
            }
            #expect(try await server.get("/certificates?ca=nothing-here").status == .notFound)
        }
    }

    @Test("of the audit log is filtered")
    func audit() async throws {
        try await APIServer.run { server in
            let ada = try await server.enter("ada", "administrator")
            try await server.done(.post, "/profiles", by: ada, ["name": "vpn"])
            try await server.done(.patch, "/profiles/vpn", by: ada, ["queue": ["days": 3]])
            try await server.done(.post, "/challenges", by: ada, ["profile": "vpn"])
            try await server.done(.patch, "/profiles/vpn", ["queue": ["days": 4]])
            let filters: [(String, [JSONValue])] = [
                ("object=profile%20vpn&sort=id", ["profileCreated", "profileChanged", "profileChanged"]),
                ("object=profile%20vpn&actor=ada&sort=id", ["profileCreated", "profileChanged"]),
                ("object=profile%20vpn&actor=root,ada&kind=profileChanged", ["profileChanged", "profileChanged"]),
                ("object=profile", []), ("actor=nobody-here", []), ("kind=backupMade,restored", []),
                ("actor=ada&kind=challengeCreated&profile=vpn", ["challengeCreated", "challengeCreated"]),
                ("object=user%20ada&kind=accountCreated", ["accountCreated"]),
                ("object=user%20admin&kind=accountCreated", ["accountCreated"]),
                ("q=PROFILE%20VPN&kind=profileCreated", ["profileCreated"]),
                ("until=2026-01-01", []), ("since=2090-01-01", []), ("request=1", []), ("certificate=999999", []),
                ("address=192.0.2.99", []),
            ]
            for (filter, expected) in filters {
                #expect(try await Self.walk(server, "/audit?\(filter)", "kind", by: 1) == expected, "\(filter)")
            }
            let changed = try await server.get("/audit?kind=profileChanged&actor=ada").json["items"]?.array?.first
            #expect(changed?["differences"]?.array?.contains { $0["after"] == "3" } == true)
        }
    }
}
