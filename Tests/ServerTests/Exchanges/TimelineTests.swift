import AdministrationAPI
import CryptographicMessageSyntax
import Foundation
import Hummingbird
import HummingbirdTesting
import Registry
import SCEP
import TestSupport
import Testing

@testable import Enrollment
@testable import Server

@Suite("The timeline of a request")
struct TimelineTests {
    private static func titles(_ timeline: JSONValue) -> [String] {
        (timeline["items"]?.array ?? []).map { $0.text(of: "title") }
    }

    @Test("has everything from the first question to the revocation, in the order of time")
    func whole() async throws {
        try await APIServer.run { server in
            let live = server.live
            _ = try await server.done(.patch, "/profiles/default", by: server.root, ["approval": "manual"])
            for operation in ["GetCACaps", "GetCACert"] {
                _ = try await server.client.execute(uri: "/scep?operation=\(operation)", method: .get)
            }
            var enrolment = try ExchangeRecordingTests.enrolment(live)
            let recipient = try ExchangeRecordingTests.recipient(live)
            let secret = enrolment.challenge
            enrolment.challenge = "wrong"
            _ = try await ExchangeRecordingTests.send(try enrolment.message(for: recipient), live, server.client)
            // As most clients do, which take another transactionID for another attempt.
            enrolment.transactionID = "ANOTHER"
            enrolment.challenge = secret
            let message = try enrolment.message(for: recipient)
            #expect(try await ExchangeRecordingTests.send(message, live, server.client).outcome == .pending)
            let approved = try await server.done(.post, "/requests/1/approve", by: server.root, [:])
            let serial = try #require(approved.json["serialNumber"]?.text)
            #expect(try await ExchangeRecordingTests.send(message, live, server.client).outcome == .sent)
            _ = try await server.done(
                .post, "/certificates/\(serial)/revoke", by: server.root, ["reason": "keyCompromise"])

            let timeline = try await server.done(.get, "/requests/1/timeline", by: server.root).json
            #expect(
                Self.titles(timeline) == [
                    "GetCACaps", "GetCACert", "PKCSReq: FAILURE, badRequest", "PKCSReq: PENDING",
                    "The request waits for approval", "root approved, and the certificate was issued",
                    "PKCSReq: SUCCESS, the certificate was sent", "root revoked the certificate",
                ])
            let items = timeline["items"]?.array ?? []
            let dates = items.compactMap { $0["at"]?.text.flatMap(APIDate.date) }
            #expect(dates == dates.sorted())
            let failure = try #require(items.first { $0["outcome"] == "refused" })
            #expect(failure["cause"]?.text?.hasPrefix("Wrong challenge:") == true)
            #expect(failure["cure"]?.text?.isEmpty == false)
            #expect(failure["algorithms"]?["cipher"] == "AES-128")
            #expect(!"\(timeline)".contains(secret ?? "-"))

            // Who may not see certificates sees nothing of what was decided on one.
            let token = try await server.token(of: "root", [.readRequests])
            let other = try await server.done(.get, "/requests/1/timeline", by: token).json
            #expect(Self.titles(other) == Self.titles(timeline).dropLast())
        }
    }

    @Test("has nothing of another device that uses the same transactionID, nor what came long before")
    func others() async throws {
        try await APIServer.run { server in
            let live = server.live
            let recipient = try ExchangeRecordingTests.recipient(live)
            var old = NewExchange(.getCACaps, .answered, from: "unknown", at: Date().addingTimeInterval(-700))
            old.profile = "default"
            var elsewhere = old
            (elsewhere.date, elsewhere.clientAddress) = (Date(), "192.0.2.99")
            try await live.registry.record([old, elsewhere])
            let first = try ExchangeRecordingTests.enrolment(live)
            _ = try await ExchangeRecordingTests.send(try first.message(for: recipient), live, server.client)
            var second = try TestEnrolment(name: "CN=other", key: TestKeys.otherDevice)
            second.challenge = first.challenge
            _ = try await ExchangeRecordingTests.send(try second.message(for: recipient), live, server.client)
            for id in [1, 2] {
                let timeline = try await server.done(.get, "/requests/\(id)/timeline", by: server.root).json
                #expect(
                    Self.titles(timeline) == [
                        "PKCSReq: SUCCESS, a certificate was issued", "The certificate was issued",
                    ])
            }
            let missing = try await server.send(.get, "/requests/99/timeline", by: server.root)
            #expect(missing.status == .notFound)
        }
    }

    @Test("says that a device still sends the static challenge of before")
    func changedChallenge() async throws {
        try await APIServer.run { server in
            let live = server.live
            let enrolment = try ExchangeRecordingTests.enrolment(live)
            let message = try enrolment.message(for: try ExchangeRecordingTests.recipient(live))
            _ = try await server.done(.put, "/profiles/default/challenge", by: server.root, [:])
            _ = try await live.served.refresh()
            let exchange = try await ExchangeRecordingTests.send(message, live, server.client)
            #expect(exchange.cause == RefusalCause.challengeRevoked.rawValue)
            let list = try await server.done(.get, "/exchanges?outcome=refused", by: server.root).json
            let cause = list["items"]?.array?.first?["cause"]?.text
            #expect(cause?.contains("the profile default has changed its static challenge on") == true)
        }
    }
}

extension JSONValue {
    fileprivate func text(of name: String) -> String { self[name]?.text ?? "" }
}
