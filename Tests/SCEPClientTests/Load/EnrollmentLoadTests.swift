import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import EnrollmentLoad
@testable import SCEPClient

/// Loads at a server without a network.
@Suite struct EnrollmentLoadTests {
    /// A server that answers as a test says, and otherwise issues what is asked for.
    private static func server(
        _ reply: @escaping @Sendable (Int) -> ScriptedServer.Reply? = { _ in nil }
    ) -> ScriptedServer {
        ScriptedServer { number, message in
            try reply(number) ?? .answer(.success(certificates: [Self.certificate(number, for: message)], crls: []))
        }
    }

    private static func certificate(_ number: Int, for message: ScriptedServer.Message) throws -> [UInt8] {
        try TestIdentity(
            "device.example",
            key: TestPKI.authority.key,
            publicKey: CertificationRequest(encoded: message.content).publicKey,
            issuer: TestPKI.authority,
            serialNumber: UInt8(number % 100 + 10)
        ).certificate.encoded
    }

    private static func plan(_ count: Int, _ change: (inout LoadPlan) -> Void = { _ in }) -> LoadPlan {
        var plan = LoadPlan()
        plan.extent = .count(count)
        plan.connections = 2
        plan.keys = .pool(2)
        plan.challenges = .same("correct horse")
        change(&plan)
        return plan
    }

    private static func run(
        _ plan: LoadPlan,
        at server: ScriptedServer,
        received: ReceivedFile? = nil,
        stop: LoadStop = LoadStop()
    ) async throws -> LoadReport {
        let negotiated = try await SCEPClient.scripted(server).negotiate()
        return try await EnrollmentLoad(
            plan, at: negotiated, over: server, received: received, stop: stop, now: { TestAuthority.now }
        ).run()
    }

    @Test func `each enrolment is its own, and the keys are used in turn`() async throws {
        let server = Self.server()
        let report = try await Self.run(Self.plan(9), at: server)
        #expect(report.issued == 9)
        #expect(report.failed == 0)
        #expect(report.milliseconds != nil)
        #expect(report.bytesSent > 9 * 1000)
        #expect(report.bytesReceived > 9 * 1000)
        let requests = try server.messages.map { try CertificationRequest(encoded: $0.content) }
        #expect(Set(requests.map { NameText.text($0.subject) }) == Set((1...9).map { "CN=load-\($0).example" }))
        #expect(Set(requests.map(\.publicKey.derEncoded)).count == 2)
        #expect(Set(server.messages.map(\.message.transactionID)).count == 9)
        #expect(Set(server.messages.map(\.message.senderNonce)).count == 9)
    }

    @Test func `a fresh key for each, and a challenge for each`() async throws {
        let server = Self.server()
        let lines = (1...5).map { "challenge-\($0)" }
        let challenges = try LoadChallenges(lines: lines.joined(separator: "\n"))
        let plan = Self.plan(5) {
            $0.keys = .fresh
            $0.challenges = challenges
        }
        let report = try await Self.run(plan, at: server)
        #expect(report.issued == 5)
        let requests = try server.messages.map { try CertificationRequest(encoded: $0.content) }
        #expect(Set(requests.map(\.publicKey.derEncoded)).count == 5)
        let used = try requests.map { String(decoding: try $0.challengePassword ?? [], as: UTF8.self) }
        #expect(used.sorted() == lines)
    }

    @Test(arguments: [ScriptedServer.Reply.status(503, retryAfter: 0), .error(.noAnswer), .error(.unreachable)])
    func `the same bytes are sent again until there is an answer`(reply: ScriptedServer.Reply) async throws {
        let server = Self.server { $0 < 3 ? reply : nil }
        let report = try await Self.run(
            Self.plan(2) {
                $0.connections = 1
                $0.retry = 60
            },
            at: server
        )
        #expect(report.issued == 2)
        #expect(report.failed == 0)
        #expect(report.resent.enrollments == 1)
        #expect(report.resent.messages == 3)
        #expect(report.resent.recovered == 1)
        #expect(server.messages.count == 5)
        #expect(Set(server.messages.prefix(4).map(\.encoded)).count == 1)
    }

    @Test func `a server that wants to be asked after the end is not asked again`() async throws {
        let server = Self.server { _ in .status(503, retryAfter: 3600) }
        let report = try await Self.run(Self.plan(1) { $0.retry = 60 }, at: server)
        #expect(report.failures.map(\.reason) == ["HTTP status 503"])
        #expect(server.messages.count == 1)
    }

