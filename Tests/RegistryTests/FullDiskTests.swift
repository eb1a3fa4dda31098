import Testing

@testable import Registry

@Suite("A full disk", .freshDatabase)
struct FullDiskTests {
    /// Lets SQLite take not a page more than it has, as a file system that is full.
    private static func fill(_ database: any SQLDatabase) async throws {
        _ = try await database.write { connection in
            let pages = try connection.query("PRAGMA page_count", []).first?.integer(0) ?? 0
            return try connection.query("PRAGMA max_page_count = \(pages)", []).count
        }
    }

    private static func makeRoom(_ database: any SQLDatabase) async throws {
        _ = try await database.write { try $0.query("PRAGMA max_page_count = 1000000", []).count }
    }

    @Test("is an outage that says what it is, changes nothing, and is over when there is room again")
    func outage() async throws {
        let database = try DatabaseDriver.sqlite.open()
        _ = try await database.write { try $0.execute("CREATE TABLE sample (content BLOB NOT NULL)", []) }
        try await Self.fill(database)
        let content = [UInt8](repeating: 7, count: 100_000)
        do {
            for _ in 0..<10 {
                _ = try await database.write { connection in
                    try connection.execute("INSERT INTO sample (content) VALUES ($1)", [.bytes([1])])
                    try connection.execute("INSERT INTO sample (content) VALUES ($1)", [.bytes(content)])
                }
            }
            Issue.record("nothing is full")
        } catch let error as RegistryError {
            #expect(error.isOutage)
            #expect("\(error)".contains("the disk is full, make room on it"))
        }
        #expect(try await database.read { try $0.query("SELECT 1 FROM sample", []).count } == 0)
        try await Self.makeRoom(database)
        _ = try await database.write {
            try $0.execute("INSERT INTO sample (content) VALUES ($1)", [.bytes(content)])
        }
        #expect(try await database.read { try $0.query("SELECT 1 FROM sample", []).count } == 1)
    }

    @Test("fails one of the changes that share a commit, or all of them, but never half of one")
    func together() async throws {
        let database = try DatabaseDriver.sqlite.open()
        _ = try await database.write { try $0.execute("CREATE TABLE sample (number BIGINT, content BLOB)", []) }
        try await Self.fill(database)
        let content = [UInt8](repeating: 7, count: 5_000)
        let outcomes = await withTaskGroup(of: (Int64, Bool).self) { group in
            for number in 0..<64 as Range<Int64> {
                group.addTask {
                    do {
                        try await Self.insertTwice(number, content, in: database)
                        return (number, true)
                    } catch {
                        return (number, false)
                    }
                }
            }
            return await group.reduce(into: [Int64: Bool]()) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.values.contains(false))
        let rows = try await database.read { connection in
            var counts: [Int64: Int64] = [:]
            for row in try connection.query("SELECT number, count(*) FROM sample GROUP BY number", []) {
                counts[try row.integer(0)] = try row.integer(1)
            }
            return counts
        }
        for (number, isMade) in outcomes { #expect(rows[number] == (isMade ? 2 : nil)) }
    }

    private static func insertTwice(_ number: Int64, _ content: [UInt8], in database: any SQLDatabase) async throws {
        try await database.write { connection in
            for _ in 0..<2 {
                try connection.execute(
                    "INSERT INTO sample (number, content) VALUES ($1, $2)", [.integer(number), .bytes(content)])
            }
        }
    }
}
