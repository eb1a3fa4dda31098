import CLibpq
import Foundation
import TestSupport
import Testing

@testable import Registry

/// A server of a test's own, which it can stop.
struct OwnPostgreSQLServer {
    static let programs = ProcessInfo.processInfo.environment["UCM_TEST_POSTGRESQL_PROGRAMS"]

    let directory: String

    /// Makes a server, which does not run yet.
    init(in directory: String) throws {
        self.directory = directory
        try self.run("[ $EUID -ne 0 ] || chown nobody .")
        try self.run("$user $programs/initdb -D data -U ucm --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync")
    }

    func start() throws {
        // What it inherits would keep Foundation waiting for its end.
        try self.run(
            """
            (for file in /proc/$BASHPID/fd/*; do file=${file##*/}; ((file < 3)) || eval "exec $file>&-"; done
            $user $programs/pg_ctl -D data -l log -w start -o "-k '$PWD' -c listen_addresses= -c fsync=off")
            """)
    }

    /// Stops it as a power cut would.
    func stop() throws { try self.run("$user $programs/pg_ctl -D data -m immediate -w stop") }

    /// Sends a signal to all its processes.
    func signal(_ name: String) throws {
        try self.run(
            "main=$(head -1 data/postmaster.pid); kill -\(name) $main $(ps -o pid= --ppid $main)")
    }

    func database(_ change: (inout PostgreSQLOptions) -> Void = { _ in }) throws -> PostgreSQLDatabase {
        var options = PostgreSQLOptions()
        options.reconnectionPatience = .milliseconds(200)
        change(&options)
        return PostgreSQLDatabase(
            try PostgreSQLAddress("host=\(self.directory) user=ucm dbname=postgres"), options: options)
    }

    /// Runs a statement that cannot be in a transaction.
    func sql(_ statement: String) throws {
        let connection = PQconnectdb("host=\(self.directory) user=ucm dbname=postgres")
        defer { PQfinish(connection) }
        let result = PQexec(connection, statement)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw RegistryError.failed(String(cString: PQerrorMessage(connection)))
        }
    }

    func run(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.currentDirectoryURL = URL(fileURLWithPath: self.directory)
        let beginning =
            "set -e; programs='\(Self.programs ?? "")'; user=; [ $EUID -ne 0 ] || user='runuser -u nobody --'"
        process.arguments = ["-c", "\(beginning); { \(command); } >>commands.log 2>&1 </dev/null"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let log = try? String(contentsOfFile: self.directory + "/commands.log", encoding: .utf8)
            throw RegistryError.failed("\(command): \(log?.suffix(500) ?? "")")
        }
    }

    /// Does something with a server that runs.
    static func with(_ body: (OwnPostgreSQLServer) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let server = try OwnPostgreSQLServer(in: directory)
            try server.start()
            do {
                try await body(server)
            } catch {
                try? server.stop()
                throw error
            }
            try? server.stop()
        }
    }
}

@Suite(
    "A PostgreSQL server that fails", .serialized,
    .enabled(if: OwnPostgreSQLServer.programs != nil, "no PostgreSQL: Tests/PostgreSQL/run finds it"))
struct PostgreSQLOutageTests {
    private static func insert(_ number: Int64, in database: PostgreSQLDatabase) async throws {
        try await database.write { connection in
            for half in 0..<2 {
                try connection.execute(
                    "INSERT INTO pair (number, half) VALUES ($1, $2)", [.integer(number), .integer(Int64(half))])
            }
        }
    }

    private static func makeTable(_ database: PostgreSQLDatabase) async throws {
        _ = try await database.write {
            try $0.execute("CREATE TABLE pair (number BIGINT NOT NULL, half BIGINT NOT NULL)", [])
        }
    }

