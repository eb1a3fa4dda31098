import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Registry
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// The client against this project's own registration authority, over a real socket.
@Suite struct RealServerTests {
    /// Runs a test against a server; its clock stands still at the test authority's time.
    static func serving(
        mode: ProfileSettings.Mode = .registrationAuthority,
        capabilities: [Capability] = [.aes, .postPKIOperation, .sha256, .sha512, .scepStandard],
        _ body: @escaping @Sendable (TestAuthority, String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let authority = try await TestAuthority(directory: directory, mode: mode)
            let router = Router()
            for method in [HTTPRequest.Method.get, .post] {
                router.on("scep", method: method) { request, _ in
                    let body = try await request.body.collect(upTo: 1 << 20)
                    let operation = try SCEP.Operation(
                        query: request.uri.query ?? "",
                        body: method == .post ? Array(body.readableBytesView) : nil
                    )
                    let answer: [UInt8] =
                        switch operation {
                        case .getCACaps: Array(capabilities.text.utf8)
                        case .getCACert: authority.caCertificates.encoded()
                        case .getNextCACert: []
                        case .pkiOperation(let message): try await authority.answer(message).answer
                        }
                    return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: answer)))
                }
            }
            try await Application(router: router, logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
                .test(.live) { client in
                    guard let port = client.port else { return }
                    try await body(authority, "http://127.0.0.1:\(port)/scep")
                }
            try? authority.registry.close()
        }
    }

    static func client(_ authority: TestAuthority, _ url: String) throws -> SCEPClient {
        var configuration = ClientConfiguration(
            trust: .fingerprint(Fingerprint(of: authority.caCertificate.encoded))
        )
        // A machine with all tests at work may take its time.
        configuration.timeout = .seconds(600)
        return try SCEPClient(
            url: url,
            configuration: configuration,
            transport: HTTPTransport(),
            now: { TestAuthority.now },
            sleep: { _ in }
        )
    }

    @Test(arguments: [ProfileSettings.Mode.registrationAuthority, .certificateAuthority])
    func `an enrolment, and the same again after the answer was lost`(mode: ProfileSettings.Mode) async throws {
        try await Self.serving(mode: mode) { authority, url in
            let client = try Self.client(authority, url)
            let request = try Device.request(challenge: TestAuthority.challenge)
            let outcome = try await client.enroll(request)
            guard case .issued(let certificate, _) = outcome else {
                Issue.record("it should be issued")
                return
            }
            #expect(certificate.certificate.publicKey.isSameKey(as: TestKeys.device.publicKey))
            #expect(NameText.text(certificate.certificate.subject) == "C=DE, CN=device.example")
            guard case .issued(let same, _) = try await Self.client(authority, url).enroll(request) else {
                Issue.record("it should be issued again")
                return
            }
            #expect(same == certificate)
        }
    }

    @Test func `by GET where POST is not offered`() async throws {
        try await Self.serving(capabilities: [.aes, .sha256]) { authority, url in
            let client = try Self.client(authority, url)
            let outcome = try await client.enroll(try Device.request(challenge: TestAuthority.challenge))
            guard case .issued = outcome else {
                Issue.record("it should be issued")
                return
            }
        }
    }

    @Test func `a wrong challenge is a refusal`() async throws {
        try await Self.serving { authority, url in
            let client = try Self.client(authority, url)
            let request = try Device.request(challenge: "wrong")
            let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
            #expect(error?.code == .refused)
            #expect(error?.failInfo == .badRequest)
        }
    }
}

extension TestAuthority {
    /// What GetCACert answers.
    var caCertificates: CACertificates {
        self.raCertificate == self.caCertificate
            ? .authority(self.caCertificate.encoded)
            : .chain([self.raCertificate.encoded, self.caCertificate.encoded])
    }
}
