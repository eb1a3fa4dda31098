import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Registry
import SCEP

extension RolloverAnswers {
    /// Makes what GetNextCACert answers.
    ///
    /// - Parameters:
    ///   - current: Today's CA, which signs with its RA, and its key.
    ///   - authorities: The next CA's certificate and those above it.
    ///   - registration: The certificate of the next CA's RA; nil where it has none.
    /// - Throws: What a key throws, or an ASN.1 error.
    init(
        following current: (authority: IssuingAuthority, key: any MessageSigningKey),
        authorities: [[UInt8]],
        registration: [UInt8]?
    ) throws {
        let signer = (certificate: current.authority.issuer.certificate, key: current.key)
        let registrationSigner = current.authority.registrationKeys.first.map {
            (certificate: $0.certificate, key: $0.key as any MessageSigningKey)
        }
        self.init(
            withRA: try NextCACertificates.signed(
                [registration].compactMap(\.self) + authorities,
                by: [signer] + [registrationSigner].compactMap(\.self)
            ),
            alone: try NextCACertificates.signed(authorities, by: [signer])
        )
    }

    /// Makes what GetNextCACert answers where the next CA is there already.
    ///
    /// - Throws: What a key throws, or an ASN.1 error.
    init(following current: (authority: IssuingAuthority, key: any MessageSigningKey), next: IssuingAuthority) throws {
        try self.init(
            following: current,
            authorities: next.chain,
            registration: next.registrationKeys.first?.certificate.encoded
        )
    }
}
