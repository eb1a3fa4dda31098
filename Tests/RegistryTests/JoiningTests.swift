import Foundation
import Testing

@testable import Registry

@Suite("A request for the same under another transactionID", .freshDatabase)
struct JoiningTests {
    /// What authorizes both of them.
    enum Credential: CaseIterable { case none, staticChallenge, limitedChallenge }

    static func challenge(_ credential: Credential, in registry: Registry) async throws -> ChallengeUse? {
        switch credential {
        case .none: nil
        case .staticChallenge: try await registry.makeChallenge(1)
        case .limitedChallenge: try await registry.makeChallenge(1, uses: 1)
        }
    }

    @Test("joins the one that waits, which goes on as it was", arguments: DatabaseDriver.available, Credential.allCases)
    func joins(_ driver: DatabaseDriver, credential: Credential) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await Self.challenge(credential, in: registry)
        let deadline = TestRecords.now.addingTimeInterval(3600)
        let first = TestRecords.request(1, transactionID: "first", challenge: challenge, expiresAt: deadline)
        let id = try await registry.waiting(first)
        let approval = try await registry.approve(
            id, TestRecords.certificate(1), by: "anna", terms: "", needed: 2, at: TestRecords.now)
        #expect(approval == .recorded(have: 1))
        let counts = try await registry.counts()

        // The PKCS#10 is another one, for the same names.
        var second = TestRecords.request(
            2, transactionID: "second", names: 1, challenge: challenge, expiresAt: deadline.addingTimeInterval(60))
        second.clientAddress = "192.0.2.8"
        second.explanation = "address: holds"
        let later = TestRecords.now.addingTimeInterval(10)
        #expect(try await registry.pend(second, at: later) == .earlier(.pending, request: id))
        #expect(try await registry.counts() == counts)

