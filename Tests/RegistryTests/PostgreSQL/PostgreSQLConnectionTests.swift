import Foundation
import Testing

@testable import Registry

/// The server that Tests/PostgreSQL/run has started, as it is reached by TCP.
enum PostgreSQLOverTCP {
    private static let environment = ProcessInfo.processInfo.environment

    static let url = Self.environment["UCM_TEST_POSTGRESQL_TCP"]
    static let password = Self.environment["UCM_TEST_POSTGRESQL_PASSWORD"] ?? ""
    static let files = Self.environment["UCM_TEST_POSTGRESQL_FILES"] ?? ""

    /// An address on it; the user with a password behind a colon, where there is one.
    static func address(
        user: String = "ucm:\(Self.password)",
        host: String = "localhost",
        database: String = "postgres",
        _ settings: String
    ) throws -> PostgreSQLAddress {
        let port = try #require(Self.url?.split(separator: ":").last?.split(separator: "/").first)
        return try PostgreSQLAddress("postgres://\(user)@\(host):\(port)/\(database)?\(settings)")
    }

    /// Tries an address, and returns why it does not do; nil where it does.
    static func refusal(_ address: PostgreSQLAddress) async throws -> String? {
        var options = PostgreSQLOptions()
        options.reconnectionPatience = .milliseconds(50)
        let database = PostgreSQLDatabase(address, options: options)
        defer { database.close() }
        do {
            #expect(try await database.lookUp { try $0.query("SELECT 1", []).count } == 1)
            return nil
        } catch let error as RegistryError {
            guard case .cannotOpen = error else { throw error }
            #expect(!error.description.contains("\n"))
            #expect(!error.description.contains(Self.password))
            return error.description
        }
    }
}

@Suite(
    "A connection to PostgreSQL by TCP",
    .enabled(if: PostgreSQLOverTCP.url != nil, "no server: Tests/PostgreSQL/run starts one for the tests"))
struct PostgreSQLConnectionTests {
    @Test(
        "is encrypted and of the right server as far as the URL asks for it",
        arguments: [
            ("localhost", "sslmode=disable", nil), ("localhost", "sslmode=require", nil),
            ("localhost", "sslmode=verify-ca&sslrootcert={files}/ca.pem", nil),
            ("127.0.0.1", "sslmode=verify-ca&sslrootcert={files}/ca.pem", nil),
            ("localhost", "sslmode=verify-full&sslrootcert={files}/ca.pem", nil),
            ("127.0.0.1", "sslmode=verify-full&sslrootcert={files}/ca.pem", "does not match host name"),
            ("localhost", "sslmode=verify-ca&sslrootcert={files}/other.pem", "certificate verify failed"),
            ("localhost", "sslmode=verify-full&sslrootcert={files}/other.pem", "certificate verify failed"),
            ("localhost", "sslmode=require&sslrootcert={files}/other.pem", "certificate verify failed"),
            ("localhost", "sslmode=verify-full&sslrootcert={files}/missing.pem", "does not exist"),
        ] as [(String, String, String?)])
    func encryption(_ host: String, _ settings: String, _ reason: String?) async throws {
        let settings = settings.replacing("{files}", with: PostgreSQLOverTCP.files)
        let refusal = try await PostgreSQLOverTCP.refusal(PostgreSQLOverTCP.address(host: host, settings))
        if let reason {
            #expect(refusal?.contains(reason) == true, "\(refusal ?? "nil")")
        } else {
            #expect(refusal == nil)
        }
    }

    @Test(
        "is refused in one sentence",
        arguments: [
            ("ucm:geheim", "localhost", "postgres", "", "password authentication failed for user"),
            (
                "ucm", "localhost", "postgres", "passfile=/nowhere",
                "the server asks for a password, and the database URL has none"
            ),
            ("nobody:geheim", "localhost", "postgres", "", "password authentication failed for user"),
            ("{own}", "localhost", "nowhere", "", "database \"nowhere\" does not exist"),
            ("{own}", "no-such-host.invalid", "postgres", "", "could not translate host name"),
            (
                "{own}", "localhost", "postgres", "options=-cdefault_transaction_read_only%3Don",
                "read-only replica, name the primary"
            ),
        ])
    func refusal(_ user: String, _ host: String, _ database: String, _ settings: String, _ reason: String) async throws
    {
        let user = user.replacing("{own}", with: "ucm:\(PostgreSQLOverTCP.password)")
        let address = try PostgreSQLOverTCP.address(user: user, host: host, database: database, settings)
        let refusal = try #require(try await PostgreSQLOverTCP.refusal(address))
        #expect(refusal.contains(reason), "\(refusal)")
        #expect(!refusal.contains("geheim"))
    }

