import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import Registry
@testable import Server

/// An installation as a server has it, and an administrator at work on it.
struct LiveInstallation: Sendable {
    let test: TestInstallation
    let installation: OpenedInstallation
    let administration: Administration
    let events: CollectingLogHandler.Events
    /// When it was made.
    let now: Date

    /// Runs a test with a new installation.
    static func run(
        _ flags: [String: String] = [:],
        at now: Date = TestInstallation.now,
        _ body: (LiveInstallation) async throws -> Void
    ) async throws {
        try await TestInstallation.run { test in
            let events = CollectingLogHandler.Events()
            let installation = try await test.open(flags, logger: CollectingLogHandler.logger(events), at: now)
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration(flags))
            defer { try? administration.close() }
            let live = LiveInstallation(
                test: test,
                installation: installation,
                administration: administration,
                events: events,
                now: now
            )
            try await body(live)
        }
    }

    /// Runs a test over HTTP, without a socket; the controllers look at the real clock.
    static func serve(
        _ body: @escaping @Sendable (LiveInstallation, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await Self.run(at: Date()) { live in
            let router = live.installation.router(logger: CollectingLogHandler.logger(live.events))
            try await Application(router: router, logger: .quiet).test(.router) { client in
                try await body(live, client)
            }
        }
    }

    var registry: Registry { self.installation.registry }
    var served: ServedConfiguration { self.installation.configuration }

    /// Some days after ``now``.
    func day(_ days: Double) -> Date { self.now.addingTimeInterval(days * 86_400) }

    /// What the server does every second for CRLs, and for the answers that it keeps.
    func publish(at date: Date? = nil) async throws {
        try await RevocationListPublication(
            configuration: self.served,
            logger: CollectingLogHandler.logger(self.events)
        ).run(at: date ?? self.now)
    }

    /// What the server does now and then for the certificates of RAs and OCSP signers.
    func renewKeys(at date: Date) async throws {
        try await ServiceKeyRenewal(configuration: self.served, logger: CollectingLogHandler.logger(self.events))
            .run(at: date)
    }

    /// Makes a CA with a key on P-256, and lets the server know.
    @discardableResult
    func create(
        _ name: String,
        under parent: String? = nil,
        _ change: (inout AuthorityOrder) -> Void = { _ in }
    ) async throws -> IssuingAuthority {
        var order = AuthorityOrder(name: name)
        order.key = .p256
        order.parent = parent
        change(&order)
        try await self.administration.createAuthority(order, by: "anna", at: self.now)
        _ = try await self.served.refresh()
        return try self.authority(name)
    }

    /// A CA as the server has it.
    func authority(_ name: String = "UCM CA") throws -> IssuingAuthority {
        try #require(self.served.current.authorities.named(name)).authority
    }

    /// Issues a certificate with a key that is made here.
    func issue(
        _ subject: String = "CN=pump",
        by authority: String? = nil,
        at date: Date? = nil,
        _ change: (inout CertificateOrder) -> Void = { _ in }
    ) async throws -> HandedCertificate {
        var order = CertificateOrder(key: .generated(.p256))
        order.subject = subject
        order.authority = authority
        change(&order)
        return try await self.administration.issue(order, by: "anna", at: date ?? self.now)
    }

    /// Revokes a certificate.
    func revoke(
        _ certificate: HandedCertificate,
        _ reason: RevocationReason = .keyCompromise,
        at date: Date? = nil
    ) async throws {
        let results = try await self.administration.revoke(
            [certificate.serialNumber],
            for: RevocationRequest(reason: reason),
            by: "anna",
            at: date ?? self.now
        )
        #expect(results.map(\.obstacle) == [nil])
    }

    /// Takes a hold back.
    func release(_ certificate: HandedCertificate, at date: Date? = nil) async throws {
        let results = try await self.administration.release(
            [certificate.serialNumber],
            note: "",
            by: "anna",
            at: date ?? self.now
        )
        #expect(results.map(\.obstacle) == [nil])
    }

    /// A CA's CRL as it is in the registry.
    func list(of authority: String = "UCM CA") async throws -> RevocationListRecord {
        try #require(try await self.registry.revocationList(authority: try self.authority(authority).id))
    }

    /// Puts a certificate on hold whose serial number no CRL can have, so that none can be made.
    ///
    /// - Returns: The certificate's number, by which it is released again.
    func blockRevocationList(of authority: String = "UCM CA") async throws -> Int64 {
        let certificate = NewCertificate(
            serialNumber: [UInt8](repeating: 1, count: 65),
            profile: nil,
            subject: "CN=too long",
            notBefore: self.now,
            notAfter: self.now.addingTimeInterval(86_400),
            encoded: [0]
        )
        let event = NewEvent(.certificateIssued, by: "anna")
        let id = try await self.registry.insert(
            certificate, authority: try self.authority(authority).id, event: event, at: self.now)
        try await self.registry.revoke(id, reason: 6, at: self.now)
        return id
    }
}

/// The sentence with which something is refused; a failure where it is not.
///
/// Not to be called inside `#require` or `#expect`, as ``startupError(_:)``.
func refusal<T>(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> T
) async -> String {
    do {
        _ = try await body()
        Issue.record("nothing is wrong with it", sourceLocation: sourceLocation)
        return ""
    } catch {
        return "\(error)"
    }
}

extension HandedCertificate {
    /// How OCSP names it.
    func certID(by algorithm: DigestAlgorithm = .sha1) throws -> CertID {
        let issuer = try SignerCertificate(encoded: try #require(self.chain.first))
        return try CertID(
            serialNumber: try SignerCertificate(encoded: self.certificate).identifier.serialNumber,
            issuer: CertIDIssuer(subject: issuer.subject, publicKey: issuer.publicKey),
            hashAlgorithm: algorithm
        )
    }

    /// The content octets of its serial number.
    var serialOctets: [UInt8] {
        get throws { try SignerCertificate(encoded: self.certificate).identifier.serialNumber }
    }
}
