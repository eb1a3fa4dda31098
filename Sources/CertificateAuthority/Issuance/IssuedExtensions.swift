import CryptographicMessageSyntax
import SwiftASN1

extension CertificateExtension {
    /// authorityKeyIdentifier with the issuer's key identifier (RFC 5280 §4.2.1.1).
    static func authorityKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(
            .Extension.authorityKeyIdentifier,
            value: DER.Serializer.encode { coder in
                coder.appendConstructed(.sequence) { $0.appendOctetString(identifier, tag: .primitive(0)) }
            }
        )
    }

    /// subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    static func subjectKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(
            .Extension.subjectKeyIdentifier,
            value: DER.Serializer.encode { $0.appendOctetString(identifier) }
        )
    }
}

extension CertificateTemplate {
    /// keyUsage, critical (RFC 5280 §4.2.1.3); nil where the template has none.
    ///
    /// The key of an elliptic curve does not encipher keys (RFC 5480 §3), so that bit is left out.
    ///
    /// - Throws: ``IssuanceError`` with code `key` where nothing is left: without keyUsage the key could be used for
    ///   everything.
    func keyUsageExtension(for key: SubjectPublicKeyInfo) throws(IssuanceError) -> CertificateExtension? {
        guard !self.keyUsage.isEmpty else { return nil }
        var usage = self.keyUsage
        if case .ellipticCurve = key.kind { usage.remove(.keyEncipherment) }
        guard let highest = usage.map(\.rawValue).max() else {
            throw IssuanceError(
                .key,
                "the template \(self.name) is for keys that encipher, which an ECDSA key cannot: use an RSA key"
            )
        }
        let bits = usage.reduce(UInt8(0)) { $0 | 0x80 >> UInt8($1.rawValue) }
        return CertificateExtension(
            .Extension.keyUsage,
            isCritical: true,
            value: [0x03, 0x02, UInt8(7 - highest), bits]
        )
    }

    /// extKeyUsage; nil where there is none.
    var extendedKeyUsageExtension: CertificateExtension? {
        guard !self.extendedKeyUsage.isEmpty,
            let value = try? DER.Serializer.encode({ try $0.serializeSequenceOf(self.extendedKeyUsage) })
        else { return nil }
        return CertificateExtension(.Extension.extendedKeyUsage, value: value)
    }
}
