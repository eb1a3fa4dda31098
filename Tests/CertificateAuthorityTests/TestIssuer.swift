import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import X509

@testable import CertificateAuthority

/// A CA with each kind of key, and the requests to it.
enum TestIssuer {
    static let now = TestAuthority.now
    static let name = "Test CA"

    private static let p256 = try? SoftwareKey.generate(.p256)
    private static let p384 = try? SoftwareKey.generate(.p384)

    /// A CA's key; one of each kind is shared.
    static func key(_ algorithm: KeyAlgorithm) -> SoftwareKey {
        switch algorithm {
        case .p256: self.p256 ?? TestKeys.certificateAuthority
        case .p384: self.p384 ?? TestKeys.certificateAuthority
        case .rsa2048, .rsa3072, .rsa4096: TestKeys.certificateAuthority
        }
    }

    /// A CA that was made some time before ``now``.
    static func make(_ algorithm: KeyAlgorithm = .p256, age: TimeInterval = 0) throws -> Issuer {
        let key = self.key(algorithm)
        let root = try RootAuthority.make(
            name: Self.name,
            key: key,
            answersSCEP: false,
            serialNumber: [1],
            now: Self.now.addingTimeInterval(-age)
        )
        return try Issuer(
            certificate: root,
            key: key,
            reservedKeys: [TestKeys.registrationAuthority.publicKey]
        )
    }
}

extension Issuer {
    /// Issues for the shared device's key.
    func issue(
        subject: [UInt8],
        extensions: [CertificateExtension] = [],
        template: CertificateTemplate = .default,
        validityDays: Int? = nil,
        serialNumber: [UInt8] = [0x11],
        at now: Date = TestIssuer.now
    ) throws -> IssuedCertificate {
        let key = try self.certifiable(TestKeys.device.publicKey, rsaBits: 2048...8192)
        let prepared = try self.prepare(
            RequestedCertificate(subject: subject, key: key, extensions: extensions),
            template: template,
            validityDays: validityDays,
            serialNumber: serialNumber,
            now: now
        )
        return try self.issue(prepared)
    }

    /// The kind of error that a request meets; nil where it is granted.
    func refusal(subject: [UInt8], extensions: [CertificateExtension] = []) throws -> IssuanceError.Code? {
        do {
            _ = try self.issue(subject: subject, extensions: extensions)
            return nil
        } catch let error as IssuanceError {
            return error.code
        }
    }
}

extension CertificateExtension {
    /// subjectAltName as a client asks for it.
    static func alternativeNames(_ names: [GeneralName], isCritical: Bool = false) throws -> CertificateExtension {
        CertificateExtension(
            .Extension.subjectAltName,
            isCritical: isCritical,
            value: try DERWriter.encode { try $0.serializeSequenceOf(names) }
        )
    }
}
