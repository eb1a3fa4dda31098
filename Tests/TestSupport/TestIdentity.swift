package import CryptographicMessageSyntax
package import Foundation
import SwiftASN1

/// A certificate with its key, of whatever kind a test needs: CA, RA, device, stranger.
package struct TestIdentity: Sendable {
    package let key: RSAPrivateKey
    package let certificate: SignerCertificate

    /// The first bits of keyUsage, as they are encoded.
    package enum Usage {
        package static let digitalSignature: UInt8 = 0x80
        package static let keyEncipherment: UInt8 = 0x20
        package static let keyCertSign: UInt8 = 0x04
        package static let cRLSign: UInt8 = 0x02
    }

    /// Makes a certificate.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - key: Its key.
    ///   - publicKey: Another key to be certified; that of `key` where nil.
    ///   - issuer: Who signs it; itself where nil.
    ///   - serialNumber: One byte below 128.
    ///   - isAuthority: Whether basicConstraints says so.
    ///   - usage: The keyUsage; nil leaves the extension out.
    ///   - from: The start of the validity.
    ///   - until: The end of the validity.
    ///   - extensions: Further extensions.
    ///   - digest: The digest of the signature, SHA-256 or SHA-1.
    /// - Throws: What the key throws.
    package init(
        _ name: String,
        key: RSAPrivateKey,
        publicKey: SubjectPublicKeyInfo? = nil,
        issuer: TestIdentity? = nil,
        serialNumber: UInt8 = 1,
        isAuthority: Bool = false,
        usage: UInt8? = nil,
        from: Date = Date(timeIntervalSince1970: 1_700_000_000),
        until: Date = Date(timeIntervalSince1970: 2_500_000_000),
        extensions: [CertificateExtension] = [],
        digest: DigestAlgorithm = .sha256
    ) throws {
        var all = extensions
        if isAuthority {
            all.append(CertificateExtension([2, 5, 29, 19], isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xff]))
        }
        if let usage {
            let value = [0x03, 0x02, UInt8(usage.trailingZeroBitCount), usage]
            all.append(CertificateExtension([2, 5, 29, 15], isCritical: true, value: value))
        }
        let algorithm = try SignatureAlgorithm(.rsaPKCS1, digest: digest).identifier
        let subject = try TestClient.encoded("CN=\(name)")
        let certificate = TBSCertificate(
            serialNumber: [serialNumber],
            signature: algorithm,
            issuer: issuer?.certificate.subject ?? subject,
            notBefore: from,
            notAfter: until,
            subject: subject,
            publicKey: publicKey ?? key.publicKey,
            extensions: all
        )
        let toBeSigned = certificate.derEncoded()
        let signature = try (issuer?.key ?? key).signature(for: toBeSigned, digest: digest)
        self.key = key
        self.certificate = try SignerCertificate(
            encoded: TBSCertificate.signed(toBeSigned, algorithm: algorithm, signature: signature)
        )
    }

    /// Issues a CRL.
    ///
    /// - Parameters:
    ///   - serialNumbers: What is revoked.
    ///   - nextUpdate: When the next one comes.
    /// - Returns: The CRL as DER.
    /// - Throws: What the key throws.
    package func crl(
        revoking serialNumbers: [UInt8] = [],
        nextUpdate: Date? = TestAuthority.now.addingTimeInterval(86_400)
    ) throws -> [UInt8] {
        let algorithm = AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 11], parameters: AlgorithmIdentifier.null)
        let list = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(1)
                coder.serialize(algorithm)
                coder.append(encoded: self.certificate.subject)
                coder.appendTime(TestAuthority.now)
                if let nextUpdate { coder.appendTime(nextUpdate) }
                if !serialNumbers.isEmpty {
                    coder.appendConstructed(.sequence) { coder in
                        for number in serialNumbers {
                            coder.appendConstructed(.sequence) { coder in
                                coder.serialize(Int(number))
                                coder.appendTime(TestAuthority.now)
                            }
                        }
                    }
                }
            }
        }
        return try TBSCertificate.signed(
            list,
            algorithm: algorithm,
            signature: try self.key.signature(for: list, digest: .sha256)
        )
    }
}

/// A CA, its RA, and others that are not theirs.
package enum TestPKI {
    package static let authority = Self.made {
        try TestIdentity("Test CA", key: .init(bits: 2048), isAuthority: true, usage: 0x86)
    }
    package static let registration = Self.made {
        try TestIdentity("Test RA", key: .init(bits: 2048), issuer: Self.authority, serialNumber: 2, usage: 0xa0)
    }
    package static let stranger = Self.made {
        try TestIdentity("Stranger", key: .init(bits: 2048), isAuthority: true, usage: 0x86)
    }
    /// A CA that will take over.
    package static let next = Self.made {
        try TestIdentity("Next CA", key: .init(bits: 2048), isAuthority: true, usage: 0x86)
    }

    private static func made(_ make: () throws -> TestIdentity) -> TestIdentity {
        do { return try make() } catch { preconditionFailure("no test identity: \(error)") }
    }
}
