import CryptographicMessageSyntax
import SwiftASN1

extension CertificateExtension {
    /// authorityKeyIdentifier with the issuer's key identifier (RFC 5280 §4.2.1.1).
    static func authorityKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(
            .Extension.authorityKeyIdentifier,
            value: DERWriter.encode { coder in
                coder.appendConstructed(.sequence) { $0.append(.primitive(0), identifier) }
            }
        )
    }

    /// subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    static func subjectKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(
            .Extension.subjectKeyIdentifier,
            value: DERWriter.encode { $0.appendOctetString(identifier) }
        )
    }
}

extension CertificateTemplate {
    /// keyUsage, critical (RFC 5280 §4.2.1.3); nil where the template has none.
    ///
    /// Bits that mean nothing for a key of its kind are left out: the key of an elliptic curve does not encipher (RFC
    /// 8813 §3), and an RSA key does not agree on keys (RFC 3279 §2.3.1).
    ///
    /// - Throws: ``IssuanceError`` with code `key` where nothing is left: without keyUsage the key could be used for
    ///   everything.
    func keyUsageExtension(for key: SubjectPublicKeyInfo) throws(IssuanceError) -> CertificateExtension? {
        guard !self.keyUsage.isEmpty else { return nil }
        let isRSA = key.rsaBits != nil
        let usage = self.keyUsage.subtracting(
            isRSA ? KeyUsage.impossibleForRSA : KeyUsage.impossibleForEllipticCurves
        )
        guard !usage.isEmpty else {
            throw IssuanceError(
                .key,
                isRSA
                    ? "the template \(self.name) is for keys that agree on keys, which an RSA key cannot: use an ECDSA key"
                    : "the template \(self.name) is for keys that encipher, which an ECDSA key cannot: use an RSA key"
            )
        }
        return .keyUsage(usage)
    }

    /// extKeyUsage; nil where there is none.
    var extendedKeyUsageExtension: CertificateExtension? { .extendedKeyUsage(self.extendedKeyUsage) }
}

extension CertificateExtension {
    /// keyUsage, critical: a BIT STRING without zero bits at its end (X.690 §11.2.2).
    static func keyUsage(_ usage: Set<CertificateTemplate.KeyUsage>) -> CertificateExtension {
        var octets: [UInt8] = [0, 0]
        for bit in usage { octets[bit.rawValue / 8] |= 0x80 >> UInt8(bit.rawValue % 8) }
        let used = octets[1] == 0 ? Array(octets.prefix(1)) : octets
        let unused = UInt8(used.last?.trailingZeroBitCount ?? 0)
        return CertificateExtension(
            .Extension.keyUsage,
            isCritical: true,
            value: [0x03, UInt8(used.count + 1), unused] + used
        )
    }

    /// extKeyUsage (RFC 5280 §4.2.1.12); nil where there is none.
    static func extendedKeyUsage(_ purposes: [ASN1ObjectIdentifier]) -> CertificateExtension? {
        guard !purposes.isEmpty else { return nil }
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for purpose in purposes { coder.append(purpose) }
            }
        }
        return CertificateExtension(.Extension.extendedKeyUsage, value: value)
    }

    /// basicConstraints of a CA, critical.
    ///
    /// ```
    /// BasicConstraints ::= SEQUENCE {
    ///     cA                 BOOLEAN DEFAULT FALSE,
    ///     pathLenConstraint  INTEGER (0..MAX) OPTIONAL }
    /// ```
    /// RFC 5280 §4.2.1.9.
    static func basicConstraints(pathLength: Int?) -> CertificateExtension {
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(.boolean, [0xff])
                guard let pathLength else { return }
                let octets = withUnsafeBytes(of: pathLength.bigEndian) { Array($0.drop { $0 == 0 }) }
                coder.append(.integer, (octets.first.map { $0 >= 0x80 } ?? true ? [0] : []) + octets)
            }
        }
        return CertificateExtension(.Extension.basicConstraints, isCritical: true, value: value)
    }
}
