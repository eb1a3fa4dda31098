import CryptographicMessageSyntax
import Foundation
public import SCEP

/// What a client has learned of a server: who it is, and how to talk to it.
///
/// A value: messages are made and answers judged by as many at once as like, without waiting for each other.
public struct NegotiatedServer: Sendable {
    /// Where it is.
    public let url: SCEPURL
    let configuration: ClientConfiguration
    let algorithms: AlgorithmChoice
    /// Its certificates, sorted out and believed.
    public let authorities: TrustedAuthorities
    /// Whether messages go by POST; otherwise by GET with the message in base64 (RFC 8894 §4.1).
    let isPOST: Bool

    /// Encrypts and signs a message.
    ///
    /// - Parameters:
    ///   - request: The message.
    ///   - signer: Who signs it.
    /// - Returns: How it goes over HTTP.
    /// - Throws: ``SCEPClientError`` with code `input`.
    func encode(_ request: PKIRequest, signer: ClientIdentity) throws(SCEPClientError) -> TransportRequest {
        let message: [UInt8]
        do {
            message = try request.encoded(
                for: [self.authorities.recipient.certificate],
                signer: signer.certificate,
                key: signer.key,
                digest: self.algorithms.digest,
                cipher: self.algorithms.cipher
            )
        } catch {
            throw SCEPClientError(.input, "The message cannot be made: \(error).")
        }
        return TransportRequest(
            url: self.url.url("PKIOperation", message: self.isPOST ? nil : Data(message).base64EncodedString()),
            body: self.isPOST ? message : nil,
            maximumAnswerSize: self.configuration.maximumAnswerSize,
            timeout: self.configuration.timeout
        )
    }

    /// Believes an answer, or not.
    ///
    /// - Parameters:
    ///   - answer: The body.
    ///   - request: What it has to answer.
    ///   - signer: Who signed that.
    ///   - opener: How the envelope is opened.
    /// - Returns: The answer, verified.
    /// - Throws: ``SCEPClientError``: `answer` or `weak`.
    func verify(
        _ answer: [UInt8],
        answering request: PKIRequest,
        signer: ClientIdentity,
        opener: EnvelopeOpener
    ) throws(SCEPClientError) -> VerifiedCertRep {
        let verified: VerifiedCertRep
        do throws(SCEPError) {
            verified = try VerifiedCertRep(
                berEncoded: answer,
                answering: request,
                authorities: self.authorities.signers.map(\.certificate),
                signer: signer.certificate,
                opener: opener
            )
        } catch {
            throw SCEPClientError(answer: error)
        }
        self.configuration.observer?(.verified(verified))
        // A refusal brings nothing that somebody could have forged to his advantage, and it says what is wrong.
        if verified.answer.status == .success {
            try AlgorithmChoice.check(
                digest: verified.digest,
                cipher: verified.contentEncryption,
                allowWeak: self.configuration.allowWeak
            )
        }
        return verified
    }
}

extension VerifiedCertRep {
    /// The certificate that was asked for, from a CA that is believed, and what came with it; nil while the request is
    /// pending.
    ///
    /// - Parameters:
    ///   - key: The key in the request.
    ///   - authorities: Who is believed.
    /// - Returns: The certificate and the others.
    /// - Throws: ``SCEPClientError``: `refused`, `answer` or `weak`.
    func enrolled(
        _ key: SubjectPublicKeyInfo,
        by authorities: TrustedAuthorities
    ) throws(SCEPClientError) -> (CertificateDetails, [CertificateDetails])? {
        switch self.answer {
        case .pending: return nil
        case .failure(let failInfo, let text): throw SCEPClientError(failInfo, text: text)
        case .success:
            do throws(SCEPError) {
                let (certificate, others) = try self.enrolled(key)
                try authorities.checkIssued(certificate, intermediates: others)
                return (certificate, others)
            } catch {
                throw SCEPClientError(answer: error)
            }
        }
    }
}
