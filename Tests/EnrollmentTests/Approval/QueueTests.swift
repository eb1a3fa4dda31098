import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing
import X509

@Suite("The queue")
struct QueueTests {
    static func enrolment(_ number: Int) throws -> TestEnrolment {
        var enrolment = try TestEnrolment(name: "CN=device-\(number).example")
        enrolment.transactionID = "\(number)"
        return enrolment
    }

    @Test("holds so many requests of a profile, and of an address")
    func limits() async throws {
        let settings = ProfileSettings.with {
            $0.approval = .manual
            $0.queue.limit = 3
            $0.queue.limitPerAddress = 2
        }
        try await withAuthority(settings: settings) { authority in
            let clients = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3"]
            var answers: [CertRep] = []
            for (number, client) in clients.enumerated() {
                answers.append(try await authority.enrol(try Self.enrolment(number), from: client).reply.answer)
            }
            let full = CertRep.failure(.badRequest, text: "Too many requests wait for approval; try again later.")
            #expect(answers == [.pending, .pending, full, .pending, full])
            // Who waits already is told so.
            #expect(try await authority.enrol(try Self.enrolment(0), from: "10.0.0.1").reply.answer == .pending)
        }
    }

    @Test("takes a network of 64 bits in IPv6 for one address, however many addresses send")
    func network() async throws {
        let settings = ProfileSettings.with {
            $0.approval = .manual
            $0.queue.limitPerAddress = 2
        }
        try await withAuthority(settings: settings) { authority in
            let clients = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
            var answers: [CertRep] = []
            for (number, client) in clients.enumerated() {
                answers.append(try await authority.enrol(try Self.enrolment(number), from: client).reply.answer)
            }
            let full = CertRep.failure(.badRequest, text: "Too many requests wait for approval; try again later.")
            #expect(answers == [.pending, .pending, full, .pending])
        }
    }

