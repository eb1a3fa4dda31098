import Foundation
import Synchronization
import Testing

@testable import Registry

@Suite(
    "Statements under way to PostgreSQL", .freshDatabase,
    .enabled(if: PostgreSQLServer.isExpected, "no server: Tests/PostgreSQL/run starts one for the tests"))
struct PostgreSQLPipelineTests {
    private static let insertion = "INSERT INTO sample (number) VALUES ($1)"

    /// The connection ends, as if somebody had pulled the cable out.
    private static let end = "SELECT pg_terminate_backend(pg_backend_pid())"

    private static func open() async throws -> PostgreSQLDatabase {
        let place = try #require(FreshDatabase.place)
        let database = try PostgreSQLServer.open(schema: PostgreSQLServer.schema(of: place))
        _ = try await database.write {
            try $0.execute("CREATE TABLE sample (number BIGINT NOT NULL PRIMARY KEY)", [])
        }
        return database
    }

    private static func numbers(in database: PostgreSQLDatabase) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query("SELECT number FROM sample ORDER BY number", []).map { try $0.integer(0) }
        }
    }

    @Test("are not made where the connection breaks among them, and the next change is", arguments: [0, 1, 5])
    func broken(_ position: Int64) async throws {
        let database = try await Self.open()
        let error = await #expect(throws: RegistryError.self) {
            try await database.write { connection in
                for number in 0..<6 as Range<Int64> {
                    if number == position { try connection.send(Self.end, []) }
                    try connection.send(Self.insertion, [.integer(number)])
                }
            }
        }
        guard case .unavailable? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(try await Self.numbers(in: database) == [])
        try await database.write { connection in _ = try connection.send(Self.insertion, [.integer(9)]) }
        #expect(try await Self.numbers(in: database) == [9])
        database.close()
    }

    @Test func `come whole behind a result that was read row by row`() async throws {
        let database = try await Self.open()
        let numbers = try await database.write { connection in
            for number in 0..<3 as Range<Int64> { try connection.send(Self.insertion, [.integer(number)]) }
            var count = 0
            try connection.forEach("SELECT number FROM sample", []) { _ in count += 1 }
            let answer = try connection.send("SELECT number FROM sample ORDER BY number", [])
            #expect(count == 3)
            return try answer.rows().map { try $0.integer(0) }
        }
        #expect(numbers == [0, 1, 2])
        database.close()
    }

    /// A change that puts in a number, and what came of it.
    private final class Change: Sendable {
        let outcome = Mutex<String?>(nil)
        private let runs = Mutex(0)
        private let number: Int64

        init(_ number: Int64) { self.number = number }

        /// The change, with something that is sent where it is run for the first time.
        func job(sendingFirst statement: String? = nil) -> CommitJob {
            CommitJob(
                run: { connection in
                    try connection.send(PostgreSQLPipelineTests.insertion, [.integer(self.number)])
                    let isFirst = self.runs.withLock { runs in
                        runs += 1
                        return runs == 1
                    }
                    if isFirst, let statement { try connection.send(statement, []) }
                },
                fail: { error in self.outcome.withLock { $0 = "failed: \(error)" } },
                finish: { error in
                    self.outcome.withLock { $0 = $0 ?? (error == nil ? "made" : "not made") }
                }
            )
        }
    }

    @Test("are made again, once, where the connection of changes that come together breaks")
    func brokenTogether() async throws {
        let database = try await Self.open()
        let session = PostgreSQLSession("test", connector: database.connector, isReadOnly: false)
        let changes = (0..<9).map { Change($0) }
        let jobs = changes.enumerated().map { $1.job(sendingFirst: $0 == 4 ? Self.end : nil) }
        _ = CommitBatch(on: PostgreSQLCommitConnection(session: session)) { jobs }.commit()
        #expect(changes.map { $0.outcome.withLock(\.self) } == Array(repeating: "made", count: 9))
        #expect(try await Self.numbers(in: database) == Array(0..<9))
        session.close()
        database.close()
    }

    @Test("take no other change with them where they fail again")
    func failingTogether() async throws {
        let database = try await Self.open()
        _ = try await database.write { try $0.execute(Self.insertion, [.integer(4)]) }
        let session = PostgreSQLSession("test", connector: database.connector, isReadOnly: false)
        let changes = (0..<9).map { Change($0) }
        let jobs = changes.map { $0.job() }
        _ = CommitBatch(on: PostgreSQLCommitConnection(session: session)) { jobs }.commit()
        let outcomes = changes.map { $0.outcome.withLock(\.self) ?? "" }
        #expect(outcomes.enumerated().allSatisfy { $0 == 4 ? $1.hasPrefix("failed: ") : $1 == "made" }, "\(outcomes)")
        #expect(try await Self.numbers(in: database) == Array(0..<9))
        session.close()
        database.close()
    }

    @Test("fail the change where somebody overlooks that they have failed")
    func overlooked() async throws {
        let database = try await Self.open()
        await #expect(throws: RegistryError.self) {
            try await database.write { connection in
                try connection.send(Self.insertion, [.integer(1)])
                let answer = try connection.send("SELECT 1 / $1", [.integer(0)])
                #expect(throws: RegistryError.self) { try answer.rows() }
                // A second look finds no more than the first.
                #expect(throws: RegistryError.self) { try answer.rows() }
                _ = try? connection.send(Self.insertion, [.integer(2)]).changedRows()
            }
        }
        #expect(try await Self.numbers(in: database) == [])
        database.close()
    }

    @Test("say of the first that fails why, and of those behind it that one has")
    func reasons() async throws {
        let database = try await Self.open()
        await #expect(throws: RegistryError.self) {
            try await database.write { connection in
                let good = try connection.send("\(Self.insertion) RETURNING number", [.integer(1)])
                let bad = try connection.send("SELECT 1 / $1", [.integer(0)])
                let behind = try connection.send("SELECT 2", [])
                let reason = #expect(throws: RegistryError.self) { try bad.rows() }
                #expect(reason?.description.contains("division by zero") == true)
                #expect(try good.rows()[0].integer(0) == 1)
                #expect(throws: RegistryError.self) { try behind.rows() }
            }
        }
        database.close()
    }

    @Test("of a read are over with it", .timeLimit(.minutes(1)))
    func reads() async throws {
        let database = try await Self.open()
        for _ in 0..<30 {
            await #expect(throws: CancellationError.self) {
                try await database.read { connection in
                    try connection.send("SELECT 1", [])
                    try connection.send("SELECT 1 / $1", [.integer(0)])
                    throw CancellationError()
                }
            }
            #expect(try await Self.numbers(in: database) == [])
        }
        database.close()
    }
}
