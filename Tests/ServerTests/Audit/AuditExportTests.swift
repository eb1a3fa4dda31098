import Enrollment
import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("An export of the audit log")
struct AuditExportTests {
    @Test("is verified like the database, in parts of whatever size")
    func whole() async throws {
        try await AuditInstallation.run { audit in
            let text = try await audit.export()
            let verification = try await audit.administration.verifyAudit()
            #expect(verification.isIntact)
            #expect(verification.chains.map(\.gaps) == [6])
            #expect(try AuditExport.verify(Array(text.utf8)) == verification)
            for size in [1, 7, 1_000] {
                var rest = Array(text.utf8)[...]
                let found = try AuditExport.verify {
                    defer { rest = rest.dropFirst(size) }
                    return Array(rest.prefix(size))
                }
                #expect(found == verification)
            }
            let events = try await audit.registry.events(limit: 1)
            #expect(events.map(\.kind) == [.auditExported])
            #expect(events.map(\.detail) == ["the whole audit log as jsonl"])
            // Who exported it is in it.
            #expect(text.contains("\"auditExported\""))
            let lines = text.split(separator: "\n")
            #expect(lines.first == #"{"auditLog":1,"isWhole":true}"#)
            #expect(
                lines.last
                    == #"{"head":{"chain":1,"digest":"\#(events[0].link?.digestText ?? "")","sequence":\#(events[0].link?.sequence ?? 0)}}"#
            )
            #expect(lines.count { $0.hasPrefix(#"{"forgotten":"#) } == 6)
            let link = try #require(events.first?.link)
            #expect(try AuditExport.verify(Array(text.utf8), expecting: link).expectation == .confirmed)
        }
    }

    @Test("of many entries is verified, without the end of its last line too")
    func many() async throws {
        try await AuditInstallation.run { audit in
            try await audit.registry.database.write { connection in
                for number in 0..<1_300 {
                    let event = NewEvent(.issued, by: Decider.device, detail: "\(number)")
                    try Registry.record(event, at: AuditInstallation.now, in: connection)
                }
            }
            let text = try await audit.export()
            let verification = try await audit.administration.verifyAudit()
            #expect(verification.isIntact)
            #expect(try AuditExport.verify(Array(text.utf8.dropLast())) == verification)
        }
    }

    @Test("shows whatever byte of it was altered")
    func mutations() async throws {
        try await AuditInstallation.run { audit in
            let text = try await audit.export()
            var bytes = Array(text.utf8)
            // The number under which the database has an event is not part of the log.
            let numbers = text.ranges(of: try Regex(#""id":[0-9]+"#)).flatMap { range in
                let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                let end = text.utf8.distance(from: text.startIndex, to: range.upperBound)
                return Array((start + 5)..<end)
            }
            let excepted = Set(numbers)
            for index in bytes.indices where !excepted.contains(index) {
                let byte = bytes[index]
                bytes[index] ^= 1
                let isIntact = (try? AuditExport.verify(bytes).isIntact) ?? false
                if isIntact { Issue.record("byte \(index) of \(text.utf8.count)") }
                bytes[index] = byte
            }
        }
    }

    @Test("shows lines that are missing, doubled or in another order")
    func lines() async throws {
        try await AuditInstallation.run { audit in
            let lines = try await audit.export().split(separator: "\n").map { $0 + "\n" }
            func isIntact(_ lines: [Substring]) -> Bool {
                (try? AuditExport.verify(Array(lines.joined().utf8)).isIntact) ?? false
            }
            let all = lines.map { $0[...] }
            #expect(isIntact(all))
            for index in all.indices {
                var others = all
                others.remove(at: index)
                #expect(!isIntact(others), "without line \(index + 1)")
                others = all
                others.insert(all[index], at: index)
                // The same end twice says nothing else.
                #expect(isIntact(others) == (index == all.count - 1), "with line \(index + 1) twice")
                if index > 0 {
                    others = all
                    others.swapAt(index, index - 1)
                    let isEnd = index == all.count - 1
                    #expect(isIntact(others) == isEnd, "with the lines \(index) and \(index + 1) the other way round")
                }
                #expect(!isIntact(Array(all[..<index])), "up to line \(index)")
            }
            #expect(isIntact(all + ["\n", " \r\n"]))
        }
    }

    static let others: [(text: String, reason: String)] = [
        ("", "the export is empty"), ("\n\n", "the export is empty"), ("\n \n{}", "line 3 is not the beginning"),
        ("x", "line 1 is no JSON"), ("[]", "line 1 is no JSON"),
        ("{}", "line 1 is not the beginning"), (#"{"id":1}"#, "line 1 is not the beginning"),
        (#"{"auditLog":2,"isWhole":true}"#, "the export was made by a newer version"),
        (#"{"auditLog":1}"#, "the export is a selection"),
        (#"{"auditLog":1,"isWhole":false}"#, "the export is a selection"),
        ("{\"auditLog\":1,\"isWhole\":true}\n{}", "line 2 is no entry"),
        (
            "{\"auditLog\":1,\"isWhole\":true}\n{\"head\":{\"chain\":1,\"sequence\":1,\"digest\":\"x\"}}",
            "line 2 is no entry"
        ),
        ("{\"auditLog\":1,\"isWhole\":true}\n{\"id\":1e99}", "line 2 is no JSON"),
        ("id,date,kind\r\n1,2,3\r\n", "line 1 is no JSON"), ("\u{0}\u{1}", "line 1 is no JSON"),
        (String(repeating: "[", count: 100_000), "line 1 is no JSON"),
        (String(repeating: "a", count: 5_000_000), "line 1 is too long"),
    ]

    @Test("is nothing else", arguments: others.indices)
    func refused(index: Int) throws {
        let (text, reason) = Self.others[index]
        let error = try #require(throws: AdministrationError.self) { try AuditExport.verify(Array(text.utf8)) }
        #expect(error.description.hasPrefix(reason), "\(error)")
    }

    @Test("of a selection has what was meant, and cannot be verified")
    func selection() async throws {
        try await AuditInstallation.run { audit in
            let text = try await audit.export(EventFilter(actors: ["anna"], object: "profile default"))
            #expect(text.split(separator: "\n").count == 7)
            #expect(throws: AdministrationError.self) { try AuditExport.verify(Array(text.utf8)) }
            #expect(try await audit.registry.events(limit: 1).map(\.detail) == ["a selection as jsonl"])
        }
    }

    @Test("as CSV has every entry, and no formula")
    func commaSeparatedValues() async throws {
        try await AuditInstallation.run { audit in
            let text = try await audit.export(as: .csv)
            let table = try CommaSeparatedValues(reading: Array(text.utf8))
            let events = try await audit.registry.events(order: .oldestFirst, limit: 100)
            #expect(table.rows.compactMap { table["id", in: $0] } == events.map { "\($0.id)" })
            #expect(table.rows.compactMap { table["digest", in: $0] } == events.compactMap { $0.link?.digestText })
            #expect(table.rows.compactMap { table["after", in: $0] } == events.map { $0.after ?? "" })
            #expect(table.rows.compactMap { table["subject", in: $0] } == events.map { $0.subject ?? "" })
            #expect(table.rows.compactMap { table["outcome", in: $0] }.contains("refused"))
            #expect(text.contains("'=1+2"))
            #expect(!text.contains(",=1"))
        }
    }

    @Test("has what cannot be read as such")
    func unreadable() async throws {
        try await AuditInstallation.run { audit in
            let id = try #require(try await audit.registry.events(limit: 2).last?.id)
            try await audit.tamper("UPDATE event SET actor = X'ff' WHERE id = \(id)")
            let text = try await audit.export()
            #expect(text.contains("{\"unreadable\":\(id)}\n"))
            let verification = try await audit.administration.verifyAudit()
            #expect(!verification.isIntact)
            #expect(try AuditExport.verify(Array(text.utf8)) == verification)
            #expect(try await audit.export(as: .csv).contains("\r\n\(id),,"))
        }
    }

    @Test("shows what was altered in the database")
    func altered() async throws {
        try await AuditInstallation.run { audit in
            let id = try #require(try await audit.registry.events(limit: 3).last?.id)
            try await audit.tamper("UPDATE event SET actor = 'bert' WHERE id = \(id)")
            let verification = try AuditExport.verify(Array(try await audit.export().utf8))
            #expect(verification.faults.map(\.event) == [id])
            #expect(verification == (try await audit.administration.verifyAudit()))
        }
    }

    @Test("ends where nobody takes it")
    func interrupted() async throws {
        struct Full: Error {}
        try await AuditInstallation.run { audit in
            await #expect(throws: Full.self) {
                _ = try await audit.administration.exportAudit(as: .csv, by: "anna", at: AuditInstallation.now) { _ in
                    throw Full()
                }
            }
        }
    }
}
