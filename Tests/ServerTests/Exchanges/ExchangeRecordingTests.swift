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

@Suite("What a device asks")
struct ExchangeRecordingTests {
    /// Sends a message to a profile and returns what is written down of it.
    static func send(
        _ message: [UInt8],
        to path: String = "/scep",
        _ live: LiveInstallation,
        _ client: any TestClientProtocol
    ) async throws -> NewExchange {
        _ = try await client.execute(
            uri: path + "?operation=PKIOperation", method: .post, body: ByteBuffer(bytes: message))
        return try await Self.latest(live)
    }

    static func latest(_ live: LiveInstallation) async throws -> NewExchange {
        await live.installation.exchanges.flush()
        return try #require(try await live.registry.exchanges(limit: 1).first).exchange
    }

    static func recipient(_ live: LiveInstallation) throws -> SignerCertificate {
        let authority = try #require(live.served.current.registrationAuthorities["default"])
        return try #require(authority.authority.registrationKeys.first).certificate
    }

    static func enrolment(_ live: LiveInstallation, name: String = "CN=pump-4") throws -> TestEnrolment {
        var enrolment = try TestEnrolment(name: name)
        enrolment.challenge = live.installation.secrets?.challenge
        return enrolment
    }

    @Test("is written down with who got what")
    func issued() async throws {
        try await LiveInstallation.serve { live, client in
            let enrolment = try Self.enrolment(live)
            let message = try enrolment.message(for: try Self.recipient(live))
            let exchange = try await Self.send(message, live, client)
            #expect(exchange.outcome == .issued)
            #expect(exchange.operation == .pkiOperation)
            #expect(exchange.messageType == "PKCSReq")
            #expect(exchange.profile == "default")
            #expect(exchange.transactionID == "4F2A")
            #expect(exchange.subject == "CN=pump-4")
            #expect([exchange.signature, exchange.digest, exchange.cipher] == ["RSA", "SHA-256", "AES-128"])
            #expect(exchange.request == 1)
            #expect(exchange.challenge != nil)
            #expect(exchange.serialNumber?.isEmpty == false)
            #expect(exchange.status == 200)
            #expect([exchange.cause, exchange.reason, exchange.failInfo] == [nil, nil, nil])
            let again = try await Self.send(message, live, client)
            #expect(again.outcome == .sent)
            #expect(again.request == 1)
        }
    }

    @Test("is written down with why it was refused, and no secret")
    func refused() async throws {
        try await LiveInstallation.serve { live, client in
            var enrolment = try Self.enrolment(live)
            enrolment.challenge = "Xyzzy-guess-17"
            let exchange = try await Self.send(
                try enrolment.message(for: try Self.recipient(live)), live, client)
            #expect(exchange.outcome == .refused)
            #expect(exchange.cause == RefusalCause.challengeWrong.rawValue)
            #expect(exchange.failInfo == "badRequest")
            #expect(exchange.subject == "CN=pump-4")
            #expect(exchange.reason?.contains("wrong challenge") == true)
            #expect(!"\(exchange)".contains("Xyzzy"))
        }
    }

    @Test("is written down with algorithms that are refused")
    func algorithms() async throws {
        try await LiveInstallation.serve { live, client in
            var enrolment = try Self.enrolment(live)
            (enrolment.digest, enrolment.cipher) = (.sha1, .des)
            let exchange = try await Self.send(
                try enrolment.message(for: try Self.recipient(live)), live, client)
            #expect(exchange.cause == RefusalCause.algorithm.rawValue)
            #expect(exchange.failInfo == "badAlg")
            #expect([exchange.signature, exchange.digest, exchange.cipher] == ["RSA", "SHA-1", "DES"])
        }
    }

    @Test("is written down where it only asks what there is")
    func information() async throws {
        try await LiveInstallation.serve { live, client in
            for operation in [ExchangeOperation.getCACaps, .getCACert] {
                _ = try await client.execute(uri: "/scep?operation=\(operation.rawValue)", method: .get)
                let exchange = try await Self.latest(live)
                #expect(exchange.operation == operation)
                #expect(exchange.outcome == .answered)
                #expect(exchange.profile == "default")
                #expect(exchange.messageType == nil)
            }
            _ = try await client.execute(uri: "/scep?operation=GetNextCACert", method: .get)
            let exchange = try await Self.latest(live)
            #expect(exchange.outcome == .refused)
            #expect(exchange.status == 404)
            #expect(exchange.cause == RefusalCause.noNextAuthority.rawValue)
        }
    }

    @Test("is one row a minute where it is no SCEP")
    func garbage() async throws {
        try await LiveInstallation.serve { live, client in
            for uri in ["/scep?operation=Nothing", "/scep/nowhere?operation=GetCACaps", "/scep?operation=PKIOperation"]
            {
                _ = try await client.execute(uri: uri, method: .get)
            }
            _ = try await client.execute(
                uri: "/scep?operation=PKIOperation", method: .post, body: ByteBuffer(string: "garbage"))
            await live.installation.exchanges.flush()
            let found = try await live.registry.exchanges(limit: 10).map(\.exchange)
            // A minute may have ended between them.
            #expect(found.count <= 2)
            #expect(found.map(\.occurrences).reduce(0, +) == 4)
            #expect(found.allSatisfy { $0.outcome == .malformed })
            #expect(found.last?.cause == RefusalCause.badOperation.rawValue)
            #expect(found.last?.status == 400)
        }
    }

    private static func enable(_ isEnabled: Bool, _ live: LiveInstallation) async throws {
        _ = try await live.administration.changeProfile(
            "default", authority: nil, challenge: .keep, by: "anna", at: Date()
        ) {
            $0.isEnabled = isEnabled
        }
        _ = try await live.served.refresh()
    }

    @Test("is refused with 503 where the profile is switched off, which needs no other profile to be well")
    func disabled() async throws {
        try await LiveInstallation.serve { live, client in
            try await Self.enable(false, live)
            let answer = try await client.execute(uri: "/scep?operation=GetCACaps", method: .get)
            #expect(answer.status == .serviceUnavailable)
            #expect(String(buffer: answer.body).contains("switched off"))
            let exchange = try await Self.latest(live)
            #expect(exchange.profile == "default" && exchange.outcome == .refused && exchange.status == 503)
            #expect(exchange.cause == RefusalCause.disabled.rawValue)
            let ready = try await client.execute(uri: "/health/ready", method: .get)
            #expect(ready.status == .ok)
            try await Self.enable(true, live)
            let again = try await client.execute(uri: "/scep?operation=GetCACaps", method: .get)
            #expect(again.status == .ok)
        }
    }
}
