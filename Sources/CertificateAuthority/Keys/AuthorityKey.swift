public import CryptographicMessageSyntax

/// A private key of ours, wherever it lives: in memory today, behind PKCS#11 one day.
public protocol AuthorityKey: MessageSigningKey, KeyTransportKey {
    /// The public half.
    var publicKey: SubjectPublicKeyInfo { get }

    /// How certificates signed with this key are signed.
    var certificateSignatureAlgorithm: AlgorithmIdentifier { get }

    /// Signs a certificate or CRL.
    ///
    /// - Throws: Whatever keeps the key from signing.
    func signature(forCertificate toBeSigned: [UInt8]) throws -> [UInt8]
}
