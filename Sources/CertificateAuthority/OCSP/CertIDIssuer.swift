public import CryptographicMessageSyntax

/// A CA as OCSP requests name it: by hashes of its name and of its key.
///
/// The hashes are made once, so that finding the CA that a request means is a comparison (RFC 6960 §4.1.1).
public struct CertIDIssuer: Hashable, Sendable {
    /// The two hashes by one digest.
    struct Hashes: Hashable, Sendable {
        /// Of the Name, encoded.
        var name: [UInt8]
        /// Of the key's bits.
        var key: [UInt8]
    }

    private let hashes: [DigestAlgorithm: Hashes]

    /// Takes a CA's name and key, both from its certificate.
    ///
    /// - Parameters:
    ///   - subject: The Name, encoded as it is in the issuer field of what the CA has issued.
    ///   - publicKey: The key with which the CA signs.
    public init(subject: [UInt8], publicKey: SubjectPublicKeyInfo) {
        let digests: [DigestAlgorithm] = [.sha1, .sha224, .sha256, .sha384, .sha512]
        self.hashes = Dictionary(
            uniqueKeysWithValues: digests.map { digest in
                let key = digest.digest(of: publicKey.subjectPublicKey)
                return (digest, Hashes(name: digest.digest(of: subject), key: key))
            }
        )
    }

    /// Whether this CA issued the certificate that is named, if there is one with its serial number.
    public func isIssuer(of certificate: CertID) -> Bool {
        guard let hashes = certificate.hashAlgorithm.flatMap({ self.hashes[$0] }) else { return false }
        return hashes.key == certificate.issuerKeyHash && hashes.name == certificate.issuerNameHash
    }

    /// The hashes by a digest; nil for MD5.
    func hashes(by digest: DigestAlgorithm) -> Hashes? { self.hashes[digest] }
}
