import Foundation
import Testing

@testable import Registry

@Suite("A transaction", .freshDatabase)
struct TransactionTests {
    @Test("waits, is approved once, and is polled with its certificate", arguments: DatabaseDriver.available)
    func approval(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = TestRecords.request(1)
        #expect(try await registry.pend(request, at: TestRecords.now).isRecorded)
        #expect(try await registry.pend(request, at: TestRecords.now).earlierState == .pending)
        let waiting = try #require(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).first)
        #expect(waiting.request == request)
        #expect(waiting.state == .pending)
        let certificate = TestRecords.certificate(1)
        #expect(try await registry.approve(waiting.id, certificate) == .issued)
        #expect(try await registry.approve(waiting.id, TestRecords.certificate(2)) == .notWaiting)
        #expect(try await !registry.reject(waiting.id, reason: "no", by: "anna", at: TestRecords.now))
        let polled = try await registry.latestRequest(of: request.identity.transaction)
        #expect(polled?.state == .issued(certificate: certificate.encoded))
        #expect(polled?.decidedBy == "anna")
        #expect(
            try await registry.pend(request, at: TestRecords.now).earlierState
                == .issued(certificate: certificate.encoded)
        )
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).isEmpty)
    }

    @Test("is rejected with a reason, which a resend gets too", arguments: DatabaseDriver.available)
    func rejection(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = TestRecords.request(1)
        _ = try await registry.pend(request, at: TestRecords.now)
        let id = try #require(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).first).id
        #expect(try await registry.reject(id, reason: "unknown device", by: "anna", at: TestRecords.now))
        let record = try #require(try await registry.latestRequest(of: request.identity.transaction))
        #expect(record.state == .rejected(reason: "unknown device"))
        #expect(
            try await registry.grant(request, TestRecords.certificate(1), at: TestRecords.now).earlierState
                == .rejected(reason: "unknown device")
        )
    }

    @Test("replaces a request that waits or was rejected by another one", arguments: DatabaseDriver.available)
    func replacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let (first, second) = (TestRecords.request(1), TestRecords.request(2))
        _ = try await registry.pend(first, at: TestRecords.now)
        #expect(try await registry.pend(second, at: TestRecords.now.addingTimeInterval(1)).isRecorded)
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).map(\.request) == [second])
        #expect(try await registry.latestRequest(of: first.identity.transaction)?.request == second)
        // The first one comes again, in the place of the second.
        #expect(try await registry.pend(first, at: TestRecords.now.addingTimeInterval(2)).isRecorded)
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).map(\.request) == [first])
        #expect(try await registry.requests(limit: 10).map(\.state) == [.pending, nil, nil])
    }

    @Test("that was granted is not replaced by a later request in it", arguments: DatabaseDriver.available)
    func afterSuccess(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let (first, second) = (TestRecords.request(1), TestRecords.request(2))
        _ = try await registry.grant(first, TestRecords.certificate(1), at: TestRecords.now)
        #expect(try await registry.grant(second, TestRecords.certificate(2), at: TestRecords.now).isRecorded)
        #expect(
            try await registry.grant(first, TestRecords.certificate(3), at: TestRecords.now).earlierState
                == .issued(certificate: TestRecords.certificate(1).encoded)
        )
    }

    @Test("is found only with its key, its ID and its profile", arguments: DatabaseDriver.available)
    func identity(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = TestRecords.request(1)
        _ = try await registry.pend(request, at: TestRecords.now)
        for change: (inout TransactionIdentity) -> Void in [
            { $0.profile = "other" }, { $0.transactionID = "other" }, { $0.keyDigest = TestRecords.bytes(2) },
        ] {
            var other = request.identity.transaction
            change(&other)
            #expect(try await registry.latestRequest(of: other) == nil)
        }
        #expect(try await registry.knows(transactionID: "transaction", profile: TestRecords.profile))
        #expect(try await !registry.knows(transactionID: "transaction", profile: "other"))
    }

    @Test("of a renewal issues once for a signer and a request, under any ID", arguments: DatabaseDriver.available)
    func renewal(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let old = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), old, at: TestRecords.now)
        let signer = try #require(
            try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
        ).id
        var renewal = TestRecords.request(2, transactionID: "first")
        renewal.signerCertificate = signer
        let new = TestRecords.certificate(2)
        #expect(try await registry.grant(renewal, new, superseding: signer, at: TestRecords.now).isRecorded)
        var again = TestRecords.request(2, transactionID: "second")
        again.signerCertificate = signer
        again.identity.transaction.keyDigest = TestRecords.bytes(77)
        #expect(
            try await registry.grant(again, TestRecords.certificate(3), at: TestRecords.now).earlierState
                == .issued(certificate: new.encoded)
        )
        #expect(
            try await registry.renewal(signedBy: signer, requestDigest: renewal.identity.requestDigest)
                == .issued(certificate: new.encoded)
        )
        #expect(try await registry.renewal(signedBy: signer, requestDigest: [1]) == nil)
        let stored = try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
        #expect(stored?.revocation == Revocation(date: TestRecords.now, reason: 4))
    }

    @Test("of a renewal refuses a signer that was revoked a moment before", arguments: DatabaseDriver.available)
    func revokedSigner(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let old = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), old, at: TestRecords.now)
        let signer = try #require(
            try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
        ).id
        try await registry.revoke(signer, reason: 1, at: TestRecords.now)
        var renewal = TestRecords.request(2)
        renewal.signerCertificate = signer
        #expect(
            try await registry.grant(renewal, TestRecords.certificate(2), at: TestRecords.now) == .signerRevoked
        )
        #expect(try await registry.count("request") == 1)
    }

    @Test(
        "gives a device that enrols again a new certificate once its old one has ended or is revoked",
        arguments: DatabaseDriver.available,
        [true, false]
    )
    func again(_ driver: DatabaseDriver, isRevoked: Bool) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let old = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), old, at: TestRecords.now)
        if isRevoked {
            let id = try #require(
                try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
            ).id
            try await registry.revoke(id, reason: 1, at: TestRecords.now)
        }
        let later = isRevoked ? TestRecords.now : old.notAfter
        let new = TestRecords.certificate(2)
        #expect(try await registry.grant(TestRecords.request(1), new, at: later).isRecorded)
        #expect(
            try await registry.grant(TestRecords.request(1), TestRecords.certificate(3), at: TestRecords.now)
                .earlierState == .issued(certificate: new.encoded)
        )
        // The earlier one is still known, but no answer any more.
        let states = try await registry.requests(limit: 10).map(\.state)
        #expect(states == [.issued(certificate: new.encoded), nil])
    }

    @Test(
        "of a renewal is not issued a second time in a transaction where its PKCS#10 was replaced before",
        arguments: DatabaseDriver.available)
    func renewalAfterReplacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let old = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), old, at: TestRecords.now)
        let signer = try #require(
            try await registry.certificate(serialNumber: old.serialNumber, authority: authority)
        ).id
        _ = try await registry.pend(TestRecords.request(2, transactionID: "T"), at: TestRecords.now)
        _ = try await registry.pend(TestRecords.request(3, transactionID: "T"), at: TestRecords.now)
        var elsewhere = TestRecords.request(2, transactionID: "U")
        elsewhere.signerCertificate = signer
        #expect(try await registry.grant(elsewhere, TestRecords.certificate(2), at: TestRecords.now).isRecorded)
        var renewal = TestRecords.request(2, transactionID: "T")
        renewal.signerCertificate = signer
        #expect(
            try await registry.grant(renewal, TestRecords.certificate(3), at: TestRecords.now).earlierState
                == .issued(certificate: TestRecords.certificate(2).encoded)
        )
    }
}
