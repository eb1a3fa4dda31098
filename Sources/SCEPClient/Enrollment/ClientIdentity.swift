public import CryptographicMessageSyntax
public import Foundation

/// A certificate and its key, with which a client signs messages and opens answers.
public struct ClientIdentity: Sendable {
    /// The certificate.
    public let certificate: SignerCertificate
    /// Its key.
    public let key: ClientKey

    /// Puts a certificate and its key together.
    ///
    /// - Throws: ``SCEPClientError`` with code `input` where they do not belong together.
    public init(certificate: [UInt8], key: ClientKey) throws(SCEPClientError) {
        do throws(CMSError) {
            self.certificate = try SignerCertificate(encoded: certificate)
        } catch {
            throw SCEPClientError(.input, "The certificate is not readable: \(error.reason).")
        }
        guard self.certificate.publicKey.isSameKey(as: key.publicKey) else {
            throw SCEPClientError(.input, "The private key is not the one of the certificate.")
        }
        self.key = key
    }

    private init(_ certificate: SignerCertificate, key: ClientKey) {
        self.certificate = certificate
        self.key = key
    }

    /// An identity for somebody who has no certificate yet: self-signed, with digitalSignature and keyEncipherment (RFC
    /// 8894 §2.3).
    ///
    /// - Parameters:
    ///   - subject: The Name, encoded; the same as in the request.
    ///   - key: The key.
    ///   - now: The time. The certificate is valid for a year, so that it outlasts polling.
    /// - Returns: The identity.
    /// - Throws: ``SCEPClientError`` with code `input` where the key does not sign.
    public static func selfSigned(
        subject: [UInt8],
        key: ClientKey,
        now: Date = Date()
    ) throws(SCEPClientError) -> ClientIdentity {
        // Positive, and without a leading zero byte.
        var serialNumber = [UInt8].random(count: 16)
        serialNumber[0] = serialNumber[0] & 0x3f | 0x40
        do {
            let certificate = try SelfSignedCertificate.make(
                subject: subject,
                publicKey: key.publicKey,
                key: key,
                serialNumber: serialNumber,
                notBefore: now.addingTimeInterval(-86_400),
                notAfter: now.addingTimeInterval(365 * 86_400)
            )
            return ClientIdentity(certificate, key: key)
        } catch {
            throw SCEPClientError(.input, "The key cannot sign a certificate: \(error)")
        }
    }
}
