public import CryptographicMessageSyntax

/// A private key of ours, wherever it lives: in memory (``SoftwareKey``), or behind an interface such as PKCS#11.
///
/// What an implementation has to bring:
///
/// - ``publicKey`` and ``certificateSignatureAlgorithm`` are read once for each signature and more, by many tasks at once:
///   they are known when the value is made, without asking the device, and never change.
/// - ``signature(forCertificate:)`` gets the bytes, not their digest, and gives the signature as it stands in the BIT
///   STRING of a certificate: for ECDSA an Ecdsa-Sig-Value as DER (RFC 3279 §2.2.3), where PKCS#11 gives the two numbers
///   one behind the other. It is called by many tasks at once and may block for as long as a signature takes; a device
///   with few sessions keeps its callers waiting by itself. Certificates, CRLs and OCSP answers all come through it.
/// - `signature(for:digest:)` of ``CryptographicMessageSyntax/MessageSigningKey`` signs messages with the digest that is
///   asked for, which may be SHA-1 where a profile allows it; where the device refuses, so does
///   `signatureAlgorithm(digest:)`.
/// - `decrypt(_:transport:orElse:)` of ``CryptographicMessageSyntax/KeyTransportKey`` never throws. A key that cannot
///   decrypt gives the substitute, and so does a device that fails. PKCS#1 padding is taken off here rather than there, in
///   constant time: a device that reports bad padding is Bleichenbacher's oracle, so it is asked for the raw operation
///   (CKM_RSA_X_509).
/// - A device that is away throws an error whose text says what to do; the request is then answered with a failure and the
///   server goes on.
public protocol AuthorityKey: MessageSigningKey, KeyTransportKey {
    /// The public half.
    var publicKey: SubjectPublicKeyInfo { get }

    /// How certificates signed with this key are signed.
    var certificateSignatureAlgorithm: AlgorithmIdentifier { get }

    /// Signs a certificate, a CRL or an OCSP answer.
    ///
    /// - Throws: Whatever keeps the key from signing.
    func signature(forCertificate toBeSigned: [UInt8]) throws -> [UInt8]
}