    @Test func `failures are counted by reason, and the other enrolments go on`() async throws {
        let replies: [ScriptedServer.Reply] = [
            .status(503, retryAfter: nil), .error(.noAnswer), .answer(.failure(.badRequest, text: "no")),
            .answer(.failure(.badRequest, text: "no")), .bytes([0x30, 0]), .answer(.pending), .error(.unreachable),
        ]
        let server = Self.server { $0 < replies.count ? replies[$0] : nil }
        let report = try await Self.run(Self.plan(9), at: server)
        #expect(report.issued == 2)
        #expect(report.pending == 1)
        #expect(report.failed == 6)
        #expect(
            report.failures.map { "\($0.count) \($0.reason)" } == [
                "2 failInfo badRequest", "1 HTTP status 503", "1 answer not believed", "1 no answer", "1 no connection",
            ]
        )
    }

    @Test(arguments: [false, true])
    func `an answer by somebody else is believed only where nothing is verified`(trusts: Bool) async throws {
        let stranger = try Device.certificate()
        let server = Self.server { _ in
            .answerBy(TestPKI.stranger, .success(certificates: [stranger], crls: []), .sha256, .aes128)
        }
        let report = try await Self.run(Self.plan(3) { $0.trustsAnswers = trusts }, at: server)
        #expect(report.isVerified == !trusts)
        #expect(report.issued == (trusts ? 3 : 0))
        #expect(report.failures.map(\.reason) == (trusts ? [] : ["answer not believed"]))
    }

    @Test(arguments: [
        (CertRep.pending, "", 1), (.failure(.badTime, text: "late"), "failInfo badTime", 0),
    ])
    func `what is not verified is read all the same`(rep: CertRep, reason: String, pending: Int) async throws {
        let server = Self.server { _ in .answer(rep) }
        let report = try await Self.run(Self.plan(1) { $0.trustsAnswers = true }, at: server)
        #expect(report.pending == pending)
        #expect(report.failures.first?.reason ?? "" == reason)
    }

    @Test func `each certificate is noted, with the line of its challenge and without the challenge`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/received"
            let challenges = try LoadChallenges(lines: "\nred\n\ngreen\nblue")
            let plan = Self.plan(3) { $0.challenges = challenges }
            let server = Self.server { $0 == 1 ? .answer(.pending) : nil }
            _ = try await Self.run(plan, at: server, received: try ReceivedFile(path))
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(!text.contains("red") && !text.contains("green"))
            struct Line: Decodable {
                var transactionID: String
                var serialNumber: String
                var sha256: String
                var challengeLine: Int
                var time: Date
            }
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .custom { decoder in
                let text = try decoder.singleValueContainer().decode(String.self)
                return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            }
            let lines = try text.split(separator: "\n").map { try decoder.decode(Line.self, from: Data($0.utf8)) }
            #expect(lines.count == 2)
            #expect(Set(lines.map(\.challengeLine)).isSubset(of: [2, 4, 5]))
            for line in lines {
                let number = try server.messages.firstIndex {
                    $0.message.transactionID.description == line.transactionID
                }
                .unwrapped()
                let certificate = try Self.certificate(number, for: server.messages[number])
                #expect(line.serialNumber == String(number % 100 + 10, radix: 16).leftPadded)
                #expect(line.sha256.count == 64)
                #expect(try CertificateDetails(encoded: certificate).isIssued(by: TestPKI.authorityDetails))
            }
        }
    }

    @Test func `a file that cannot be written is an error before anything is sent`() {
        let error = #expect(throws: SCEPClientError.self) { try ReceivedFile("/nonexistent/received") }
        #expect(error?.code == .input)
    }

    @Test func `a load that is to be over begins nothing more`() async throws {
        let stop = LoadStop()
        let server = Self.server { number in
            if number == 2 { stop.ask() }
            return nil
        }
        let report = try await Self.run(Self.plan(50) { $0.connections = 1 }, at: server, stop: stop)
        #expect(report.isInterrupted)
        #expect(report.issued == 3)
        #expect(report.failed == 0)
    }

    @Test func `a rate is kept, and so is the end`() async throws {
        let start = ContinuousClock.now
        let server = Self.server()
        let report = try await Self.run(
            Self.plan(1) {
                $0.extent = .seconds(1)
                $0.rate = 10
            },
            at: server
        )
        #expect(report.issued == 10)
        #expect(ContinuousClock.now - start > .milliseconds(850))
    }

    @Test func `more messages than there is room for are made as others are taken`() async throws {
        let negotiated = try await SCEPClient.scripted(Self.server()).negotiate()
        let messages = try await LoadMessages(Self.plan(40), for: negotiated, now: { TestAuthority.now })
        let supply = MessageSupply(messages, total: 40, capacity: 4)
        try await supply.make(goesOn: false)
        #expect(await supply.readyCount == 4)
        async let making: Void = supply.make(goesOn: true)
        var transactions: Set<TransactionID> = []
        while let message = await supply.take() { transactions.insert(message.enrollment.transactionID) }
        try await making
        #expect(transactions.count == 40)
    }
}

extension String {
    /// With a zero in front where it is one digit.
    fileprivate var leftPadded: String { self.count == 1 ? "0" + self : self }
}

extension TestPKI {
    /// The CA's certificate, taken apart.
    fileprivate static var authorityDetails: CertificateDetails {
        get throws { try CertificateDetails(encoded: self.authority.certificate.encoded) }
    }
}