    @Test("by a power cut, and comes back, has all that was answered and nothing by halves", .timeLimit(.minutes(2)))
    func powerCut() async throws {
        try await OwnPostgreSQLServer.with { server in
            let database = try server.database()
            try await Self.makeTable(database)
            let writing = Task {
                var (made, unknown, failed): (Set<Int64>, Set<Int64>, Int) = ([], [], 0)
                var number: Int64 = 0
                while !Task.isCancelled {
                    number += 1
                    do {
                        try await Self.insert(number, in: database)
                        made.insert(number)
                    } catch RegistryError.outcomeUnknown {
                        unknown.insert(number)
                    } catch {
                        failed += 1
                    }
                }
                return (made, unknown, failed)
            }
            let reading = Task {
                var failed = 0
                while !Task.isCancelled {
                    do {
                        _ = try await database.read { try $0.query("SELECT count(*) FROM pair", []).count }
                        _ = try await database.lookUp { try $0.query("SELECT 1 FROM pair LIMIT 1", []).count }
                    } catch is RegistryError {
                        failed += 1
                    }
                }
                return failed
            }
            for _ in 0..<3 {
                try await Task.sleep(for: .milliseconds(500))
                try server.stop()
                try await Task.sleep(for: .milliseconds(300))
                try server.start()
            }
            // It comes back by itself, and soon.
            let back = ContinuousClock.now + .seconds(15)
            while ContinuousClock.now < back {
                if (try? await database.lookUp({ try $0.query("SELECT 1", []).count })) == 1 { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(ContinuousClock.now < back)
            try await Task.sleep(for: .seconds(2))
            writing.cancel()
            reading.cancel()
            let (made, unknown, failed) = await writing.value
            #expect(try await reading.value > 0)
            #expect(failed + unknown.count > 0)
            let found = try await database.read { connection in
                try connection.query("SELECT number, count(*) FROM pair GROUP BY number", []).map {
                    (try $0.integer(0), try $0.integer(1))
                }
            }
            let there = Set(found.map(\.0))
            #expect(found.allSatisfy { $0.1 == 2 })
            #expect(made.isSubset(of: there))
            #expect(there.subtracting(made).isSubset(of: unknown))
            #expect(made.count > 10)
            database.close()
        }
    }

    @Test("by saying nothing is given up after a while, and used again when it speaks", .timeLimit(.minutes(2)))
    func silence() async throws {
        try await OwnPostgreSQLServer.with { server in
            let database = try server.database { $0.answerTimeout = .seconds(1) }
            try await Self.makeTable(database)
            _ = try await database.lookUp { try $0.query("SELECT 1", []).count }
            try server.signal("STOP")
            let start = ContinuousClock.now
            await #expect(throws: RegistryError.self) { try await Self.insert(1, in: database) }
            await #expect(throws: RegistryError.self) {
                _ = try await database.lookUp { try $0.query("SELECT 1", []).count }
            }
            #expect(ContinuousClock.now - start < .seconds(30))
            try server.signal("CONT")
            let back = ContinuousClock.now + .seconds(15)
            var isBack = false
            while ContinuousClock.now < back, !isBack {
                isBack = (try? await Self.insert(2, in: database)) != nil
                if !isBack { try await Task.sleep(for: .milliseconds(200)) }
            }
            #expect(isBack)
            #expect(try await database.lookUp { try $0.query("SELECT 1 FROM pair WHERE number = 2", []).count } == 2)
            database.close()
        }
    }

    @Test("because its disk is full says so, and goes on when there is room again", .timeLimit(.minutes(2)))
    func fullDisk() async throws {
        try await OwnPostgreSQLServer.with { server in
            do {
                try server.run("mkdir small; mount -t tmpfs -o size=4m,mode=777 tmpfs small; $user mkdir small/space")
            } catch {
                // Only root can mount, and not everywhere.
                return print("A full disk is not tested: \(error)")
            }
            defer { try? server.run("umount -l small") }
            let database = try server.database()
            try server.sql("CREATE TABLESPACE small LOCATION '\(server.directory)/small/space'")
            _ = try await database.write {
                try $0.execute("CREATE TABLE big (content BYTEA NOT NULL) TABLESPACE small", [])
            }
            let noise = (0..<400_000).map { _ in UInt8.random(in: 0...255) }
            var count = 0
            var failure: RegistryError?
            while count < 100, failure == nil {
                do {
                    _ = try await database.write {
                        try $0.execute("INSERT INTO big (content) VALUES ($1)", [.bytes(noise)])
                    }
                    count += 1
                } catch let error as RegistryError {
                    failure = error
                }
            }
            #expect(failure?.description.contains("the server's disk is full, make room on it") == true)
            #expect(try await database.lookUp { try $0.query("SELECT 1 FROM big", []).count } == count)
            for statement in ["DROP TABLE big", "CREATE TABLE big (content BYTEA NOT NULL) TABLESPACE small"] {
                _ = try await database.write { try $0.execute(statement, []) }
            }
            _ = try await database.write { try $0.execute("INSERT INTO big (content) VALUES ($1)", [.bytes(noise)]) }
            _ = try await database.write { try $0.execute("DROP TABLE big", []) }
            database.close()
        }
    }
}
