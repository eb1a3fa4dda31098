public import CryptographicMessageSyntax

extension NextCACertificates {
    /// The Content-Type of the answer to GetNextCACert, which clients compare exactly.
    public static let contentType = "application/x-x509-next-ca-cert"

    /// Makes the answer to GetNextCACert (RFC 8894 §4.7.1).
    ///
    /// The content is what GetCACert will answer. The next CA is also among the outer certificates, where jscep looks
    /// for it, and an RA signs beside the CA, because jscep trusts only the one that GetCACert names first.
    ///
    /// - Parameters:
    ///   - certificates: The next CA's and RA's certificates, in the order in which GetCACert will have them.
    ///   - signers: Today's CA, and its RA where there is one, with their certificates.
    /// - Returns: The message as DER.
    /// - Throws: What a key throws, or an ASN.1 error.
    public static func signed(
        _ certificates: [[UInt8]],
        by signers: [(certificate: SignerCertificate, key: any MessageSigningKey)]
    ) throws -> [UInt8] {
        try SignedData.sign(
            SignedData(certificates: certificates).derEncoded(),
            signers: signers.map { MessageSigner($0.certificate.identifier, key: $0.key) },
            digest: .sha256,
            certificates: signers.map(\.certificate.encoded) + certificates
        ).derEncoded()
    }
}
