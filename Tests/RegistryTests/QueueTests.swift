import Foundation
import Testing

@testable import Registry

@Suite("The queue", .freshDatabase)
struct QueueTests {
    private static func request(_ number: Int, from address: String, profile: String = "default") -> NewRequest {
        var request = TestRecords.request(number, transactionID: "\(number)", key: number)
        request.clientAddress = address
        request.clientNetwork = address
        request.identity.transaction.profile = profile
        return request
    }

    @Test("has a limit for an address and one for a profile", arguments: DatabaseDriver.available)
    func limits(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let limits = QueueLimits(perProfile: 5, perAddress: 2)
        func pend(_ number: Int, from address: String, profile: String = "default") async throws -> Recording {
            try await registry.pend(
                Self.request(number, from: address, profile: profile), limits: limits, at: TestRecords.now)
        }
        for number in 1...2 { #expect(try await pend(number, from: "a").isRecorded) }
        #expect(try await pend(3, from: "a") == .queueFull(.address(limit: 2)))
        for number in 4...6 { #expect(try await pend(number, from: number < 6 ? "b" : "c").isRecorded) }
        #expect(try await pend(7, from: "d") == .queueFull(.profile(limit: 5)))
        #expect(try await pend(8, from: "a") == .queueFull(.profile(limit: 5)))
        #expect(try await pend(9, from: "a", profile: "other").isRecorded)
        // The same request again is no other one.
        #expect(try await pend(1, from: "a").earlierState == .pending)
        let waiting = try await registry.requests(RequestFilter(statuses: [.pending]), limit: 100)
        #expect(waiting.count == 6)
        // Whoever is decided on makes room.
        let first = try #require(waiting.last?.id)
        #expect(try await registry.reject(first, reason: "no", by: "anna", at: TestRecords.now))
        #expect(try await pend(7, from: "a").isRecorded)
        #expect(try await pend(8, from: "a") == .queueFull(.profile(limit: 5)))
    }

    @Test("counts for a network where a client has one", arguments: DatabaseDriver.available)
    func network(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let limits = QueueLimits(perProfile: 10, perAddress: 2)
        func pend(_ number: Int, from address: String) async throws -> Recording {
            var request = Self.request(number, from: address)
            request.clientNetwork = "2001:db8::/64"
            return try await registry.pend(request, limits: limits, at: TestRecords.now)
        }
        #expect(try await pend(1, from: "2001:db8::1").isRecorded)
        #expect(try await pend(2, from: "2001:db8::2").isRecorded)
        #expect(try await pend(3, from: "2001:db8::3") == .queueFull(.address(limit: 2)))
        let waiting = try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10)
        #expect(waiting.map(\.request.clientAddress) == ["2001:db8::2", "2001:db8::1"])
        #expect(waiting.allSatisfy { $0.request.clientNetwork == "2001:db8::/64" })
    }

    @Test(
        "that is full lets a device correct or repeat its own request, and leaves it alone otherwise",
        arguments: DatabaseDriver.available)
    func replacementInFullQueue(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let limits = QueueLimits(perProfile: 1, perAddress: 1)
        #expect(try await registry.pend(TestRecords.request(1), limits: limits, at: TestRecords.now).isRecorded)
        #expect(try await registry.pend(TestRecords.request(2), limits: limits, at: TestRecords.now).isRecorded)
        let joining = TestRecords.request(2, transactionID: "other")
        #expect(try await registry.pend(joining, limits: limits, at: TestRecords.now).earlierState == .pending)
        let none = QueueLimits(perProfile: 0, perAddress: 0)
        let counts = try await registry.counts()
        let correction = TestRecords.request(3, transactionID: "other")
        #expect(
            try await registry.pend(correction, limits: none, at: TestRecords.now) == .queueFull(.profile(limit: 0)))
        #expect(try await registry.counts() == counts)
        let waiting = try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10)
        #expect(waiting.map(\.request.identity) == [joining.identity])
    }

    @Test("reserves no challenge where it is full", arguments: DatabaseDriver.available)
    func challengeInFullQueue(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let none = QueueLimits(perProfile: 10, perAddress: 0)
        let request = TestRecords.request(1, challenge: challenge)
        #expect(try await registry.pend(request, limits: none, at: TestRecords.now) == .queueFull(.address(limit: 0)))
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 0))
    }

    @Test("expires what nobody has decided on in time", arguments: DatabaseDriver.available)
    func expiry(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let deadline = TestRecords.now.addingTimeInterval(3600)
        var ids: [Int64] = []
        for number in 0..<450 {
            let request = TestRecords.request(
                number, transactionID: "\(number)", key: number,
                expiresAt: number < 400 ? deadline : number < 425 ? deadline.addingTimeInterval(0.001) : nil)
            ids.append(try await registry.waiting(request))
        }
        #expect(try await registry.expireRequests(at: deadline.addingTimeInterval(-0.001)).isEmpty)
        #expect(try await registry.expireRequests(at: deadline) == Array(ids[..<400]))
        #expect(try await registry.expireRequests(at: deadline).isEmpty)
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 1_000).count == 50)
        let record = try #require(try await registry.request(ids[0]))
        #expect(record.state == .expired)
        #expect(record.decidedAt == deadline)
        #expect(record.decidedBy == nil)
        let polled = try await registry.latestRequest(of: record.request.identity.transaction)
        #expect(polled?.state == .expired)
        let event = try #require(try await registry.events(request: ids[0]).last)
        #expect(event.kind == .expired)
        #expect(event.actor == Decider.server.name)
    }

    @Test(
        "compares with the time as it is stored, in milliseconds", arguments: [-0.000_6, -0.000_4, 0, 0.000_4],
        DatabaseDriver.available)
    func rounding(offset: Double, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let deadline = Date(timeIntervalSince1970: 1_800_000_100)
        let id = try await registry.waiting(TestRecords.request(1, expiresAt: deadline))
        let isDue = offset > -0.000_5
        #expect(try await registry.expireRequests(at: deadline.addingTimeInterval(offset)) == (isDue ? [id] : []))
    }

    @Test("decides no more on what is past its time, swept or not", arguments: [true, false], DatabaseDriver.available)
    func overdue(isSwept: Bool, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let deadline = TestRecords.now.addingTimeInterval(60)
        let id = try await registry.waiting(TestRecords.request(1, expiresAt: deadline))
        if isSwept { #expect(try await registry.expireRequests(at: deadline) == [id]) }
        let outcome = try await registry.approve(id, TestRecords.certificate(1), at: deadline)
        #expect(outcome == (isSwept ? .notWaiting : .expired))
        #expect(try await !registry.reject(id, reason: "no", by: "anna", at: deadline))
        #expect(try await registry.certificateCount() == 1)
        #expect(try await registry.approvals(of: id).isEmpty)
    }

    @Test("takes an expired request anew", arguments: DatabaseDriver.available, [true, false])
    func afterExpiry(_ driver: DatabaseDriver, isGranted: Bool) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let deadline = TestRecords.now.addingTimeInterval(60)
        let request = TestRecords.request(1, expiresAt: deadline)
        let old = try await registry.waiting(request)
        #expect(try await registry.expireRequests(at: deadline) == [old])
        var again = request
        again.expiresAt = nil
        let recording =
            isGranted
            ? try await registry.grant(again, TestRecords.certificate(1), at: deadline)
            : try await registry.pend(again, at: deadline)
        guard case .recorded(let id) = recording else {
            Issue.record("not recorded: \(recording)")
            return
        }
        #expect(id != old)
        #expect(try await registry.latestRequest(of: request.identity.transaction)?.id == id)
        #expect(try await registry.request(old)?.state == nil)
    }

    @Test(
        "takes an expired renewal anew, and still issues once for its signer and its PKCS#10",
        arguments: DatabaseDriver.available)
    func renewalAfterExpiry(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let old = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), old, at: TestRecords.now)
        let signer = try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
        let deadline = TestRecords.now.addingTimeInterval(60)
        var renewal = TestRecords.request(2, transactionID: "T", expiresAt: deadline)
        renewal.signerCertificate = signer?.id
        let first = try await registry.waiting(renewal)
        #expect(try await registry.expireRequests(at: deadline) == [first])
        let digest = renewal.identity.requestDigest
        #expect(try await registry.renewal(signedBy: #require(signer).id, requestDigest: digest) == nil)
        // Under another transactionID, in which the same PKCS#10 was an enrolment that has ended.
        var enrolment = TestRecords.request(2, transactionID: "U", expiresAt: deadline)
        enrolment.namesDigest = []
        let ended = try await registry.waiting(enrolment)
        renewal.identity.transaction.transactionID = "U"
        let new = TestRecords.certificate(2)
        #expect(try await registry.grant(renewal, new, at: deadline).isRecorded)
        #expect(try await registry.request(first)?.state == nil)
        #expect(try await registry.request(ended)?.state == nil)
        renewal.identity.transaction.transactionID = "V"
        let again = try await registry.grant(renewal, TestRecords.certificate(3), at: deadline)
        #expect(again.earlierState == .issued(certificate: new.encoded))
    }
}