        let record = try #require(try await registry.request(id))
        var expected = second
        expected.expiresAt = deadline
        #expect(record.request == expected)
        #expect(record.createdAt == TestRecords.now)
        #expect(record.state == .pending)
        #expect(try await registry.approvals(of: id).map(\.decider) == ["anna"])
        #expect(try await registry.latestRequest(of: second.identity.transaction)?.id == id)
        #expect(try await registry.latestRequest(of: first.identity.transaction) == nil)
        #expect(try await registry.pend(second, at: later) == .earlier(.pending, request: id))
        if let challenge, challenge.isLimited {
            #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        }
        let certificate = TestRecords.certificate(1)
        #expect(
            try await registry.approve(id, certificate, by: "bert", terms: "", needed: 2, at: later) == .issued
        )
        let polled = try await registry.latestRequest(of: second.identity.transaction)
        #expect(polled?.state == .issued(certificate: certificate.encoded))
    }

    static let differences: [(name: String, change: @Sendable (inout NewRequest) -> Void)] = [
        ("key", { $0.identity.transaction.keyDigest = TestRecords.bytes(2) }),
        ("names", { $0.namesDigest = TestRecords.bytes(2) }),
        ("names that are not known", { $0.namesDigest = [] }),
        ("profile", { $0.identity.transaction.profile = "other" }),
        ("challenge", { $0.challenge = nil }),
        ("certificate that signed", { $0.signerCertificate = 1 }),
    ]

    @Test("does not join where anything differs", arguments: DatabaseDriver.available, differences.indices)
    func differs(_ driver: DatabaseDriver, difference: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1)
        let id = try await registry.waiting(TestRecords.request(1, transactionID: "first", challenge: challenge))
        var other = TestRecords.request(1, transactionID: "second", challenge: challenge)
        Self.differences[difference].change(&other)
        if other.identity.transaction.profile == "other" { other.challenge = nil }
        let new = try await registry.waiting(other)
        #expect(new != id, "\(Self.differences[difference].name)")
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).map(\.id) == [new, id])
    }

    @Test("does not join where neither says which names it asks for", arguments: DatabaseDriver.available)
    func unknownNames(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var requests = (1...2).map { TestRecords.request($0, transactionID: "\($0)") }
        for index in requests.indices { requests[index].namesDigest = [] }
        let first = try await registry.waiting(requests[0])
        #expect(try await registry.waiting(requests[1]) != first)
    }

    @Test("replaces the one that waits for another CA", arguments: Credential.allCases, DatabaseDriver.available)
    func otherAuthority(credential: Credential, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let next = try #require(try await RolloverTests.next(after: authority, in: registry))
        let challenge = try await Self.challenge(credential, in: registry)
        let first = try await registry.waiting(TestRecords.request(1, transactionID: "first", challenge: challenge))
        let second = TestRecords.request(2, transactionID: "second", names: 1, authority: next, challenge: challenge)
        let id = try await registry.waiting(second)
        #expect(try await registry.requests(limit: 10).map(\.id) == [id, first])
        #expect(try await registry.request(first)?.state == nil)
        if let challenge, challenge.isLimited {
            #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        }
    }

    @Test("comes back to the first transactionID", arguments: DatabaseDriver.available)
    func thereAndBack(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let requests = ["first", "second"].map { TestRecords.request(1, transactionID: $0) }
        let id = try await registry.waiting(requests[0])
        for number in 1...5 {
            #expect(
                try await registry.pend(requests[number % 2], at: TestRecords.now) == .earlier(.pending, request: id))
            let latest = try await registry.latestRequest(of: requests[number % 2].identity.transaction)
            #expect(latest?.id == id)
        }
        #expect(try await registry.count("request") == 1)
        #expect(try await registry.knows(transactionID: "second", profile: TestRecords.profile))
        #expect(try await !registry.knows(transactionID: "first", profile: TestRecords.profile))
    }

    /// What a request with the joining one's identity has come to before.
    enum Earlier: CaseIterable { case replaced, expired, overdue, ended, revoked }

    @Test(
        "joins although its identity was a request's before that counts no more",
        arguments: DatabaseDriver.available,
        Earlier.allCases
    )
    func identityThatWasUsed(_ driver: DatabaseDriver, earlier: Earlier) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 2)
        let other = try await registry.makeChallenge(2, uses: 1)
        let later = TestRecords.certificate(1).notAfter
        var request = TestRecords.request(1, transactionID: "used", challenge: other)
        request.expiresAt = later
        var old: Int64
        switch earlier {
        case .replaced, .expired, .overdue:
            old = try await registry.waiting(request)
            if earlier == .replaced { _ = try await registry.waiting(TestRecords.request(5, transactionID: "used")) }
            if earlier == .expired { #expect(try await registry.expireRequests(at: later) == [old]) }
        case .ended, .revoked:
            let certificate = TestRecords.certificate(1)
            guard
                case .recorded(let id) = try await registry.grant(request, certificate, at: TestRecords.now)
            else {
                Issue.record("not granted")
                return
            }
            old = id
            if earlier == .revoked {
                let record = try await registry.certificate(
                    serialNumber: certificate.serialNumber, authority: authority)
                try await registry.revoke(#require(record).id, reason: 1, at: TestRecords.now)
            }
        }
        let waiting = try await registry.waiting(
            TestRecords.request(9, transactionID: "waits", names: 1, challenge: challenge))
        var again = request
        again.challenge = challenge
        let counts = try await registry.count("request")
        #expect(try await registry.pend(again, at: later) == .earlier(.pending, request: waiting))
        #expect(try await registry.count("request") == counts)
        #expect(try await registry.latestRequest(of: again.identity.transaction)?.id == waiting)
        // The old one is known by its number, with what it was.
        let record = try #require(try await registry.request(old))
        #expect(record.state == nil)
        #expect(record.request.identity == request.identity)
        #expect(record.request.sealedRequest == request.sealedRequest)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        let isUsed = earlier == .ended || earlier == .revoked
        #expect(try await registry.usage(of: other) == .init(uses: isUsed ? 1 : 0, reserved: 0))
        // And once more, with nothing but the one that waits.
        #expect(try await registry.pend(again, at: later) == .earlier(.pending, request: waiting))
        #expect(try await registry.approve(waiting, TestRecords.certificate(2), at: later) == .issued)
    }

    @Test(
        "replaces what its own transaction led to when it joins, and that is remembered",
        arguments: DatabaseDriver.available)
    func joinsAndReplaces(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let id = try await registry.waiting(TestRecords.request(1, transactionID: "first"))
        let other = try await registry.waiting(TestRecords.request(2, transactionID: "second", challenge: challenge))
        let joining = TestRecords.request(3, transactionID: "second", names: 1)
        #expect(try await registry.pend(joining, at: TestRecords.now) == .earlier(.pending, request: id))
        #expect(try await registry.request(other)?.state == nil)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 0))
        #expect(try await registry.events(request: id).map(\.detail) == ["", "in the place of request \(other)"])
    }

    @Test(
        "joins even when granted, where its challenge is reserved for the one that waits",
        arguments: DatabaseDriver.available)
    func grantJoins(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 5)
        let id = try await registry.waiting(TestRecords.request(1, transactionID: "first", challenge: challenge))
        let second = TestRecords.request(2, transactionID: "second", names: 1, challenge: challenge)
        let certificates = try await registry.certificateCount()
        #expect(
            try await registry.grant(second, TestRecords.certificate(2), at: TestRecords.now)
                == .earlier(.pending, request: id)
        )
        #expect(try await registry.certificateCount() == certificates)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        #expect(try await registry.latestRequest(of: second.identity.transaction)?.id == id)
    }

    @Test(
        "does not join when granted on other grounds", arguments: [Credential.none, .staticChallenge],
        DatabaseDriver.available)
    func grantDoesNotJoin(credential: Credential, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await Self.challenge(credential, in: registry)
        let id = try await registry.waiting(TestRecords.request(1, transactionID: "first", challenge: challenge))
        let second = TestRecords.request(2, transactionID: "second", names: 1, challenge: challenge)
        #expect(try await registry.grant(second, TestRecords.certificate(2), at: TestRecords.now).isRecorded)
        #expect(try await registry.request(id)?.state == .pending)
    }

    /// What has become of the certificate that the challenge was used for.
    enum Fate: CaseIterable { case valid, ended, revoked }

    @Test(
        "gets the certificate that its limited challenge was used for, as long as that is good",
        arguments: Fate.allCases,
        [true, false]
    )
    func issuedBefore(fate: Fate, isGranted: Bool) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let authority = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let first = TestRecords.request(1, transactionID: "first", challenge: challenge)
        let certificate = TestRecords.certificate(1)
        guard case .recorded(let id) = try await registry.grant(first, certificate, at: TestRecords.now) else {
            Issue.record("not granted")
            return
        }
        if fate == .revoked {
            let record = try await registry.certificate(serialNumber: certificate.serialNumber, authority: authority)
            try await registry.revoke(#require(record).id, reason: 1, at: TestRecords.now)
        }
        let now = fate == .ended ? certificate.notAfter : TestRecords.now
        let second = TestRecords.request(2, transactionID: "second", names: 1, challenge: challenge)
        let recording =
            isGranted
            ? try await registry.grant(second, TestRecords.certificate(2), at: now)
            : try await registry.pend(second, at: now)
        let expected: Recording =
            fate == .valid
            ? .earlier(.issued(certificate: certificate.encoded), request: id) : .challengeUnusable
        #expect(recording == expected)
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
        #expect(try await registry.count("request") == 1)
    }

    @Test("gets what an approval issued", arguments: DatabaseDriver.available)
    func approvedBefore(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 3)
        let id = try await registry.waiting(TestRecords.request(1, transactionID: "first", challenge: challenge))
        let certificate = TestRecords.certificate(1)
        #expect(try await registry.approve(id, certificate) == .issued)
        let second = TestRecords.request(2, transactionID: "second", names: 1, challenge: challenge)
        #expect(
            try await registry.grant(second, TestRecords.certificate(2), at: TestRecords.now)
                == .earlier(.issued(certificate: certificate.encoded), request: id)
        )
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
    }

    @Test("is a second use with another key or other names", arguments: [(2, 1), (1, 2)], DatabaseDriver.available)
    func secondUse(_ values: (Int, Int), on driver: DatabaseDriver) async throws {
        let (key, names) = values
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 2)
        let now = TestRecords.now
        let first = TestRecords.request(1, transactionID: "first", challenge: challenge)
        #expect(try await registry.grant(first, TestRecords.certificate(1), at: now).isRecorded)
        let second = TestRecords.request(2, transactionID: "second", key: key, names: names, challenge: challenge)
        #expect(try await registry.grant(second, TestRecords.certificate(2), at: now).isRecorded)
        #expect(try await registry.usage(of: challenge) == .init(uses: 2, reserved: 0))
    }

    @Test("waits anew where the one that waits has passed its time", arguments: DatabaseDriver.available)
    func overdue(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let deadline = TestRecords.now.addingTimeInterval(60)
        let first = TestRecords.request(1, transactionID: "first", challenge: challenge, expiresAt: deadline)
        let old = try await registry.waiting(first)
        let second = TestRecords.request(2, transactionID: "second", names: 1, challenge: challenge)
        let id = try await registry.waiting(second, at: deadline)
        #expect(try await registry.request(old)?.state == .expired)
        #expect(try await registry.request(id)?.state == .pending)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        #expect(try await registry.eventKinds() == [.pending, .expired, .pending])
    }
}
