import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP
import TestSupport

/// The CA that follows the test's one, with its RA.
struct NextAuthority {
    static let name = "Test CA G2"
    static let id: Int64 = 2

    let caCertificate: SignerCertificate
    let raCertificate: SignerCertificate
}

extension TestAuthority {
    /// Records the next CA.
    ///
    /// - Parameter switchAt: When the profiles change over to it.
    /// - Returns: Its certificates.
    /// - Throws: What a key or the registry throws.
    @discardableResult
    func addNextAuthority(switchAt: Date) async throws -> NextAuthority {
        let start = Date().addingTimeInterval(-3600)
        let key = try SoftwareKey.generate(.p256)
        let certificate = try RootAuthority.make(
            name: NextAuthority.name,
            key: key,
            answersSCEP: false,
            serialNumber: [3],
            now: start
        )
        let registration = try Issuer(certificate: certificate, key: key).issueOwn(
            name: NextAuthority.name + " RA",
            key: TestKeys.nextRegistrationAuthority,
            template: .registrationAuthority,
            serialNumber: [4],
            now: start
        )
        _ = try await self.registry.insert(
            NewAuthority(
                name: NextAuthority.name,
                certificate: certificate,
                sealedKey: try MasterKey.test.seal(key.pkcs8, for: SealPurpose.authority(NextAuthority.name))
            ),
            serviceKeys: [try Self.registrationKey(registration, TestKeys.nextRegistrationAuthority)],
            following: 1,
            switchAt: switchAt,
            answers: try self.answers(certificate: certificate, registration: registration.encoded),
            at: start
        )
        return NextAuthority(
            caCertificate: try SignerCertificate(encoded: certificate),
            raCertificate: try SignerCertificate(encoded: registration.encoded)
        )
    }

    /// What GetNextCACert answers, signed by today's CA and RA.
    private func answers(certificate: [UInt8], registration: [UInt8]) throws -> RolloverAnswers {
        let authority: (SignerCertificate, any MessageSigningKey) =
            (self.caCertificate, TestKeys.certificateAuthority)
        return RolloverAnswers(
            withRA: try NextCACertificates.signed(
                [registration, certificate],
                by: [authority, (self.raCertificate, TestKeys.registrationAuthority)]
            ),
            alone: try NextCACertificates.signed([certificate], by: [authority])
        )
    }

    /// Records a newer certificate and key of the test's RA.
    @discardableResult
    func renewRegistrationKey(
        template: CertificateTemplate = .registrationAuthority
    ) async throws -> SignerCertificate {
        let registration = try self.issuer.issueOwn(
            name: "Test RA",
            key: TestKeys.nextRegistrationAuthority,
            template: template,
            serialNumber: [5],
            now: Date().addingTimeInterval(-60)
        )
        let (key, certificate) = try Self.registrationKey(registration, TestKeys.nextRegistrationAuthority)
        try await self.registry.insert(key, certificate: certificate, authority: 1, at: Date())
        return try SignerCertificate(encoded: registration.encoded)
    }

    private static func registrationKey(
        _ certificate: IssuedCertificate,
        _ key: SoftwareKey
    ) throws -> (key: ServiceKey, certificate: NewCertificate) {
        let purpose = ServiceKey.Purpose.registrationAuthority
        return (
            ServiceKey(
                purpose: purpose,
                certificate: certificate.encoded,
                sealedKey: try MasterKey.test.seal(key.pkcs8, for: SealPurpose.service(purpose.rawValue)),
                notAfter: certificate.notAfter
            ),
            NewCertificate(
                serialNumber: certificate.serialNumber,
                profile: nil,
                subject: "CN=Test RA",
                notBefore: certificate.notBefore,
                notAfter: certificate.notAfter,
                encoded: certificate.encoded
            )
        )
    }
}
