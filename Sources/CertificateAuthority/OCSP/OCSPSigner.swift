public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

/// Who signs the answers of a responder: a key that a CA has authorized by a certificate of its own.
///
/// Clients believe a certificate that the CA in question issued and that has id-kp-OCSPSigning, or the CA itself
/// (RFC 6960 §4.2.2.2). The certificate is sent along with every answer.
public struct OCSPSigner: Sendable {
    /// The certificate of the key.
    public let certificate: SignerCertificate
    /// The first second of the certificate's validity.
    public let notBefore: Date
    /// The last second of the certificate's validity, after which no client believes an answer.
    public let notAfter: Date

    private let key: any AuthorityKey
    /// ResponderID, encoded.
    private let responderID: [UInt8]
    /// The field `certs`, encoded.
    let certificates: [UInt8]

    /// Takes a key with its certificate.
    ///
    /// - Parameters:
    ///   - encoded: The certificate.
    ///   - key: Its key.
    /// - Throws: ``CMSError`` where the certificate cannot be read or is not the key's.
    public init(certificate encoded: [UInt8], key: any AuthorityKey) throws {
        self.certificate = try SignerCertificate(encoded: encoded)
        guard self.certificate.publicKey.isSameKey(as: key.publicKey) else {
            throw CMSError(.key, "the OCSP signer's private key does not belong to its certificate")
        }
        let parsed = try Certificate(derEncoded: encoded)
        self.notBefore = parsed.notValidBefore
        self.notAfter = parsed.notValidAfter
        self.key = key
        // "KeyHash ::= OCTET STRING -- SHA-1 hash of responder's public key" (RFC 6960 §4.2.1)
        let hash = DigestAlgorithm.sha1.digest(of: key.publicKey.subjectPublicKey)
        self.responderID = DERWriter.encode { coder in
            coder.appendConstructed(.context(2)) { $0.appendOctetString(hash) }
        }
        self.certificates = DERWriter.encode { coder in
            coder.appendConstructed(.context(0)) { coder in
                coder.appendConstructed(.sequence) { $0.append(encoded: encoded) }
            }
        }
    }

    /// Makes and signs an answer.
    ///
    /// ```
    /// ResponseData ::= SEQUENCE {
    ///     version             [0] EXPLICIT Version DEFAULT v1,
    ///     responderID         ResponderID,
    ///     producedAt          GeneralizedTime,
    ///     responses           SEQUENCE OF SingleResponse,
    ///     responseExtensions  [1] EXPLICIT Extensions OPTIONAL }
    /// ```
    /// RFC 6960 §4.2.1.
    ///
    /// - Parameters:
    ///   - responses: One for each certificate of the request, in its order.
    ///   - nonce: The request's nonce; with one, the answer is of no use to anybody else.
    ///   - producedAt: The time.
    /// - Returns: The answer, without the certificate.
    /// - Throws: ``CMSError`` with code `unexpectedContent` where there is nothing to be said or a time cannot be
    ///   written, or what the key throws.
    public func response(
        _ responses: [SingleResponse],
        nonce: [UInt8]?,
        producedAt: Date
    ) throws -> BasicOCSPResponse {
        guard let thisUpdate = responses.map(\.thisUpdate).max(), responses.allSatisfy(\.isWritable),
            RevocationTimes.isWritable(producedAt)
        else {
            throw CMSError(
                .unexpectedContent,
                "an OCSP answer has to be about a certificate, and its times in years of four digits"
            )
        }
        let data = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(encoded: self.responderID)
                coder.appendGeneralizedTime(producedAt)
                coder.appendConstructed(.sequence) { coder in
                    for response in responses { response.serialize(into: &coder) }
                }
                if let nonce { Self.append(nonce: nonce, to: &coder) }
            }
        }
        let signature = try self.key.signature(forCertificate: data)
        let signed = DERWriter.encode { coder in
            coder.append(encoded: data)
            coder.serialize(self.key.certificateSignatureAlgorithm)
            coder.appendBitString(signature)
        }
        return BasicOCSPResponse(
            signed: signed,
            producedAt: producedAt,
            thisUpdate: thisUpdate,
            nextUpdate: responses.compactMap(\.nextUpdate).min()
        )
    }

    private static func append(nonce: [UInt8], to coder: inout DERWriter) {
        let value = DERWriter.encode { $0.appendOctetString(nonce) }
        coder.appendConstructed(.context(1)) { coder in
            coder.serializeSequenceOf([CertificateExtension(.OCSP.nonce, value: value)])
        }
    }
}
