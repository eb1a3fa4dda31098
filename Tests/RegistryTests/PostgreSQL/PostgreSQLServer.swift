import CLibpq
import Foundation
import Synchronization

@testable import Registry

/// The server that Tests/PostgreSQL/run has started, or that somebody names.
enum PostgreSQLServer {
    /// Its URL; nil where there is none.
    static let url = ProcessInfo.processInfo.environment["UCM_TEST_POSTGRESQL"]

    /// Whether tests on it are to run, so that where it is missing they fail.
    static var isExpected: Bool { self.url != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

    /// The schemas that there are.
    private static let schemas = Mutex<Set<String>>([])

    /// The name of a test's own schema.
    static func schema(of place: String) -> String { place.split(separator: "/").last.map(String.init) ?? "ucm-test" }

    /// The URL of a schema, with further settings.
    static func url(schema: String, _ settings: String = "") throws -> String {
        guard let url = Self.url else { throw RegistryError.cannotOpen("UCM_TEST_POSTGRESQL names no server") }
        return url + (url.contains("?") ? "&" : "?") + "options=-csearch_path%3D%22\(schema)%22" + settings
    }

    /// Opens a database in a schema, and makes that where there is none.
    static func open(schema: String, options: PostgreSQLOptions = PostgreSQLOptions()) throws -> PostgreSQLDatabase {
        if Self.schemas.withLock({ $0.insert(schema).inserted }) {
            try Self.run("CREATE SCHEMA IF NOT EXISTS \"\(schema)\"")
        }
        return PostgreSQLDatabase(try PostgreSQLAddress(Self.url(schema: schema)), options: options)
    }

    /// Removes the schemas of a test.
    static func forget(_ place: String) {
        let name = Self.schema(of: place)
        let gone = Self.schemas.withLock { schemas in
            let gone = schemas.filter { $0.hasPrefix(name) }
            schemas.subtract(gone)
            return gone
        }
        for schema in gone { try? Self.run("DROP SCHEMA IF EXISTS \"\(schema)\" CASCADE") }
    }

    /// Runs a statement that cannot be in a transaction.
    static func runAlone(_ sql: String) throws {
        guard let url = Self.url else { throw RegistryError.cannotOpen("UCM_TEST_POSTGRESQL names no server") }
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw RegistryError.failed(String(cString: PQerrorMessage(connection)))
        }
    }

    /// Runs a statement on a connection of its own.
    static func run(_ sql: String) throws {
        guard let url = Self.url else { throw RegistryError.cannotOpen("UCM_TEST_POSTGRESQL names no server") }
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        let result = PQexec(connection, "SET client_min_messages = warning; SET lock_timeout = 5000; \(sql)")
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw RegistryError.failed(String(cString: PQerrorMessage(connection)))
        }
    }
}
