public import CryptographicMessageSyntax

extension KeyFile {
    /// A key with the certificate that belongs to it, and those above.
    public struct Identity: Sendable {
        /// The private key.
        public let key: SoftwareKey
        /// Its certificate.
        public let certificate: SignerCertificate
        /// The certificates of the CAs above as far as the file has them, from the issuer up.
        public let chain: [[UInt8]]
    }

    /// The key of the file with its certificate.
    ///
    /// - Throws: ``KeyFileError``: `noKey`, or `noCertificate` where none in the file is for the key.
    public func identity() throws(KeyFileError) -> Identity {
        guard let key = self.key else {
            throw KeyFileError(.noKey, "there is no private key in the file, only certificates or a request")
        }
        let certificates = self.certificates.compactMap { try? SignerCertificate(encoded: $0) }
        guard let own = certificates.first(where: { $0.publicKey.isSameKey(as: key.publicKey) }) else {
            throw KeyFileError(
                .noCertificate,
                self.certificates.isEmpty
                    ? "there is no certificate in the file, only a private key"
                    : "none of the certificates in the file belongs to its private key"
            )
        }
        return Identity(key: key, certificate: own, chain: Self.chain(above: own, among: certificates))
    }

    /// The CAs above a certificate, by their names.
    private static func chain(above certificate: SignerCertificate, among all: [SignerCertificate]) -> [[UInt8]] {
        var chain: [[UInt8]] = []
        var last = certificate
        var rest = all.filter { $0 != certificate }
        // Each step takes one away, so that CAs that certify each other come to an end.
        while !last.isSelfIssued,
            let index = rest.firstIndex(where: { NameComparison.isSame($0.subject, last.identifier.issuer) })
        {
            last = rest.remove(at: index)
            chain.append(last.encoded)
        }
        return chain
    }
}
