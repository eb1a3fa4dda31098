import Foundation
import TestSupport
import Testing

@testable import Registry

/// A kind of database that the registry runs on; every test of the registry runs on each of them.
enum DatabaseDriver: String, CaseIterable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgreSQL = "PostgreSQL"

    /// The drivers that can be tested on this machine.
    static var available: [DatabaseDriver] {
        self.allCases.filter { $0 == .sqlite || PostgreSQLServer.url != nil }
    }

    var testDescription: String { self.rawValue }

    /// Opens the test's own database; a second time it is the same one.
    func open() throws -> any SQLDatabase {
        let place = try #require(FreshDatabase.place, "the suite lacks the trait .freshDatabase")
        switch self {
        case .sqlite: return try SQLiteDatabase(path: place + "/ucm.sqlite")
        case .postgreSQL: return try PostgreSQLServer.open(schema: PostgreSQLServer.schema(of: place))
        }
    }

    /// Opens another database than ``open()``.
    func openOther(_ name: String = "other") throws -> any SQLDatabase {
        let place = try #require(FreshDatabase.place, "the suite lacks the trait .freshDatabase")
        switch self {
        case .sqlite: return try SQLiteDatabase(path: "\(place)/\(name).sqlite")
        case .postgreSQL: return try PostgreSQLServer.open(schema: PostgreSQLServer.schema(of: place) + "-" + name)
        }
    }

    /// A statement in which strings of bytes are written as in SQLite, as this driver takes it.
    func statement(_ sql: String) -> String {
        switch self {
        case .sqlite: sql
        case .postgreSQL: sql.replacing(/X'([0-9a-f]*)'/) { "'\\x\($0.output.1)'::bytea" }
        }
    }

    /// Opens the test's own database with the schema in it.
    func openRegistry() async throws -> Registry {
        try await Registry(database: try self.open())
    }
}

/// Gives each test, and each case of a parameterized one, a database of its own that goes when the test is over.
struct FreshDatabase: TestTrait, SuiteTrait, TestScoping {
    /// Where the running test's database is: a directory, out of which other drivers can make the name of a schema.
    @TaskLocal static var place: String?

    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await withTemporaryDirectory { place in
            defer { PostgreSQLServer.forget(place) }
            try await Self.$place.withValue(place) { try await function() }
        }
    }
}

extension Trait where Self == FreshDatabase {
    /// A database of its own for each test.
    static var freshDatabase: Self { FreshDatabase() }
}
