import Testing

@testable import Registry

@Suite("A granted request", .freshDatabase)
struct GrantTests {
    @Test("is recorded with its certificate", arguments: DatabaseDriver.available)
    func isRecorded(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = TestRecords.request(1)
        #expect(try await registry.granted(request.identity) == nil)
        let certificate = TestRecords.certificate(1)
        #expect(try await registry.grant(request, certificate, at: TestRecords.now).isRecorded)
        #expect(try await registry.granted(request.identity) == certificate.encoded)
        let row = try await registry.database.read {
            try $0.query("SELECT subject, client_address, sealed_request FROM request", [])[0]
        }
        #expect(try row.text(0) == request.subject)
        #expect(try row.text(1) == request.clientAddress)
        #expect(try row.bytes(2) == request.sealedRequest)
    }

    @Test("gets the certificate that it got before", arguments: DatabaseDriver.available)
    func again(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = TestRecords.request(1)
        let first = TestRecords.certificate(1)
        _ = try await registry.grant(request, first, at: TestRecords.now)
        let earlier = try await registry.grant(
            request,
            TestRecords.certificate(2),
            at: TestRecords.now
        )
        #expect(earlier.earlierState == .issued(certificate: first.encoded))
        #expect(try await registry.count("request") == 1)
        #expect(try await registry.certificateCount() == 2)
    }

    static let others: [(String, @Sendable (inout RequestIdentity) -> Void)] = [
        ("transactionID", { $0.transaction.transactionID = "Transaction" }),
        ("key", { $0.transaction.keyDigest = TestRecords.bytes(2) }),
        ("request", { $0.requestDigest = TestRecords.bytes(9) }),
        ("profile", { $0.transaction.profile = "other" }),
    ]

    @Test("is another one with another part of its identity", arguments: DatabaseDriver.available, others.indices)
    func identity(_ driver: DatabaseDriver, other: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var request = TestRecords.request(1)
        _ = try await registry.grant(request, TestRecords.certificate(1), at: TestRecords.now)
        Self.others[other].1(&request.identity)
        #expect(try await registry.granted(request.identity) == nil, "\(Self.others[other].0)")
    }

    @Test("asked for by many at once gets one certificate, which all of them get", arguments: DatabaseDriver.available)
    func concurrently(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<64 {
                group.addTask {
                    let own = TestRecords.certificate(number)
                    let request = TestRecords.request(1)
                    let earlier = try await registry.grant(request, own, at: TestRecords.now)
                    guard case .earlier(.issued(let certificate), _) = earlier else { return own.encoded }
                    return certificate
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        #expect(try await registry.count("request") == 1)
        // the RA's and this one
        #expect(try await registry.certificateCount() == 2)
        #expect(try await registry.granted(TestRecords.request(1).identity) == answers.first)
    }

    @Test("never gets a serial number that its CA has used", arguments: DatabaseDriver.available)
    func serialNumber(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let certificate = TestRecords.certificate(1)
        _ = try await registry.grant(TestRecords.request(1), certificate, at: TestRecords.now)
        let error = await #expect(throws: RegistryError.self) {
            try await registry.grant(TestRecords.request(2), certificate, at: TestRecords.now)
        }
        guard case .failed = error else {
            Issue.record("not refused by the database: \(String(describing: error))")
            return
        }
        #expect(try await registry.granted(TestRecords.request(2).identity) == nil)
        #expect(try await registry.count("request") == 1)
    }

    @Test("of a CA that is not there is refused", arguments: DatabaseDriver.available)
    func foreignKeys(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        await #expect(throws: RegistryError.self) {
            try await registry.grant(
                TestRecords.request(1, authority: authority + 1),
                TestRecords.certificate(1),
                at: TestRecords.now
            )
        }
        #expect(try await registry.certificateCount() == 1)
    }
}