    @Test("keeps no request that is larger than any device's", arguments: [true, false])
    func size(isLarge: Bool) async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            var enrolment = try TestEnrolment()
            let junk = [UInt8](repeating: 0, count: isLarge ? 64 << 10 : 60 << 10)
            enrolment.extensions = [CertificateExtension([1, 2, 3, 4], value: junk)]
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.answer == (isLarge ? Self.notIssued : .pending))
            #expect(exchange.countsAgainstClient == isLarge)
            #expect(try await authority.waiting.count == (isLarge ? 0 : 1))
        }
    }

    @Test("keeps no request of which whoever approves would not be shown all", arguments: [100, 101], [0, 1, 2])
    func shown(count: Int, part: Int) async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            var enrolment = try TestEnrolment()
            switch part {
            case 0:
                let units = (0..<count).map { number in
                    RelativeDistinguishedName(
                        .init(type: .RDNAttributeType.organizationalUnitName, utf8String: "\(number)"))
                }
                enrolment.requestSubject = try DERWriter.encode { try $0.serialize(DistinguishedName(units)) }
            case 1:
                let names = (0..<count).map { GeneralName.dnsName("\($0).example") }
                let value = try DERWriter.encode { try $0.serializeSequenceOf(names) }
                enrolment.extensions = [CertificateExtension([2, 5, 29, 17], value: value)]
            default:
                enrolment.extensions = (0..<count).map { CertificateExtension([1, 2, 3, UInt($0)], value: [5, 0]) }
            }
            let answer = try await authority.enrol(enrolment).reply.answer
            #expect(answer == (count > 100 ? Self.notIssued : .pending))
        }
    }

    private static let notIssued = CertRep.failure(
        .badRequest,
        text: "The request asks for a certificate that may not be issued."
    )

    @Test("gives a request up after its days; asked again, it waits again")
    func expiry() async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            let id = try #require(try await authority.waiting.first)
            let late = TestAuthority.now.addingTimeInterval(7 * 86_400)
            await #expect(throws: ApprovalError.expired(id)) { try await authority.approve(id, at: late) }
            #expect(try await authority.registry.expireRequests(at: late.addingTimeInterval(-1)).isEmpty)
            #expect(try await authority.registry.expireRequests(at: late) == [id])
            let (_, polled) = try await PendingRequestTests.poll(enrolment, at: authority)
            #expect(polled.answer == .failure(.badRequest, text: "Nobody approved the request in time."))
            #expect(try await authority.enrol(enrolment, at: late).reply.answer == .pending)
            #expect(try await authority.waiting.count == 1)
        }
    }

    @Test("asks for as many people as the profile says, who approve the same")
    func twoPersons() async throws {
        let settings = ProfileSettings.with {
            $0.approval = .manual
            $0.queue.approvalsNeeded = 2
        }
        try await withAuthority(settings: settings) { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            let id = try #require(try await authority.waiting.first)
            func approve(_ terms: ApprovalTerms, by decider: Decider) async throws -> Approval.Outcome {
                try await authority.approval.approve(id, on: terms, by: decider, at: TestAuthority.now)
            }
            var outcomes: [Approval.Outcome] = []
            outcomes.append(try await approve(ApprovalTerms(), by: "anna"))
            // Nobody is two people, and who changes his mind is still one.
            outcomes.append(try await approve(ApprovalTerms(), by: "anna"))
            outcomes.append(try await approve(ApprovalTerms(validityDays: 30), by: "berta"))
            for outcome in outcomes {
                guard case .recorded(1, 2) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
            }
            #expect(try await authority.registry.certificateCount() == 0)
            guard case .issued(let certificate) = try await approve(ApprovalTerms(validityDays: 30), by: "anna") else {
                Issue.record("two have approved the same")
                return
            }
            #expect(Int(certificate.notAfter.timeIntervalSince(TestAuthority.now)) == 30 * 86_400)
            let (_, polled) = try await PendingRequestTests.poll(enrolment, at: authority)
            #expect(polled.certificates == [certificate.encoded])
        }
    }

    @Test("takes two subjects for the same only by the whole of their digests")
    func similarSubjects() throws {
        for number in 0..<30 {
            let terms = ApprovalTerms(subject: try TestClient.encoded("CN=router-\(number)")).description
            #expect(terms.hasPrefix("subject CN=router-\(number) (SHA-256 "))
            #expect(terms.split(separator: " ").last?.count == 65)
        }
    }

    @Test("lets whoever approves decide on template, validity and subject")
    func terms() async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            let id = try #require(try await authority.waiting.first)
            let subject = try TestClient.encoded("CN=given.example")
            let issued = try await authority.approve(
                id,
                on: ApprovalTerms(template: "Network Equipment", validityDays: 100, subject: subject)
            )
            #expect(issued.subject == subject)
            let record = try #require(try await authority.record(of: issued.encoded))
            #expect(record.certificate.subject == "CN=given.example")
            #expect(record.certificate.assignedTemplate == "Network Equipment")
            #expect(record.certificate.assignedDays == 100)
            // A renewal has the same name and goes on with what was decided.
            var renewal = try TestEnrolment.renewal(of: issued.encoded, by: enrolment.client)
            renewal.requestSubject = subject
            let renewed = try #require(try await authority.record(of: try await authority.certificate(for: renewal)))
            #expect(renewed.certificate.assignedDays == 100)
            #expect(Int(renewed.certificate.notAfter.timeIntervalSince(TestAuthority.now)) == 100 * 86_400)
        }
    }

    @Test(
        "refuses terms that cannot be",
        arguments: [
            ApprovalTerms(template: "No such"), ApprovalTerms(validityDays: 0), ApprovalTerms(validityDays: 366),
            ApprovalTerms(subject: [0x30, 0x01]),
        ])
    func badTerms(terms: ApprovalTerms) async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            _ = try await authority.enrol(try TestEnrolment())
            let id = try #require(try await authority.waiting.first)
            await #expect(throws: (any Error).self) { try await authority.approve(id, on: terms) }
            #expect(try await authority.waiting == [id])
        }
    }

    @Test("leaves an event of every decision, and who made it")
    func events() async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            _ = try await authority.enrol(try Self.enrolment(1))
            _ = try await authority.enrol(try Self.enrolment(2))
            let waiting = try await authority.waiting
            let issued = try await authority.approve(waiting[0])
            try await authority.approval.reject(waiting[1], reason: "sold", by: "berta", at: TestAuthority.now)
            let approved = try await authority.registry.events(request: waiting[0])
            #expect(approved.map(\.kind) == [.pending, .approved])
            #expect(approved.map(\.actor) == ["device", "anna"])
            let certificate = try #require(try await authority.record(of: issued.encoded))
            #expect(approved.last?.certificate == certificate.id)
            let rejected = try await authority.registry.events(request: waiting[1])
            #expect(rejected.map(\.kind) == [.pending, .rejected])
            #expect(rejected.map(\.actor) == ["device", "berta"])
            #expect(rejected.last?.detail.contains("sold") == true)
        }
    }
}
