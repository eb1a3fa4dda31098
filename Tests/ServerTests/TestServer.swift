import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import Registry
import SCEP
import SwiftASN1
import Synchronization
import TestSupport
import X509

@testable import Server

/// Keeps events instead of writing them.
struct CollectingLogHandler: LogHandler {
    /// What was logged: the message, and its values by name.
    final class Events: Sendable {
        private let events = Mutex<[(level: Logger.Level, message: String, values: [String: String])]>([])

        func append(_ level: Logger.Level, _ message: String, _ values: [String: String]) {
            self.events.withLock { $0.append((level, message, values)) }
        }

        var all: [(level: Logger.Level, message: String, values: [String: String])] { self.events.withLock { $0 } }

        /// Everything that was logged as one text, to look for what must not be in it.
        var text: String { self.all.map { "\($0.message) \($0.values)" }.joined(separator: "\n") }
    }

    let events: Events
    var logLevel: Logger.Level = .trace
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = self.metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        self.events.append(event.level, "\(event.message)", values)
    }

    static func logger(_ events: Events) -> Logger {
        Logger(label: "test") { _ in CollectingLogHandler(events: events) }
    }
}

/// The SCEP endpoint over a test authority, with a second profile named `routers`.
struct TestServer {
    let authority: TestAuthority
    let events: CollectingLogHandler.Events
    let client: any TestClientProtocol

    /// Runs a test against the endpoint.
    ///
    /// - Parameters:
    ///   - level: The profiles' algorithm level.
    ///   - mode: Who answers.
    ///   - setup: Without a socket, or `.live` with one.
    ///   - settings: The profiles' other settings.
    ///   - trustedProxies: Who is believed when it names a client.
    ///   - prepare: Adds to the registry before the server loads it.
    ///   - body: The test.
    /// - Throws: What the test throws.
    static func run(
        level: AlgorithmLevel = .compatible,
        mode: ProfileSettings.Mode = .registrationAuthority,
        over setup: TestingSetup = .router,
        settings: ProfileSettings = ProfileSettings(),
        trustedProxies: [AddressRange] = [],
        prepare: @Sendable (TestAuthority) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let authority = try await TestAuthority(
                directory: directory,
                level: level,
                mode: mode,
                // The endpoint looks at the real clock.
                now: Date().addingTimeInterval(-3600),
                settings: settings
            )
            try await authority.addRegistrationKey()
            try await authority.addProfile("routers")
            try await prepare(authority)
            let events = CollectingLogHandler.Events()
            let router = Router(context: UCMRequestContext.self)
            router.add(middleware: ClientAddressMiddleware(proxies: TrustedProxies(ranges: trustedProxies)))
            SCEPController(
                configuration: try await ServedConfiguration(authority.registry, masterKey: .test),
                logger: CollectingLogHandler.logger(events)
            ).addRoutes(to: router)
            defer { try? authority.registry.close() }
            try await Application(router: router, server: Self.http1, logger: .quiet).test(setup) { client in
                try await body(TestServer(authority: authority, events: events, client: client))
            }
        }
    }

    /// HTTP as the program serves it.
    static var http1: HTTPServerBuilder {
        .http1(configuration: .init(additionalChannelHandlers: [RequestDeadline()], idleTimeout: .seconds(60)))
    }

    func get(_ uri: String) async throws -> TestResponse {
        try await self.client.execute(uri: uri, method: .get)
    }

    func post(_ uri: String, _ body: [UInt8], type: String? = "application/x-pki-message") async throws -> TestResponse
    {
        try await self.client.execute(
            uri: uri,
            method: .post,
            headers: type.map { [.contentType: $0] } ?? [:],
            body: ByteBuffer(bytes: body)
        )
    }
}

extension TestAuthority {
    /// Records the RA's key, so that a server finds it.
    func addRegistrationKey() async throws {
        guard self.raCertificate != self.caCertificate else { return }
        let certificate = try Certificate(derEncoded: self.raCertificate.encoded)
        let purpose = ServiceKey.Purpose.registrationAuthority
        try await self.registry.insert(
            ServiceKey(
                purpose: purpose,
                certificate: self.raCertificate.encoded,
                sealedKey: try MasterKey.test.seal(
                    TestKeys.registrationAuthority.pkcs8,
                    for: SealPurpose.service(purpose.rawValue)
                ),
                notAfter: certificate.notValidAfter
            ),
            certificate: NewCertificate(
                serialNumber: self.raCertificate.identifier.serialNumber,
                profile: nil,
                subject: "CN=Test RA",
                notBefore: certificate.notValidBefore,
                notAfter: certificate.notValidAfter,
                encoded: self.raCertificate.encoded
            ),
            authority: 1,
            at: Self.now
        )
    }

    /// Records a profile like the default one, of the same CA unless a test wants another.
    func addProfile(
        _ name: String,
        authority: Int64 = 1,
        configure: (inout ProfileSettings) -> Void = { _ in }
    ) async throws {
        guard var profile = try await self.registry.profiles().first else { return }
        var settings = try ProfileSettings(json: profile.settings)
        configure(&settings)
        profile.name = name
        profile.authority = authority
        profile.settings = try settings.json()
        let digest = MasterKey.test.digest(ofChallenge: Array(Self.challenge.utf8), profile: name)
        let challenge = NewChallenge(profile: name, digest: digest, label: "")
        _ = try await self.registry.insert(profile, challenges: [challenge], by: "test", at: Self.now)
    }
}

extension Logger {
    /// Says nothing.
    static var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }
}

extension TestResponse {
    var bytes: [UInt8] { Array(self.body.readableBytesView) }
    var text: String { String(buffer: self.body) }
    var contentType: String? { self.headers[.contentType] }
}
