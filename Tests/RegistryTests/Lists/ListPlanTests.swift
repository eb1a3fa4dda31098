import Foundation
import Testing

@testable import Registry

@Suite("What is looked for in a long list", .freshDatabase)
struct ListPlanTests {
    private static func requests(_ change: (inout RequestFilter) -> Void) -> ListQuery {
        var filter = RequestFilter()
        change(&filter)
        return filter.query
    }

    private static func certificates(_ filter: CertificateFilter) -> ListQuery { filter.query(at: TestRecords.now) }

    /// What is looked for, and by which index it is found.
    private static let plans: [(query: ListQuery, index: String)] = [
        (Self.requests { _ in }, "INTEGER PRIMARY KEY"),
        (Self.requests { $0.statuses = [.rejected] }, "request_status (status=?"),
        (Self.requests { $0.profile = "lab" }, "request_profile (profile=?"),
        (
            Self.requests {
                $0.profile = "lab"
                $0.statuses = [.rejected]
            }, "request_profile_status (profile=? AND status=?"
        ),
        (Self.requests { $0.clientAddress = "192.0.2.7" }, "request_address (client_address=?"),
        (Self.requests { $0.transactionID = "7" }, "request_replaced_transaction (transaction_id=?"),
        (Self.certificates(CertificateFilter(authority: 1)), "certificate_authority (authority_id=?"),
        (Self.certificates(CertificateFilter(profile: "lab")), "certificate_profile (profile=?"),
        (Self.certificates(CertificateFilter(template: "none")), "certificate_template (template=?"),
        (Self.certificates(CertificateFilter(states: [.held])), "certificate_withdrawn (revocation_reason=?"),
        (Self.certificates(CertificateFilter(endingBefore: TestRecords.now)), "INTEGER PRIMARY KEY"),
        (EventFilter(profile: "lab").query, "event_profile (profile=?"),
        (EventFilter(object: "profile vpn").query, "event_object (object=?"),
        (ExchangeFilter(outcomes: [.refused]).query, "exchange_trouble (outcome=?"),
        (ExchangeFilter(profile: "lab").query, "exchange_profile (profile=?"),
    ]

    @Test("is found by an index, without sorting", arguments: plans.indices)
    func plan(index: Int) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let (query, expected) = Self.plans[index]
        let clauses = query.clauses(0..<1_000_000, isByEnd: false, isSearched: false, order: .newestFirst, limit: 51)
        let plan = try await registry.database.read { connection in
            try connection.query(
                "EXPLAIN QUERY PLAN SELECT \(query.list.table).* FROM \(query.list.table) \(clauses.sql)",
                clauses.values
            ).map { try $0.text(3) }
        }
        #expect(plan.contains { $0.contains(expected) }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test("is counted by an index, where it waits", arguments: [nil, "lab"])
    func pending(profile: String?) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let conditions = Self.requests {
            $0.statuses = [.pending]
            $0.profile = profile
        }.conditions
        let plan = try await registry.database.read { connection in
            try connection.query(
                "EXPLAIN QUERY PLAN SELECT count(*) FROM request \(conditions.clause)", conditions.values
            ).map { try $0.text(3) }
        }
        let partial = [
            "request_status", "request_queue", "request_expiry", "request_pending", "request_profile_status",
            "request_waiting",
        ]
        #expect(plan.contains { line in partial.contains { line.contains("INDEX \($0)") } }, "\(plan)")
    }

    @Test(
        "is asked for by three letters in a row",
        arguments: [
            ([], nil), (["ab"], nil), (["abc"], #""abc""#), (["abcd"], #""bcd" AND "abc""#), (["a\"b"], #""a""b""#),
            (["aaaa", "bc", "aaab"], #""aaa" AND "aab""#), (["äöü"], #""äöü""#),
        ] as [([String], String?)])
    func trigrams(parts: [String], match: String?) {
        #expect(Trigrams.match(parts) == match)
    }
}