    @Test("is given up where somebody accepts and says nothing")
    func silence() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutableBytes(of: &name) { bytes -> UInt16 in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                bind(listener, pointer, length) == 0, listen(listener, 5) == 0,
                getsockname(listener, pointer, &length) == 0
            else { return 0 }
            return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
        try #require(port != 0)
        let address = try PostgreSQLAddress("postgres://ucm:geheim@127.0.0.1:\(port)/x?connect_timeout=2")
        let start = ContinuousClock.now
        let refusal = try #require(try await PostgreSQLOverTCP.refusal(address))
        #expect(refusal.contains("timeout expired"), "\(refusal)")
        #expect(!refusal.contains("geheim"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("to a database of another encoding, or as one of too many, is refused in one sentence")
    func server() async throws {
        let name = "ucm_\(UInt32.random(in: 0...UInt32.max))"
        try PostgreSQLServer.runAlone(
            "CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
        defer { try? PostgreSQLServer.runAlone("DROP DATABASE \(name) WITH (FORCE)") }
        let encoding = try await PostgreSQLOverTCP.refusal(PostgreSQLOverTCP.address(database: name, ""))
        #expect(encoding?.contains("the database's encoding is LATIN1, it has to be UTF8") == true)
        try PostgreSQLServer.run("CREATE ROLE \(name) LOGIN PASSWORD 'geheim' CONNECTION LIMIT 0")
        defer { try? PostgreSQLServer.run("DROP ROLE \(name)") }
        let limit = try await PostgreSQLOverTCP.refusal(PostgreSQLOverTCP.address(user: "\(name):geheim", ""))
        #expect(limit?.contains("too many connections for role") == true)
    }

    @Test("of somebody who may not change the schema says what he lacks")
    func rights() async throws {
        let name = "ucm_\(UInt32.random(in: 0...UInt32.max))"
        try PostgreSQLServer.run(
            "CREATE ROLE \(name) LOGIN PASSWORD 'geheim'; CREATE SCHEMA \(name); GRANT USAGE ON SCHEMA \(name) TO \(name)"
        )
        defer { try? PostgreSQLServer.run("DROP SCHEMA \(name) CASCADE; DROP ROLE \(name)") }
        let database = PostgreSQLDatabase(
            try PostgreSQLOverTCP.address(user: "\(name):geheim", "options=-csearch_path%3D\(name)"))
        let error = await #expect(throws: RegistryError.self) { _ = try await Registry(database: database) }
        #expect(
            error?.description.contains(
                "permission denied for schema \(name): give the user all rights on the schema") == true)
    }

    @Test(
        "has a URL without a password that means the same",
        arguments: [
            (
                "postgres://ucm:geheim@db.example:5433/registry?sslmode=verify-full",
                "postgres://ucm@db.example:5433/registry?sslmode=verify-full"
            ),
            (
                "postgres://u%40m:geheim@[::1]/a%20b?password=geheim&options=-csearch_path%3D%22x%22",
                "postgres://u%40m@[::1]/a%20b?options=-csearch_path%3D%22x%22"
            ),
            (
                "host=/run/postgresql dbname=registry password=geheim user=ucm",
                "postgres://ucm@/registry?host=/run/postgresql"
            ),
            ("postgres://a:1,b:2/x?user=ucm", "postgres://ucm@/x?host=a,b&port=1,2"),
            ("postgresql:///registry", "postgres:///registry"),
        ])
    func url(_ text: String, _ url: String) throws {
        let address = try PostgreSQLAddress(text)
        #expect(address.url == url)
        #expect(try PostgreSQLAddress(url).url == url)
        #expect(try PostgreSQLAddress(url).description == address.description)
    }
}
