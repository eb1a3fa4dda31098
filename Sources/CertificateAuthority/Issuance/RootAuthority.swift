import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

/// Makes the certificates that an installation needs before it can serve anybody.
public enum RootAuthority {
    /// How long a root is valid unless somebody decides otherwise, in days.
    public static let validityDays = 3650

    /// Makes a self-signed CA certificate: the first CA, or the next one of a rollover, which may have the same name.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - key: The CA's key.
    ///   - answersSCEP: Whether the CA answers SCEP requests itself (CA mode): its certificate then also has
    ///     keyEncipherment, without which clients refuse to encrypt to it.
    ///   - validityDays: How long it is valid, in days of 86,400 seconds.
    ///   - serialNumber: From ``Issuer/serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: The certificate as DER.
    /// - Throws: What the key throws, or an ASN.1 error.
    public static func make(
        name: String,
        key: any AuthorityKey,
        answersSCEP: Bool,
        validityDays: Int = Self.validityDays,
        serialNumber: [UInt8],
        now: Date
    ) throws -> [UInt8] {
        let subject = try Self.commonName(name)
        let identifier = Issuer.keyIdentifier(of: key.publicKey)
        let usage = CertificateTemplate(
            name: "Root",
            validityDays: validityDays,
            keyUsage: answersSCEP
                ? [.digitalSignature, .keyEncipherment, .keyCertSign, .cRLSign]
                : [.digitalSignature, .keyCertSign, .cRLSign],
            extendedKeyUsage: []
        )
        var extensions = [
            // basicConstraints: cA TRUE
            CertificateExtension(.Extension.basicConstraints, isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xff])
        ]
        if let keyUsage = try usage.keyUsageExtension(for: key.publicKey) { extensions.append(keyUsage) }
        extensions += [.subjectKeyIdentifier(identifier), .authorityKeyIdentifier(identifier)]
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: key.certificateSignatureAlgorithm,
            issuer: subject,
            notBefore: now.addingTimeInterval(-Issuer.backdating),
            notAfter: now.addingTimeInterval(Double(validityDays) * 86_400),
            subject: subject,
            publicKey: key.publicKey,
            extensions: extensions
        )
        let toBeSigned = try certificate.derEncoded()
        return try TBSCertificate.signed(
            toBeSigned,
            algorithm: certificate.signature,
            signature: try key.signature(forCertificate: toBeSigned)
        )
    }

    /// A Name of one common name, encoded.
    ///
    /// - Throws: An ASN.1 error.
    public static func commonName(_ name: String) throws -> [UInt8] {
        let name = try DistinguishedName { CommonName(name) }
        return try DER.Serializer.encode { try $0.serialize(name) }
    }
}

extension Issuer {
    /// Issues a certificate for one of this server's own keys: the RA's, or the HTTPS listener's.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - key: The key.
    ///   - hostNames: DNS names and IP addresses; none leaves the SANs out.
    ///   - template: What it will look like.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``IssuanceError``, or what the key throws.
    public func issueOwn(
        name: String,
        key: any AuthorityKey,
        hostNames: [String] = [],
        template: CertificateTemplate,
        serialNumber: [UInt8],
        now: Date
    ) throws -> IssuedCertificate {
        let names = hostNames.map { name in
            IPAddress(name).map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) }
                ?? .dnsName(name)
        }
        return try self.issue(
            try self.prepare(
                // ub-common-name, RFC 5280 §A.1; the whole name is among the SANs.
                subject: try RootAuthority.commonName(String(name.prefix(64))),
                publicKey: key.publicKey,
                alternativeNames: names.isEmpty
                    ? nil : try DER.Serializer.encode { try $0.serializeSequenceOf(names) },
                template: template,
                serialNumber: serialNumber,
                now: now
            )
        )
    }
}
