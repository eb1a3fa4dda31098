import Foundation
import Synchronization

@testable import Registry

/// Copies as the tests make them.
enum CopiedRegistry {
    static let names = RegistryCopy.Names(source: "the old one", target: "the new one", start: "--database-url new")
    static let moved = "this registry has moved to the new one: start the server with --database-url new"

    @discardableResult
    static func copy(
        _ source: any SQLDatabase,
        to target: any SQLDatabase,
        keepingSource: Bool = false,
        acceptingFaults: Bool = false,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> CopyReport {
        guard let source = source as? any CopyableDatabase, let target = target as? any CopyableDatabase else {
            throw RegistryError.cannotOpen("a database cannot be copied")
        }
        return try await RegistryCopy(
            from: source, to: target, names: Self.names, keepingSource: keepingSource, acceptingFaults: acceptingFaults
        ).run(by: Decider("somebody"), at: TestRecords.now, progress: progress)
    }
}

/// A database on which some transactions fail before they are committed, or whose rows somebody changes on their way.
final class UnreliableDatabase: CopyableDatabase {
    struct CutOff: Error {}

    private let base: any CopyableDatabase
    /// The number of the writing transaction that is cut off, from 1.
    private let failing: Int?
    private let alter: (@Sendable (String, inout [SQLValue]) -> Bool)?
    private let count = Mutex(0)

    init(
        _ base: any SQLDatabase,
        failing: Int? = nil,
        altering alter: (@Sendable (_ table: String, _ values: inout [SQLValue]) -> Bool)? = nil
    ) throws {
        guard let base = base as? any CopyableDatabase else { throw CutOff() }
        (self.base, self.failing, self.alter) = (base, failing, alter)
    }

    var dialect: SQLDialect { self.base.dialect }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.base.read(body)
    }

    func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T { try await self.base.write(announced: announced, body) }

    func announceWrite() -> AnnouncedWrite { self.base.announceWrite() }
    func check() async throws -> [String] { try await self.base.check() }
    func close() throws { try self.base.close() }

    func alone<T>(_ access: CopyAccess, _ body: (any SQLConnection) throws -> T) throws -> T {
        let number = self.count.withLock { count in
            if access == .writing { count += 1 }
            return count
        }
        return try self.base.alone(access) { connection in
            let value = try body(AlteringConnection(base: connection, alter: self.alter))
            if access == .writing, number == self.failing { throw CutOff() }
            return value
        }
    }
}

/// A connection that changes rows, or loses them, as they are put in.
private struct AlteringConnection: SQLConnection {
    let base: any SQLConnection
    let alter: (@Sendable (String, inout [SQLValue]) -> Bool)?

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int { try self.base.execute(sql, values) }
    func send(_ sql: String, _ values: [SQLValue]) throws -> any SQLAnswer { try self.base.send(sql, values) }
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] { try self.base.query(sql, values) }
    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        try self.base.forEach(sql, values, body)
    }
    func tables() throws -> [SQLTable] { try self.base.tables() }
    func hasTable(_ name: String) throws -> Bool { try self.base.hasTable(name) }
    func deferReferences() throws { try self.base.deferReferences() }
    func settleReferences() throws { try self.base.settleReferences() }
    func continueIdentities(of tables: [SQLTable]) throws { try self.base.continueIdentities(of: tables) }

    func fill(_ table: SQLTable, _ rows: (_ add: ([SQLValue]) throws -> Void) throws -> Void) throws {
        guard let alter else { return try self.base.fill(table, rows) }
        var all: [[SQLValue]] = []
        try rows { values in
            var values = values
            if alter(table.name, &values) { all.append(values) }
        }
        try self.base.fill(table) { add in for values in all { try add(values) } }
    }
}
