import Foundation

/// Fills a database from another one and compares the two, in transactions that somebody has begun.
struct CopyFilling {
    let names: RegistryCopy.Names
    let decider: Decider
    let now: Date
    let progress: (DumpProgress) -> Void

    /// Counts what is done.
    private final class Meter {
        private(set) var rows: Int64 = 0
        private let total: Int64
        private let progress: (DumpProgress) -> Void

        init(total: Int64, _ progress: @escaping (DumpProgress) -> Void) {
            (self.total, self.progress) = (total, progress)
        }

        func advance() {
            self.rows += 1
            guard self.rows % DumpProgress.step == 0 else { return }
            self.progress(DumpProgress(rows: self.rows, total: max(self.rows, self.total)))
        }

        func finish() { self.progress(DumpProgress(rows: self.rows, total: self.rows)) }
    }

    /// Copies everything, verifies it, brings it up to this version's schema and records that.
    ///
    /// - Returns: What was copied.
    /// - Throws: ``CopyError``, ``RegistryError``; then the transaction is not to be committed.
    func fill(
        _ target: any SQLConnection,
        _ dialect: SQLDialect,
        from source: any SQLConnection,
        acceptingFaults acceptsFaults: Bool
    ) throws -> CopyReport {
        let version = try self.version(of: source)
        try CopyTarget.check(target, self.names.target)
        try CopyTarget.clear(target, dialect)
        try Migrations.run(in: target, dialect, upTo: version)
        let tables = try source.tables().filter(TableReading.isCopied)
        try self.compareSchema(tables, with: target.tables().filter(TableReading.isCopied), version)
        let meter = try self.meter(tables, source)
        try target.deferReferences()
        // What a migration has put in is in the source too.
        for table in tables { try target.execute("DELETE FROM \(table.quotedName)", []) }
        let copied = try tables.map { try self.copy($0, from: source, to: target, meter) }
        try target.settleReferences()
        for (table, copied) in zip(tables, copied) { try Self.verify(table, copied, in: target, meter.advance) }
        try target.continueIdentities(of: tables)
        try Migrations.run(in: target, dialect)
        let detail = "\(copied.reduce(0) { $0 + $1.rows }) rows from \(self.names.source)"
        try Registry.record(NewEvent(.copied, by: self.decider, detail: detail), at: self.now, in: target)
        let report = CopyReport(tables: copied, audit: try Self.audit(target, meter), isResumed: false)
        guard report.audit.isIntact || acceptsFaults else {
            let fault = report.audit.faults.first.map { ": \($0)" } ?? ""
            throw CopyError(
                .audit,
                "the audit log of \(self.names.source) does not verify\(fault); ucm audit verify shows it; with "
                    + "--despite-audit-faults it is copied as it is")
        }
        meter.finish()
        return report
    }

    /// Compares two that are finished, but for the event of the copy.
    ///
    /// - Returns: What is in both.
    /// - Throws: ``CopyError``, ``RegistryError``.
    func verify(_ target: any SQLConnection, against source: any SQLConnection) throws -> CopyReport {
        let tables = try source.tables().filter(TableReading.isCopied)
        let copied = try tables.map { table in
            CopiedTable(name: table.name, rows: try TableReading(table: table).count(source), digest: [])
        }
        let meter = try self.meter(tables, target)
        return CopyReport(tables: copied, audit: try Self.audit(target, meter), isResumed: false)
    }

    /// Reads a table again and compares it with what was copied.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - copied: What was copied.
    ///   - connection: The copy.
    ///   - advance: Is told of each row.
    /// - Throws: ``CopyError`` with code `different`.
    static func verify(
        _ table: SQLTable,
        _ copied: CopiedTable,
        in connection: any SQLConnection,
        _ advance: () -> Void = {}
    ) throws {
        let found = try TableReading(table: table).read(connection) { _ in advance() }
        guard found.rows == copied.rows else {
            throw CopyError(
                .different,
                "the copy is not what was copied: the table \(table.name) has \(found.rows) rows in it and \(copied.rows) in "
                    + "the source; nothing was changed")
        }
        guard found.digest == copied.digest else {
            throw CopyError(
                .different,
                "the copy is not what was copied: a row of the table \(table.name) has another content in it; nothing was "
                    + "changed")
        }
    }

    private func copy(
        _ table: SQLTable,
        from source: any SQLConnection,
        to target: any SQLConnection,
        _ meter: Meter
    ) throws -> CopiedTable {
        var copied = CopiedTable(name: table.name, rows: 0, digest: [])
        try target.fill(table) { add in
            copied = try TableReading(table: table).read(source) { values in
                try add(values)
                meter.advance()
            }
        }
        return copied
    }

    private func meter(_ tables: [SQLTable], _ connection: any SQLConnection) throws -> Meter {
        let total = try tables.reduce(0) { total, table in
            try total + TableReading(table: table).count(connection) * (table.name == "event" ? 3 : 2)
        }
        return Meter(total: total, self.progress)
    }

    private static func audit(_ connection: any SQLConnection, _ meter: Meter) throws -> AuditVerification {
        var seen = 0
        return try Registry.verifyAudit(in: connection) { count in
            for _ in seen..<max(seen, count) { meter.advance() }
            seen = count
        }
    }

    private func version(of source: any SQLConnection) throws -> Int {
        let version = try source.hasTable(Registry.versionTable) ? Migrations.version(source) : 0
        guard version > 0 else { throw CopyError(.noRegistry, "there is no registry in \(self.names.source)") }
        guard version <= Migrations.steps.count else {
            throw RegistryError.tooNew(found: version, known: Migrations.steps.count)
        }
        return version
    }

    private func compareSchema(_ tables: [SQLTable], with others: [SQLTable], _ version: Int) throws {
        let known = Dictionary(others.map { ($0.name, $0) }) { first, _ in first }
        for table in tables where known[table.name]?.hasSameColumns(as: table) != true {
            throw CopyError(
                .unsupported,
                "the table \(table.name) of \(self.names.source) is not the one of schema \(version): another program has "
                    + "made it")
        }
        guard tables.count == others.count else {
            throw CopyError(.unsupported, "tables of schema \(version) are missing in \(self.names.source)")
        }
    }
}
