import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

/// Makes self-signed CAs.
public enum RootAuthority {
    /// How long a root is valid unless somebody decides otherwise, in days.
    public static let validityDays = 3650

    /// Makes a self-signed CA certificate: the first CA, or the next one of a rollover, which may have the same name.
    ///
    /// - Parameters:
    ///   - terms: What the CA is to be.
    ///   - key: The CA's key.
    ///   - serialNumber: From ``Issuer/serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: The certificate as DER.
    /// - Throws: ``IssuanceError`` where the terms cannot be, what the key throws, or an ASN.1 error.
    public static func make(
        terms: AuthorityTerms,
        key: any AuthorityKey,
        serialNumber: [UInt8],
        now: Date
    ) throws -> [UInt8] {
        try terms.check()
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: key.certificateSignatureAlgorithm,
            issuer: terms.subject,
            notBefore: now.addingTimeInterval(-Issuer.backdating),
            notAfter: now.addingTimeInterval(Double(terms.validityDays) * 86_400),
            subject: terms.subject,
            publicKey: key.publicKey,
            extensions: terms.extensions(
                for: key.publicKey,
                issuerIdentifier: Issuer.keyIdentifier(of: key.publicKey)
            )
        )
        let toBeSigned = certificate.derEncoded()
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
        return try DERWriter.encode { try $0.serialize(name) }
    }
}
