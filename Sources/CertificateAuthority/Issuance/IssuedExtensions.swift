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
    /// keyUsage, critical (RFC 5280 §4.2.1.3).
    var keyUsageExtension: CertificateExtension {
        let highest = self.keyUsage.map(\.rawValue).max() ?? 0
        let bits = self.keyUsage.reduce(UInt8(0)) { $0 | 0x80 >> UInt8($1.rawValue) }
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
