import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A root certificate")
struct RootAuthorityTests {
    static func root(_ algorithm: KeyAlgorithm, answersSCEP: Bool) throws -> (encoded: [UInt8], parsed: Certificate) {
        let encoded = try RootAuthority.make(
            name: "Example CA",
            key: TestIssuer.key(algorithm),
            answersSCEP: answersSCEP,
            serialNumber: [0x2a],
            now: TestIssuer.now
        )
        return (encoded, try Certificate(derEncoded: encoded))
    }

    @Test("signs itself", arguments: [KeyAlgorithm.rsa2048, .p256, .p384])
    func selfSigned(_ algorithm: KeyAlgorithm) throws {
        let root = try Self.root(algorithm, answersSCEP: false).parsed
        #expect(root.version == .v3)
        #expect(root.issuer == root.subject)
        #expect("\(root.subject)" == "CN=Example CA")
        #expect(root.publicKey.isValidSignature(root.signature, for: root))
        #expect(root.notValidBefore == TestIssuer.now.addingTimeInterval(-300))
        #expect(root.notValidAfter == TestIssuer.now.addingTimeInterval(3650 * 86_400))
    }

    @Test("is a CA's, and says so critically")
    func constraints() throws {
        let extensions = try Self.root(.p256, answersSCEP: false).parsed.extensions
        #expect(try extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        #expect(try extensions.subjectKeyIdentifier?.keyIdentifier.count == 20)
        #expect(
            try extensions.authorityKeyIdentifier?.keyIdentifier == extensions.subjectKeyIdentifier?.keyIdentifier
        )
    }

    @Test(
        "may encrypt only where the CA answers SCEP requests itself",
        arguments: [
            (false, KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true)),
            (true, KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true, cRLSign: true)),
        ]
    )
    func usage(answersSCEP: Bool, usage: KeyUsage) throws {
        let root = try Self.root(.rsa2048, answersSCEP: answersSCEP)
        #expect(try root.parsed.extensions.keyUsage == usage)
        #expect(root.parsed.extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        let issuer = try Issuer(certificate: root.encoded, key: TestKeys.certificateAuthority)
        #expect(try issuer.answersSCEP == answersSCEP)
    }

    @Test("of an elliptic curve never answers SCEP requests")
    func ellipticCurve() throws {
        let root = try Self.root(.p256, answersSCEP: true).encoded
        #expect(try !Issuer(certificate: root, key: TestIssuer.key(.p256)).answersSCEP)
    }

    @Test("is valid as long as it is told", arguments: [1, 365, 7300])
    func validity(days: Int) throws {
        let encoded = try RootAuthority.make(
            name: "Example CA",
            key: TestIssuer.key(.p256),
            answersSCEP: false,
            validityDays: days,
            serialNumber: [1],
            now: TestIssuer.now
        )
        let issuer = try Issuer(certificate: encoded, key: TestIssuer.key(.p256))
        #expect(issuer.notBefore == TestIssuer.now.addingTimeInterval(-300))
        #expect(issuer.notAfter == TestIssuer.now.addingTimeInterval(Double(days) * 86_400))
    }

    @Test("of an elliptic curve does not encipher keys (RFC 5480 §3)", arguments: [true, false])
    func ellipticCurveUsage(answersSCEP: Bool) throws {
        let usage = try Self.root(.p384, answersSCEP: answersSCEP).parsed.extensions.keyUsage
        #expect(usage == KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
    }

    @Test("may have the name of the one before it, and another key")
    func rollover() throws {
        let current = try Self.root(.rsa2048, answersSCEP: false)
        let next = try Self.root(.p256, answersSCEP: false)
        #expect(current.parsed.subject == next.parsed.subject)
        let issuer = try Issuer(certificate: next.encoded, key: TestIssuer.key(.p256))
        let issued = try issuer.issue(subject: TestName("d").encoded)
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(next.parsed.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(
            try certificate.extensions.authorityKeyIdentifier?.keyIdentifier
                == next.parsed.extensions.subjectKeyIdentifier?.keyIdentifier
        )
    }

    @Test("goes with its own key only")
    func foreignKey() throws {
        let root = try Self.root(.p256, answersSCEP: false).encoded
        let error = #expect(throws: CMSError.self) { try Issuer(certificate: root, key: TestKeys.certificateAuthority) }
        #expect(error?.code == .key)
    }

    @Test("is read only where it is one", arguments: [[], [0x30, 0x00], Array("-----BEGIN".utf8)] as [[UInt8]])
    func noCertificate(bytes: [UInt8]) {
        let error = #expect(throws: CMSError.self) { try Issuer(certificate: bytes, key: TestIssuer.key(.p256)) }
        #expect(error?.code == .malformed)
    }
}
