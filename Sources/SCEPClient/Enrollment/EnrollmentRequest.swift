public import CryptographicMessageSyntax
public import Foundation
public import SCEP

/// A request for a certificate, ready to be sent, and to be sent again if need be.
public struct EnrollmentRequest: Sendable {
    /// What is asked for.
    public let request: CertificationRequest
    /// Who signs the message and opens the answer: the requested key itself, or the certificate that is renewed.
    public let signer: ClientIdentity
    /// The transaction, the same in every message about this request.
    public let transactionID: TransactionID
    /// Whether an existing certificate is renewed.
    public let isRenewal: Bool

    /// The challenge in the request, as UTF-8; nil where there is none, or none that can be read.
    var challenge: [UInt8]? {
        do throws(CMSError) { return try self.request.challengePassword } catch { return nil }
    }

    /// A first certificate for a key.
    ///
    /// - Parameters:
    ///   - subject: The Name, encoded.
    ///   - alternativeNames: Further names.
    ///   - key: The key to be certified.
    ///   - challenge: The password that the server wants, if it wants one.
    ///   - transactionID: The transaction; nil names it after the key (RFC 8894 §3.2.1.1).
    ///   - now: The time.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(
        subject: [UInt8],
        alternativeNames: [AlternativeName] = [],
        key: ClientKey,
        challenge: String? = nil,
        transactionID: TransactionID? = nil,
        now: Date = Date()
    ) throws(SCEPClientError) {
        let extensions = alternativeNames.isEmpty ? [] : [AlternativeName.certificateExtension(alternativeNames)]
        self.request = try Self.make(subject: subject, extensions: extensions, key: key, challenge: challenge)
        self.signer = try ClientIdentity.selfSigned(subject: subject, key: key, now: now)
        self.transactionID = transactionID ?? TransactionID(enrolling: key.publicKey)
        self.isRenewal = false
    }

    /// A first certificate for a request that was made elsewhere.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - key: Its key, which signs the message.
    ///   - challenge: A challenge to put into the request, which is then signed anew; nil leaves it as it is.
    ///   - transactionID: The transaction; nil names it after the key.
    ///   - now: The time.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(
        _ request: CertificationRequest,
        key: ClientKey,
        challenge: String? = nil,
        transactionID: TransactionID? = nil,
        now: Date = Date()
    ) throws(SCEPClientError) {
        guard request.publicKey.isSameKey(as: key.publicKey) else {
            throw SCEPClientError(.input, "The private key is not the one of the certification request.")
        }
        if let challenge {
            self.request = try Self.make(
                subject: request.subject,
                attributes: request.attributes.filter { $0.type != .PKCS.challengePassword },
                key: key,
                challenge: challenge
            )
        } else {
            self.request = request
        }
        self.signer = try ClientIdentity.selfSigned(subject: request.subject, key: key, now: now)
        self.transactionID = transactionID ?? TransactionID(enrolling: key.publicKey)
        self.isRenewal = false
    }

    /// A new certificate in the place of one that is there, with its subject and its alternative names.
    ///
    /// The old certificate is what authorises it, so a challenge is not needed; and a new key is better than the old one
    /// (RFC 8894 §2.4).
    ///
    /// - Parameters:
    ///   - identity: The certificate that is renewed, and its key.
    ///   - key: The key to be certified: a new one, or that of the identity to keep it.
    ///   - challenge: A challenge, for servers that want one all the same.
    ///   - transactionID: The transaction; nil names it after the certificate and the key.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(
        renewing identity: ClientIdentity,
        key: ClientKey,
        challenge: String? = nil,
        transactionID: TransactionID? = nil
    ) throws(SCEPClientError) {
        let names: CertificateExtension?
        do throws(CMSError) {
            names = try CertificateDetails(encoded: identity.certificate.encoded).alternativeNames
        } catch {
            throw SCEPClientError(.input, "The certificate to renew is not readable: \(error.reason).")
        }
        self.request = try Self.make(
            subject: identity.certificate.subject,
            extensions: names.map { [$0] } ?? [],
            key: key,
            challenge: challenge
        )
        self.signer = identity
        self.transactionID =
            transactionID ?? TransactionID(renewing: identity.certificate, with: key.publicKey)
        self.isRenewal = true
    }

    private static func make(
        subject: [UInt8],
        extensions: [CertificateExtension] = [],
        attributes: [Attribute] = [],
        key: ClientKey,
        challenge: String?
    ) throws(SCEPClientError) -> CertificationRequest {
        do {
            return try CertificationRequest.make(
                subject: subject,
                publicKey: key.publicKey,
                key: key,
                challengePassword: challenge,
                extensions: extensions,
                attributes: attributes
            )
        } catch {
            throw SCEPClientError(.input, "No certification request can be made: \(error)")
        }
    }
}
