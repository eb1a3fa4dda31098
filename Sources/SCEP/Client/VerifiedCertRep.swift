public import CryptographicMessageSyntax
import SwiftASN1

/// A CertRep that a client has checked: it was signed by the server it trusts and answers this very request.
public struct VerifiedCertRep: Sendable {
    /// What the server says.
    public let answer: CertRep
    /// How the answer was encrypted; nil where nothing was.
    public let contentEncryption: ContentEncryptionAlgorithm?
    /// The digest of the signature.
    public let digest: DigestAlgorithm

    /// Reads and checks an answer (RFC 8894 §3.3.2, §3.2.1.5).
    ///
    /// - Parameters:
    ///   - bytes: BER.
    ///   - request: What was asked.
    ///   - authorities: The certificates from GetCACert, whose chain the caller trusts: one of them has to have signed.
    ///   - signer: The certificate that signed the request, to which the answer is encrypted.
    ///   - key: That certificate's key.
    /// - Throws: ``SCEPError``: `mismatch` where the answer is not one to this request, `integrity` where the
    ///   signature is wrong or a stranger's, `envelope` where it does not open.
    public init(
        berEncoded bytes: [UInt8],
        answering request: PKIRequest,
        authorities: [SignerCertificate],
        signer: SignerCertificate,
        key: some KeyTransportKey
    ) throws(SCEPError) {
        do {
            let signedData = try SignedData(berEncoded: bytes)
            guard let info = signedData.signerInfos.first, signedData.signerInfos.count == 1 else {
                throw SCEPError(.mismatch, "the answer has \(signedData.signerInfos.count) signers, not one")
            }
            guard let authority = authorities.first(where: { $0.matches(info.signer) }) else {
                throw SCEPError(.integrity, "the answer is signed by someone whom GetCACert did not name")
            }
            let server = Signer(info: info, certificate: authority)
            try signedData.verify(server)
            self.digest = try server.digest
            let attributes = info.signedAttributes
            func text(_ type: ASN1ObjectIdentifier, _ name: String) throws -> String? {
                try attributes.singleIfPresent(type, named: name)?.printableString.map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
            guard try text(.SCEP.messageType, "messageType") == "\(MessageType.certRep.rawValue)" else {
                throw SCEPError(.mismatch, "the answer is not a CertRep")
            }
            guard try text(.SCEP.transactionID, "transactionID") == request.transactionID.description else {
                throw SCEPError(.mismatch, "the answer belongs to another transaction")
            }
            guard
                try attributes.single(.SCEP.recipientNonce, named: "recipientNonce").octetString == request.senderNonce
            else {
                throw SCEPError(.mismatch, "the recipientNonce is not the nonce that was sent: a replayed answer")
            }
            let status = try text(.SCEP.pkiStatus, "pkiStatus").flatMap(Int.init).flatMap(PKIStatus.init)
            switch status {
            case .success:
                let envelope = try EnvelopedData(berEncoded: signedData.content ?? [])
                let content = try envelope.open(try envelope.recipient(for: signer), with: key)
                let certificates = try SignedData(berEncoded: content)
                self.contentEncryption = try envelope.contentEncryption
                self.answer = .success(certificates: certificates.certificates, crls: certificates.crls)
            case .failure:
                let failInfo = try text(.SCEP.failInfo, "failInfo").flatMap(Int.init).flatMap(FailInfo.init)
                guard let failInfo else { throw SCEPError(.mismatch, "a FAILURE with an unknown failInfo") }
                let value = try attributes.singleIfPresent(.SCEP.failInfoText, named: "failInfoText")
                let text = try value.map { String(try ASN1UTF8String(derEncoded: $0)) }
                self.contentEncryption = nil
                self.answer = .failure(failInfo, text: text ?? "")
            case .pending:
                self.contentEncryption = nil
                self.answer = .pending
            case nil:
                throw SCEPError(.mismatch, "the answer has an unknown pkiStatus")
            }
        } catch let error as SCEPError {
            throw error
        } catch let error as CMSError where error.code == .decryption || error.code == .recipient {
            throw SCEPError(.envelope, error.reason)
        } catch {
            throw SCEPError(.integrity, "\(error)")
        }
    }
}
