import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Registry
import SCEP

extension RolloverAnswers {
    /// Makes what GetNextCACert answers.
    ///
    /// - Parameters:
    ///   - authority: The next CA's certificate.
    ///   - registration: Its RA's certificate.
    ///   - current: Today's CA, which signs with its RA.
    ///   - key: Today's CA's key.
    /// - Throws: What a key throws, or an ASN.1 error.
    init(
        authority: [UInt8],
        registration: [UInt8],
        signedBy current: IssuingAuthority,
        key: any MessageSigningKey
    ) throws {
        let signer = (certificate: current.issuer.certificate, key: key)
        let registrationSigner = current.registrationKeys.first.map {
            (certificate: $0.certificate, key: $0.key as any MessageSigningKey)
        }
        self.init(
            withRA: try NextCACertificates.signed(
                [registration, authority],
                by: [signer] + [registrationSigner].compactMap(\.self)
            ),
            alone: try NextCACertificates.signed([authority], by: [signer])
        )
    }
}
