import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("An answer about revocation of which it is not known whether it still holds")
struct DoubtfulAnswerTests {
    static let now = TestInstallation.now
    static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    static func run(_ body: (OpenedInstallation) async throws -> Void) async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            try await body(installation)
        }
    }

    /// The RA's certificate, as an OCSP request names it.
    static func name(in installation: OpenedInstallation) throws -> CertificateStatuses.Key {
        let authority = try installation.defaultAuthority
        let registration = try #require(authority.registrationKeys.first).certificate
        return CertificateStatuses.Key(
            authority: authority.id,
            certificate: try CertID(
                serialNumber: registration.identifier.serialNumber, issuer: authority.statusIssuer)
        )
    }

    @Test("is not kept where the registry cannot be asked")
    func registryIsGone() async throws {
        try await Self.run { installation in
            let configuration = installation.configuration
            let publication = RevocationListPublication(configuration: configuration, logger: Self.quiet)
            try await publication.run(at: Self.now)
            let key = try Self.name(in: installation)
            let signer = try #require(configuration.current.authorities.statusSigners[key.authority]?.first)
            let response = try signer.response(
                [SingleResponse(certificate: key.certificate, status: .good, thisUpdate: Self.now, nextUpdate: nil)],
                nonce: nil,
                producedAt: Self.now
            )
            let answer = CertificateStatuses.Answer(
                response: response,
                signer: signer,
                thisUpdate: Self.now,
                nextUpdate: Self.now.addingTimeInterval(3600)
            )
            configuration.statuses.keep(answer, for: key, ofAge: configuration.statuses.age)
            #expect(configuration.statuses.answer(for: key, signedBy: signer, at: Self.now) != nil)
            try await publication.run(at: Self.now)
            #expect(configuration.statuses.answer(for: key, signedBy: signer, at: Self.now) != nil)
            try installation.registry.close()
            var isFailing = false
            do { try await publication.run(at: Self.now) } catch { isFailing = true }
            #expect(isFailing)
            #expect(configuration.statuses.answer(for: key, signedBy: signer, at: Self.now) == nil)
        }
    }

    @Test("keeps no next CRL from being made where the last one is damaged")
    func damagedList() async throws {
        try await Self.run { installation in
            let publication = RevocationListPublication(configuration: installation.configuration, logger: Self.quiet)
            try await publication.run(at: Self.now)
            let registry = installation.registry
            let key = try Self.name(in: installation)
            _ = try await registry.database.write { connection in
                try connection.execute("UPDATE crl SET encoded = $1", [.bytes([0x30, 0x01])])
            }
            let record = try #require(
                try await registry.certificate(
                    serialNumber: key.certificate.serialNumber, authority: key.authority))
            try await registry.revoke(record.id, reason: 1, at: Self.now)
            try await publication.run(at: Self.now)
            let list = try #require(try await registry.revocationList(authority: key.authority))
            #expect(list.number == 2)
            #expect(try RevocationListEntries(of: list.encoded).count == 1)
        }
    }
}
