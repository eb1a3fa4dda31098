public import CryptographicMessageSyntax
import SwiftASN1

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

    /// Whether the request is for the key that signed the message.
    public var isForSignersKey: Bool {
        self.request.publicKey.isSameKey(as: self.message.signerCertificate.publicKey)
    }
}

extension PKIMessage {
    /// The certificates of ours for which the message could be, of which the envelope names one.
    ///
    /// - Throws: ``SCEPError`` with code `recipient`, or `algorithm` where the key is transported in an unknown way, or not
    ///   transported but agreed on or derived from a password.
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
        let isTransported = self.envelope.recipientInfos.contains { recipient in
            if case .keyTransport = recipient { true } else { false }
        }
        guard isTransported || self.envelope.recipientInfos.isEmpty else {
            throw SCEPError(
                .algorithm,
                "the envelope is not encrypted to an RSA key but in another way (a password or a key agreement): let the "
                    + "client encrypt to the RA's key"
            )
        }
        throw SCEPError(
            .recipient,
            "the envelope is for \(self.envelope.recipientInfos.count) other recipients: the client has an old or a "
                + "foreign CA certificate, let it ask GetCACert again"
        )
    }

    /// Whether the answer can be encrypted to the signer's key; otherwise it takes a secret that both know.
    public var signerReceivesKeys: Bool { self.signerCertificate.publicKey.rsaBits != nil }

    /// Opens the envelope of a PKCSReq or RenewalReq.
    ///
    /// - Parameters:
    ///   - certificate: From ``recipient(among:)``.
    ///   - key: That certificate's key.
    ///   - allowsOtherKey: Whether the request may be for another key than the one that signed the message, as when a
    ///     certificate is renewed with a new key. The certificate that signed then has to be one of ours.
    ///   - level: Which algorithms are accepted for the request's own signature.
    /// - Returns: The message, opened.
    /// - Throws: ``SCEPError`` with code `envelope`, the same for everything that depends on decrypted bytes; `algorithm`
    ///   where no answer could be encrypted to the signer, so that nothing is issued that cannot be delivered.
    public func openedRequest(
        as certificate: SignerCertificate,
        with key: some KeyTransportKey,
        allowingOtherKey allowsOtherKey: Bool,
        at level: AlgorithmLevel
    ) throws(SCEPError) -> OpenedPKIMessage {
        let content = try self.content(as: certificate, with: key)
        do {
            let request = try CertificationRequest(encoded: Self.withoutPEM(content))
            // Keys, never names: Cisco's self-signed subject differs from the one it asks for.
            let isSameKey = request.publicKey.isSameKey(as: self.signerCertificate.publicKey)
            guard isSameKey || allowsOtherKey else {
                throw SCEPError(.envelope, "the key of the request is not the key that signed the message")
            }
            let algorithm = try request.verifySignature(under: isSameKey ? self.signerCertificate.publicKey : nil)
            try level.check(algorithm.weakestDigest)
            return OpenedPKIMessage(
                message: self,
                request: request,
                challengePassword: try request.challengePassword,
                requestedExtensions: try request.requestedExtensions
            )
        } catch {
            // Also what is an algorithm error elsewhere: it depends on decrypted bytes here.
            throw SCEPError(.envelope, "\(error)")
        }
    }

    /// The content itself where a client has wrapped it into PEM (RFC 7468), which happens with requests from files.
    private static func withoutPEM(_ content: [UInt8]) -> [UInt8] {
        guard content.starts(with: "-----BEGIN".utf8),
            let document = try? PEMDocument(pemString: String(decoding: content, as: UTF8.self))
        else { return content }
        return document.derBytes
    }

    /// Opens the envelope of a GetCert or GetCRL (RFC 8894 §3.3.4, §3.3.5).
    ///
    /// - Parameters:
    ///   - certificate: From ``recipient(among:)``.
    ///   - key: That certificate's key.
    /// - Returns: What is asked for.
    /// - Throws: ``SCEPError``, as ``openedRequest(as:with:allowingOtherKey:)`` does.
    public func openedQuery(
        as certificate: SignerCertificate,
        with key: some KeyTransportKey
    ) throws(SCEPError) -> IssuerAndSerialNumber {
        let content = try self.content(as: certificate, with: key)
        do {
            return try IssuerAndSerialNumber(berEncoded: content)
        } catch {
            throw SCEPError(.envelope, "\(error)")
        }
    }

    private func content(
        as certificate: SignerCertificate,
        with key: some KeyTransportKey
    ) throws(SCEPError) -> [UInt8] {
        guard !self.signerReceivesKeys || self.signerCertificate.publicKey.canReceiveKeys else {
            throw SCEPError(.algorithm, "no answer can be encrypted to the signer's key, which is too small or odd")
        }
        do {
            return try self.envelope.open(try self.envelope.recipient(for: certificate), with: key)
        } catch {
            throw SCEPError(.envelope, error.reason)
        }
    }
}
