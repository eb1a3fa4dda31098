import CertificateAuthority
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("Two approvals of one request")
struct TemplateApprovalTests {
    static let now = TestInstallation.now

    @Test("are of one thing only while the template stays as it is")
    func changedTemplate() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            try await administration.createTemplate("Pumps", from: "Default", by: "anna", at: Self.now) { _ in }
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: Self.now
            ) {
                $0.template = "Pumps"
                $0.approval = .manual
                $0.queue.approvalsNeeded = 2
            }
            _ = try await installation.configuration.refresh()
            #expect(try await installation.enrol(at: Self.now).exchange.outcome == .pending)
            let id = try #require(
                try await administration.requests(RequestFilter(statuses: [.pending]), limit: 1).first
            ).record.id
            var results = [try await administration.approve(id, by: "anna", at: Self.now)]
            try await administration.changeTemplate("Pumps", by: "carl", at: Self.now) {
                $0.extendedKeyUsage.append(.ExtendedKeyUsage.serverAuth)
            }
            results.append(try await administration.approve(id, by: "berta", at: Self.now))
            #expect(results == [.recorded(have: 1, needed: 2), .recorded(have: 1, needed: 2)])
            let terms = try await administration.request(id).approvals.map(\.terms)
            #expect(terms.allSatisfy { $0.hasPrefix("template Pumps (SHA-256 ") })
            #expect(Set(terms).count == 2)
            guard case .issued = try await administration.approve(id, by: "anna", at: Self.now) else {
                Issue.record("two have approved the same")
                return
            }
        }
    }

    @Test("name a template that nobody can change by its name alone")
    func builtIn() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: Self.now
            ) {
                $0.approval = .manual
                $0.queue.approvalsNeeded = 2
            }
            _ = try await installation.configuration.refresh()
            _ = try await installation.enrol(at: Self.now)
            let id = try #require(
                try await administration.requests(RequestFilter(statuses: [.pending]), limit: 1).first
            ).record.id
            _ = try await administration.approve(id, by: "anna", at: Self.now)
            #expect(try await administration.request(id).approvals.map(\.terms) == ["template Default, 365 days"])
        }
    }
}
