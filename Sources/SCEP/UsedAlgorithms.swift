public import CryptographicMessageSyntax

/// The algorithms of a pkiMessage by their names, whether they are accepted or not; nil for what nobody knows or what was not
/// reached.
public struct UsedAlgorithms: Hashable, Sendable {
    /// The digest of the content.
    public var digest: String?
    /// How the content is encrypted.
    public var cipher: String?
    /// By which kind of signature it is signed: RSA, RSA-PSS or ECDSA.
    public var signature: String?

    /// Nothing is known.
    public init() {}
}

extension UnverifiedPKIMessage {
    /// The algorithms that it names; nothing of it is verified.
    ///
    /// - Parameter cipher: How the content is encrypted, where that is known already: then the envelope is not read again.
    /// - Returns: Their names.
    public func usedAlgorithms(knowing cipher: ContentEncryptionAlgorithm? = nil) -> UsedAlgorithms {
        var used = UsedAlgorithms()
        used.digest = (try? self.signer.digest)?.rawValue
        used.signature = (try? self.signer.signatureAlgorithm).map { algorithm in
            switch algorithm.scheme {
            case .rsaPKCS1: "RSA"
            case .rsaPSS: "RSA-PSS"
            case .ecdsa: "ECDSA"
            }
        }
        if let cipher {
            used.cipher = cipher.rawValue
        } else if let envelope = self.signedData.content.flatMap({ try? EnvelopedData(berEncoded: $0) }) {
            used.cipher = (try? envelope.contentEncryption)?.rawValue
        }
        return used
    }
}
