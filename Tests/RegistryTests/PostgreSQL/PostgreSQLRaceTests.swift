import Foundation
import Testing

@testable import Registry

@Suite(
    "Several nodes on PostgreSQL", .freshDatabase,
    .enabled(if: PostgreSQLServer.isExpected, "no server: Tests/PostgreSQL/run starts one for the tests"))
struct PostgreSQLRaceTests {
    /// Nodes on the test's own database.
    private static func nodes(_ count: Int) throws -> [PostgreSQLDatabase] {
        let schema = PostgreSQLServer.schema(of: try #require(FreshDatabase.place))
        var options = PostgreSQLOptions()
        options.maximumConnections = 3
        return try (0..<count).map { _ in try PostgreSQLServer.open(schema: schema, options: options) }
    }

    @Test("that start at once make the schema once")
    func migrations() async throws {
        let nodes = try Self.nodes(8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { _ = try await Registry(database: node) } }
            try await group.waitForAll()
        }
        #expect(try await nodes[0].lookUp { try $0.query("SELECT version FROM schema_version", []).count } == 1)
        #expect(try await Registry(database: nodes[1]).count("configuration") == 1)
        for node in nodes { node.close() }
    }

    @Test("grant a challenge that is good for one once, and give each number and each entry of the audit log once")
    func challenges() async throws {
        let nodes = try Self.nodes(4)
        var registries: [Registry] = []
        for node in nodes { registries.append(try await Registry(database: node)) }
        _ = try await registries[0].install()
        var challenges: [ChallengeUse] = []
        for number in 0..<12 { challenges.append(try await registries[0].makeChallenge(100 + number, uses: 1)) }
        let granted = try await withThrowingTaskGroup(of: Int64?.self) { group in
            for (index, challenge) in challenges.enumerated() {
                for (node, registry) in registries.enumerated() {
                    group.addTask {
                        let number = index * 10 + node
                        let request = TestRecords.request(
                            number, transactionID: "\(number)", key: number, challenge: challenge)
                        guard
                            case .recorded(let id) = try await registry.grant(
                                request, TestRecords.certificate(number), at: TestRecords.now)
                        else { return nil }
                        return id
                    }
                }
            }
            return try await group.reduce(into: [Int64]()) { ids, id in if let id { ids.append(id) } }
        }
        #expect(granted.count == 12)
        #expect(Set(granted).count == 12)
        // One is of the installation itself.
        #expect(try await registries[1].certificateCount() == 13)
        #expect(try await registries[2].verifyAudit().isIntact)
        for node in nodes { node.close() }
    }

    @Test("lose no change and make none by halves while their connections are ended again and again")
    func terminations() async throws {
        let nodes = try Self.nodes(3)
        _ = try await nodes[0].write {
            try $0.execute("CREATE TABLE pair (number BIGINT NOT NULL, half BIGINT NOT NULL)", [])
        }
        let schema = PostgreSQLServer.schema(of: try #require(FreshDatabase.place))
        let end = ContinuousClock.now + .seconds(3)
        let killing = Task {
            while ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(40))
                // Whoever holds the lock of this schema's writers, or waits for it.
                try? PostgreSQLServer.run(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1430474068
                    AND objid = (hashtext('\(schema)')::bigint & 4294967295)::oid
                    """)
            }
        }
        let outcomes = await withTaskGroup(of: (Set<Int64>, Set<Int64>, Int).self) { group in
            for (index, node) in nodes.enumerated() {
                group.addTask {
                    var (made, unknown, failed): (Set<Int64>, Set<Int64>, Int) = ([], [], 0)
                    var number = Int64(index) * 1_000_000
                    while ContinuousClock.now < end {
                        number += 1
                        do {
                            try await node.write { [number] connection in
                                for half in 0..<2 {
                                    try connection.execute(
                                        "INSERT INTO pair (number, half) VALUES ($1, $2)",
                                        [.integer(number), .integer(Int64(half))])
                                }
                            }
                            made.insert(number)
                        } catch RegistryError.outcomeUnknown {
                            unknown.insert(number)
                        } catch {
                            failed += 1
                        }
                    }
                    return (made, unknown, failed)
                }
            }
            return await group.reduce(into: (Set<Int64>(), Set<Int64>(), 0)) {
                $0 = ($0.0.union($1.0), $0.1.union($1.1), $0.2 + $1.2)
            }
        }
        _ = try await killing.value
        let found = try await nodes[0].read { connection in
            try connection.query("SELECT number, count(*) FROM pair GROUP BY number", []).map {
                (try $0.integer(0), try $0.integer(1))
            }
        }
        let there = Set(found.map(\.0))
        #expect(found.allSatisfy { $0.1 == 2 })
        #expect(outcomes.0.isSubset(of: there))
        #expect(there.subtracting(outcomes.0).isSubset(of: outcomes.1))
        #expect(outcomes.0.count > 10)
        #expect(outcomes.2 + outcomes.1.count > 0)
        for node in nodes { node.close() }
    }

    @Test("never go on with a transaction on another connection")
    func boundTransactions() async throws {
        let database = try #require(try Self.nodes(1).first)
        _ = try await database.write { try $0.execute("CREATE TABLE sample (number BIGINT NOT NULL)", []) }
        await #expect(throws: RegistryError.self) {
            try await database.write { connection in
                try connection.execute("INSERT INTO sample (number) VALUES (1)", [])
                _ = try? connection.query("SELECT pg_terminate_backend(pg_backend_pid())", [])
                try connection.execute("INSERT INTO sample (number) VALUES (2)", [])
            }
        }
        await #expect(throws: RegistryError.self) {
            _ = try await database.read { connection in
                _ = try? connection.query("SELECT pg_terminate_backend(pg_backend_pid())", [])
                return try connection.query("SELECT 1", []).count
            }
        }
        #expect(try await database.lookUp { try $0.query("SELECT 1 FROM sample", []).count } == 0)
        database.close()
    }
}
