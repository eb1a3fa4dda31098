import Foundation
public import Registry

extension AuditExport {
    /// How long a line can be; an entry is far shorter.
    private static let maximumLine = 4_000_000

    /// Verifies an export of everything as JSON lines, in the way in which the database is verified.
    ///
    /// - Parameters:
    ///   - expected: An end that somebody noted earlier, and that has to be there; nil for none.
    ///   - next: Gives the next part of the file, in whatever size; nil or nothing at its end.
    /// - Returns: What came of it.
    /// - Throws: ``AdministrationError`` where the file is no such export; what reading it throws.
    public static func verify(
        expecting expected: AuditLink? = nil,
        _ next: () throws -> [UInt8]?
    ) throws -> AuditVerification {
        var reading = Reading(verifier: AuditVerifier(expecting: expected))
        var rest: [UInt8] = []
        while let part = try next(), !part.isEmpty {
            rest += part
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try reading.add(rest[start..<end])
                start = end + 1
            }
            rest.removeFirst(start)
            guard rest.count <= Self.maximumLine else { throw reading.tooLong }
        }
        if !rest.isEmpty { try reading.add(rest[...]) }
        return try reading.finish()
    }

    /// Verifies an export that is in memory.
    ///
    /// - Throws: ``AdministrationError`` where it is no such export.
    public static func verify(_ bytes: [UInt8], expecting expected: AuditLink? = nil) throws -> AuditVerification {
        var rest: [UInt8]? = bytes
        return try self.verify(expecting: expected) {
            defer { rest = nil }
            return rest
        }
    }

    /// How far a file is read.
    private struct Reading {
        var verifier: AuditVerifier
        private var line = 0
        private var hasBegun = false
        private var heads: [AuditLink] = []
        private let decoder = JSONDecoder()

        init(verifier: AuditVerifier) {
            self.verifier = verifier
        }

        mutating func add(_ bytes: ArraySlice<UInt8>) throws(AdministrationError) {
            self.line += 1
            guard !bytes.allSatisfy({ " \t\r".utf8.contains($0) }) else { return }
            guard let line = try? self.decoder.decode(AuditLine.self, from: Data(bytes)) else {
                throw self.error("is no JSON of an audit log")
            }
            guard self.hasBegun else { return try self.begin(line) }
            if let head = line.head {
                guard let digest = AuditLink.digest(head.digest), self.heads.count < 10_000 else {
                    throw self.error("is no entry of an audit log")
                }
                self.heads.append(AuditLink(chain: head.chain, sequence: head.sequence, digest: digest))
            } else if let item = line.item {
                self.verifier.add(item)
            } else {
                throw self.error("is no entry of an audit log")
            }
        }

        private mutating func begin(_ line: AuditLine) throws(AdministrationError) {
            guard let version = line.auditLog else {
                throw self.error("is not the beginning of an audit log: export it with ucm audit export --format jsonl")
            }
            guard version == 1 else {
                throw AdministrationError("the export was made by a newer version, which can verify it")
            }
            guard line.isWhole == true else {
                throw AdministrationError(
                    "the export is a selection, whose entries do not follow each other: only one without any filter can "
                        + "be verified"
                )
            }
            self.hasBegun = true
        }

        consuming func finish() throws(AdministrationError) -> AuditVerification {
            guard self.hasBegun else { throw AdministrationError("the export is empty") }
            return self.verifier.finish(heads: self.heads)
        }

        /// What is wrong with a line whose end does not come.
        var tooLong: AdministrationError { AdministrationError("line \(self.line + 1) is too long") }

        func error(_ reason: String) -> AdministrationError { AdministrationError("line \(self.line) \(reason)") }
    }
}
