public import CryptographicMessageSyntax

/// A verified pkiMessage whose envelope is open and holds a certification request that its signer made.
///
/// The client has proved that it holds the key it wants certified, twice: it signed the message and the request. It
/// has proved nothing else.
public struct OpenedPKIMessage: Sendable {
    /// The message.
    public let message: PKIMessage
    /// What the client asks for.
    public let request: CertificationRequest
    /// The challengePassword in the request, as UTF-8.
    public let challengePassword: [UInt8]?
    /// The extensions that the request asks for.
    public let requestedExtensions: [CertificateExtension]
}

extension PKIMessage {
    /// The certificates of ours for which the message could be, of which the envelope names one.
    ///
    /// - Throws: ``SCEPError`` with code `recipient`, or `algorithm` where the key is transported in an unknown way.
    public func recipient(among certificates: [SignerCertificate]) throws(SCEPError) -> SignerCertificate {
        for certificate in certificates {
            guard let info = try? self.envelope.recipient(for: certificate) else { continue }
            do {
                _ = try KeyTransportAlgorithm(info.keyEncryptionAlgorithm)
            } catch {
                throw SCEPError(.algorithm, error.reason)
            }
            return certificate
        }
        throw SCEPError(
            .recipient,
            "the envelope is for \(self.envelope.recipientInfos.count) other recipients: the client has an old or a "
                + "foreign CA certificate, let it ask GetCACert again"
        )
    }

    /// Opens the envelope of a PKCSReq or RenewalReq.
    ///
    /// - Parameters:
    ///   - certificate: From ``recipient(among:)``.
    ///   - key: That certificate's key.
    /// - Returns: The message, opened.
    /// - Throws: ``SCEPError`` with code `envelope`, the same for everything that depends on decrypted bytes; `algorithm`
    ///   where no answer could be encrypted to the signer, so that nothing is issued that cannot be delivered.
    public func opened(
        as certificate: SignerCertificate,
        with key: some KeyTransportKey
    ) throws(SCEPError) -> OpenedPKIMessage {
        guard self.signerCertificate.publicKey.canReceiveKeys else {
            throw SCEPError(.algorithm, "no answer can be encrypted to the signer's key, which is too small or odd")
        }
        do {
            let content = try self.envelope.open(try self.envelope.recipient(for: certificate), with: key)
            let request = try CertificationRequest(encoded: content)
            // Keys, never names: Cisco's self-signed subject differs from the one it asks for.
            let isSameKey = request.publicKey.isSameKey(as: self.signerCertificate.publicKey)
            guard isSameKey || self.messageType == .renewalReq else {
                throw SCEPError(.envelope, "the key of the request is not the key that signed the message")
            }
            try request.verifySignature(under: isSameKey ? self.signerCertificate.publicKey : nil)
            return OpenedPKIMessage(
                message: self,
                request: request,
                challengePassword: try request.challengePassword,
                requestedExtensions: try request.requestedExtensions
            )
        } catch let error as SCEPError {
            throw error
        } catch {
            throw SCEPError(.envelope, "\(error)")
        }
    }
}
