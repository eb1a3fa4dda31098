import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A certificate by the default template")
struct DefaultTemplateTests {
    let subject: [UInt8]

    init() throws {
        self.subject = try TestClient.encoded("CN=device.example")
    }

    @Test("is version 3 and verifies under the CA", arguments: [KeyAlgorithm.rsa2048, .p256, .p384])
    func isSigned(by algorithm: KeyAlgorithm) throws {
        let issuer = try TestIssuer.make(algorithm)
        let issued = try issuer.issue(subject: self.subject)
        let certificate = try Certificate(derEncoded: issued.encoded)
        let authority = try Certificate(derEncoded: issuer.certificate.encoded)
        #expect(certificate.version == .v3)
        #expect(certificate.issuer == authority.subject)
        #expect(authority.publicKey.isValidSignature(certificate.signature, for: certificate))
        let expected: Certificate.SignatureAlgorithm =
            switch algorithm {
            case .p256: .ecdsaWithSHA256
            case .p384: .ecdsaWithSHA384
            default: .sha256WithRSAEncryption
            }
        #expect(certificate.signatureAlgorithm == expected)
    }

    @Test("does not verify once a byte of it has changed")
    func isBoundToItsSignature() throws {
        let issuer = try TestIssuer.make()
        var encoded = try issuer.issue(subject: self.subject, serialNumber: [0x11, 0x22, 0x33, 0x44]).encoded
        let serial = try #require(encoded.firstRange(of: [0x02, 0x04, 0x11, 0x22, 0x33, 0x44] as [UInt8]))
        encoded[serial.upperBound - 1] ^= 1
        let certificate = try Certificate(derEncoded: encoded)
        let authority = try Certificate(derEncoded: issuer.certificate.encoded)
        #expect(!authority.publicKey.isValidSignature(certificate.signature, for: certificate))
    }

    @Test("has critical keyUsage and clientAuth")
    func usages() throws {
        let issued = try TestIssuer.make().issue(subject: self.subject)
        let extensions = try Certificate(derEncoded: issued.encoded).extensions
        #expect(try extensions.keyUsage == KeyUsage(digitalSignature: true, keyEncipherment: true))
        #expect(extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        let purposes = try #require(try extensions.extendedKeyUsage)
        #expect(Array(purposes) == [.clientAuth])
        #expect(extensions[oid: .X509ExtensionID.extendedKeyUsage]?.critical == false)
        #expect(try extensions.basicConstraints == nil)
    }

    @Test("names its own key and the CA's", arguments: [KeyAlgorithm.rsa2048, .p256])
    func keyIdentifiers(_ algorithm: KeyAlgorithm) throws {
        let issuer = try TestIssuer.make(algorithm)
        let issued = try issuer.issue(subject: self.subject)
        let extensions = try Certificate(derEncoded: issued.encoded).extensions
        let authority = try Certificate(derEncoded: issuer.certificate.encoded).extensions
        let own = try #require(try extensions.subjectKeyIdentifier?.keyIdentifier)
        let authorityOwn = try #require(try authority.subjectKeyIdentifier?.keyIdentifier)
        #expect(try extensions.authorityKeyIdentifier?.keyIdentifier == authorityOwn)
        #expect(own.count == 20)
        #expect(own != authorityOwn)
        #expect(extensions[oid: .X509ExtensionID.subjectKeyIdentifier]?.critical == false)
        #expect(extensions[oid: .X509ExtensionID.authorityKeyIdentifier]?.critical == false)
    }

    @Test("carries the key that was asked for, and the serial number it was given")
    func keyAndSerialNumber() throws {
        let issued = try TestIssuer.make().issue(subject: self.subject, serialNumber: [0x00, 0x80, 0x01])
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(try SignerCertificate(encoded: issued.encoded).publicKey == TestKeys.device.publicKey)
        #expect(Array(certificate.serialNumber.bytes) == [0x80, 0x01])
        #expect(issued.serialNumber == [0x00, 0x80, 0x01])
    }

    @Test("has each extension once, and none that the template does not name")
    func extensions() throws {
        let issued = try TestIssuer.make().issue(subject: self.subject)
        let identifiers = try Certificate(derEncoded: issued.encoded).extensions.map(\.oid)
        #expect(
            Set(identifiers) == [
                .Extension.authorityKeyIdentifier, .Extension.subjectKeyIdentifier, .Extension.keyUsage,
                .Extension.extendedKeyUsage,
            ]
        )
        #expect(identifiers.count == 4)
    }
}
