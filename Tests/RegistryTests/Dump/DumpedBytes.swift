import Synchronization

@testable import Registry

/// Keeps a dump in memory, and gives it again in pieces.
final class DumpedBytes: Sendable {
    private let all = Mutex<[UInt8]>([])

    init(_ bytes: [UInt8] = []) {
        self.all.withLock { $0 = bytes }
    }

    var bytes: [UInt8] { self.all.withLock { $0 } }

    @Sendable func append(_ bytes: [UInt8]) { self.all.withLock { $0 += bytes } }

    /// Gives them in pieces of a size.
    func source(_ size: Int = 100) -> @Sendable () throws -> [UInt8] {
        let box = RestBox(self.bytes[...])
        return { box.next(size) }
    }

    /// What is left of them.
    private final class RestBox: Sendable {
        private let rest: Mutex<ArraySlice<UInt8>>

        init(_ bytes: ArraySlice<UInt8>) { self.rest = Mutex(bytes) }

        func next(_ size: Int) -> [UInt8] {
            self.rest.withLock { rest in
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            }
        }
    }
}

extension Registry {
    /// Everything as a dump.
    func dumped() async throws -> [UInt8] {
        let dumped = DumpedBytes()
        _ = try await self.dump(to: dumped.append)
        return dumped.bytes
    }

    /// Every row of every table that is dumped.
    func everything() async throws -> [String: [[SQLValue]]] { try await self.database.everything() }
}

extension SQLDatabase {
    /// Every row of every table that is dumped.
    func everything() async throws -> [String: [[SQLValue]]] {
        try await self.read { connection in
            var all: [String: [[SQLValue]]] = [:]
            for table in try connection.tables() where !Registry.undumpedTables.contains(table.name) {
                var rows: [[SQLValue]] = []
                try connection.forEach("SELECT * FROM \"\(table.name)\"", []) { row in
                    rows.append(try table.columns.enumerated().map { try row.value($0.offset, $0.element.kind) })
                }
                all[table.name] = rows
            }
            return all
        }
    }
}
