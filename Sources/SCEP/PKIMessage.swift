public import CryptographicMessageSyntax

/// A pkiMessage whose signature is verified, and whose algorithms the profile's level accepts.
///
/// It says nothing yet of who the signer is: a client's first request is signed with a key that nobody knows.
public struct PKIMessage: Sendable {
    /// The message as it came.
    public let unverified: UnverifiedPKIMessage
    /// The digest that the client used, which the answer mirrors.
    public let digest: DigestAlgorithm
    /// How the client encrypted, which the answer mirrors.
    public let contentEncryption: ContentEncryptionAlgorithm

    /// What the message is for.
    public var messageType: MessageType { self.unverified.messageType }
    /// The transaction it belongs to.
    public var transactionID: TransactionID { self.unverified.transactionID }
    /// The certificate with the key that signed, to which the answer is enveloped.
    public var signerCertificate: SignerCertificate { self.unverified.signer.certificate }

    /// The weakest digest that the signature depends on: the content's, the signature's own, or a mask's.
    ///
    /// A SignerInfo may name two different ones, and whoever forges one of them has forged the message.
    public var weakestDigest: DigestAlgorithm {
        min(self.digest, (try? self.unverified.signer.signatureAlgorithm.weakestDigest) ?? self.digest)
    }

    let envelope: EnvelopedData
}

extension UnverifiedPKIMessage {
    /// Verifies the signature and judges everything that can be seen without a private key.
    ///
    /// - Parameter level: Which algorithms are accepted.
    /// - Returns: The message, verified.
    /// - Throws: ``SCEPError``: `algorithm`, `integrity` or `badContent`; what they say was visible from outside.
    public func verified(at level: AlgorithmLevel) throws(SCEPError) -> PKIMessage {
        let digest: DigestAlgorithm
        do {
            digest = try self.signer.digest
            try level.check(digest)
            try level.check(try self.signer.signatureAlgorithm.weakestDigest)
            if case .other(let algorithm) = self.signer.certificate.publicKey.kind {
                throw SCEPError(.algorithm, "the signer's key is of the kind \(algorithm), neither RSA nor ECDSA")
            }
            try self.signedData.verify(self.signer)
        } catch let error as SCEPError {
            throw error
        } catch let error as CMSError where error.code == .unsupportedAlgorithm {
            throw SCEPError(.algorithm, error.reason)
        } catch {
            throw SCEPError(.integrity, "\(error)")
        }
        do {
            guard self.signedData.contentType == .CMS.data else {
                throw SCEPError(.badContent, "the signed content is of type \(self.signedData.contentType), not data")
            }
            guard let content = self.signedData.content, !content.isEmpty else {
                throw SCEPError(.badContent, "\(self.messageType) without pkcsPKIEnvelope")
            }
            let envelope = try EnvelopedData(berEncoded: content)
            let cipher = try envelope.contentEncryption
            try level.check(cipher)
            guard envelope.contentType == .CMS.data else {
                throw SCEPError(.badContent, "the encrypted content is of type \(envelope.contentType), not data")
            }
            return PKIMessage(unverified: self, digest: digest, contentEncryption: cipher, envelope: envelope)
        } catch let error as SCEPError {
            throw error
        } catch let error as CMSError where error.code == .unsupportedAlgorithm {
            throw SCEPError(.algorithm, error.reason)
        } catch {
            throw SCEPError(.badContent, "the pkcsPKIEnvelope is not readable: \(error)")
        }
    }
}
