import CertificateAuthority
import Enrollment
import HTTPTypes
import Testing

@testable import Server

@Suite("The client's address")
struct TrustedProxiesTests {
    private static func client(
        _ connection: String,
        _ fields: [(String, String)],
        trusting ranges: [String] = ["10.0.0.0/24", "2001:db8:0:1::/64"]
    ) throws -> String {
        var headers = HTTPFields()
        for (name, value) in fields {
            headers.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        return TrustedProxies(ranges: try ranges.map(AddressRange.init(parsing:)))
            .client(connection: connection, headers: headers)
    }

    private static let proxy = "10.0.0.1"
    private static let nobody = "unknown (by proxy 10.0.0.1)"

    @Test(
        "is the connection's, whatever a client writes into its headers",
        arguments: ["192.0.2.7", "10.0.1.1", "2001:db8::1", "::1", "127.0.0.1"])
    func direct(connection: String) throws {
        let fields = [
            ("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=198.51.100.1"), ("X-Real-IP", "198.51.100.1"),
        ]
        #expect(try Self.client(connection, []) == connection)
        for field in fields { #expect(try Self.client(connection, [field]) == connection) }
        #expect(try Self.client(connection, fields) == connection)
        #expect(try Self.client(connection, fields, trusting: []) == connection)
    }

    @Test(
        "is what a trusted proxy says",
        arguments: [
            ([("X-Forwarded-For", "192.0.2.7")], "192.0.2.7"),
            ([("x-forwarded-for", "192.0.2.7")], "192.0.2.7"),
            ([("Forwarded", "for=192.0.2.7;proto=https")], "192.0.2.7"),
            ([("FORWARDED", "For=\"[2001:db8::7]:4711\"")], "2001:db8::7"),
            ([("X-Forwarded-For", "::ffff:192.0.2.7")], "192.0.2.7"),
            ([("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=192.0.2.7")], "192.0.2.7"),
            ([("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=\"[::ffff:192.0.2.7]:1\"")], "192.0.2.7"),
            // What stands in front of the client is its own claim.
            ([("X-Forwarded-For", "198.51.100.1, 192.0.2.7")], "192.0.2.7"),
            ([("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "192.0.2.7")], "192.0.2.7"),
            ([("X-Forwarded-For", "10.0.0.2, 192.0.2.7")], "192.0.2.7"),
            ([("X-Forwarded-For", "garbage, \", 192.0.2.7")], "192.0.2.7"),
            ([("Forwarded", "for=unknown, for=192.0.2.7")], "192.0.2.7"),
            // Further proxies are passed over, by whatever form their addresses have.
            ([("X-Forwarded-For", "192.0.2.7, 10.0.0.2")], "192.0.2.7"),
            ([("X-Forwarded-For", "192.0.2.7, ::ffff:10.0.0.2, 2001:db8:0:1::5")], "192.0.2.7"),
            ([("Forwarded", "for=192.0.2.7, for=\"10.0.0.2:80\""), ("Forwarded", "for=10.0.0.3")], "192.0.2.7"),
            ([("X-Forwarded-For", "198.51.100.1, 10.0.0.9, 192.0.2.7, 10.0.0.2")], "192.0.2.7"),
        ] as [([(String, String)], String)]
    )
    func proxied(fields: [(String, String)], client: String) throws {
        #expect(try Self.client(Self.proxy, fields) == client)
        #expect(try Self.client("::ffff:10.0.0.1", fields) == client, "a listener for both kinds sees IPv4 so")
    }

    @Test(
        "is nobody's where it cannot be told",
        arguments: [
            [], [("X-Real-IP", "192.0.2.7")],
            [("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=192.0.2.8")],
            [("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=unknown")],
            [("X-Forwarded-For", ""), ("Forwarded", "for=192.0.2.7")],
            [("X-Forwarded-For", "192.0.2.7, unknown")], [("X-Forwarded-For", "192.0.2.7, _x, 10.0.0.2")],
            [("X-Forwarded-For", "192.0.2.7,")], [("X-Forwarded-For", "192.0.2.7,,10.0.0.2")],
            [("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-For", "")],
            [("Forwarded", "for=192.0.2.7, for=_hidden")], [("Forwarded", "for=192.0.2.7, proto=https")],
            [("Forwarded", "for=192.0.2.7;x=\", for=192.0.2.8")],
            // All of them are proxies: whoever asked the first one is not named.
            [("X-Forwarded-For", "10.0.0.2")], [("Forwarded", "for=10.0.0.2, for=\"[2001:db8:0:1::5]\"")],
            [("X-Forwarded-For", "10.0.0.1")],
        ] as [[(String, String)]]
    )
    func unknown(fields: [(String, String)]) throws {
        let client = try Self.client(Self.proxy, fields)
        #expect(client == Self.nobody)
        #expect(IPAddress(client) == nil)
    }

    @Test("is not looked for past more proxies than there can be")
    func manyHops() throws {
        let proxies = (1...40).map { "10.0.0.\($0)" }
        func client(behind count: Int) throws -> String {
            let list = (["192.0.2.7"] + proxies.prefix(count)).joined(separator: ", ")
            return try Self.client(Self.proxy, [("X-Forwarded-For", list)])
        }
        #expect(try client(behind: 31) == "192.0.2.7")
        #expect(try client(behind: 32) == Self.nobody)
        let forged = [String](repeating: "198.51.100.1", count: 500).joined(separator: ",")
        #expect(try Self.client(Self.proxy, [("X-Forwarded-For", forged + ", 192.0.2.7, 10.0.0.2")]) == "192.0.2.7")
    }

    @Test("is said as it is where the connection has none")
    func noConnection() throws {
        #expect(try Self.client("unknown", [("X-Forwarded-For", "192.0.2.7")]) == "unknown")
    }

    @Test("is that of an IPv6 connection too")
    func ipv6() throws {
        let fields = [("X-Forwarded-For", "192.0.2.7")]
        #expect(try Self.client("2001:db8:0:1::5", fields) == "192.0.2.7")
        #expect(try Self.client("2001:db8:0:2::5", fields) == "2001:db8:0:2::5")
        #expect(try Self.client("2001:db8:0:1::5", []) == "unknown (by proxy 2001:db8:0:1::5)")
    }
}
