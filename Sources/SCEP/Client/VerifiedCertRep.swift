public import CryptographicMessageSyntax
import SwiftASN1

/// A CertRep that a client has checked: it was signed by the server it trusts and answers this very request.
public struct VerifiedCertRep: Sendable {
    /// What the server says.
    public let answer: CertRep
    /// How the answer was encrypted; nil where nothing was.
    public let contentEncryption: ContentEncryptionAlgorithm?
    /// The digest of the signature, or of its mask where that is weaker.
    public let digest: DigestAlgorithm

    /// Reads and checks an answer (RFC 8894 §3.3.2, §3.2.1.5).
    ///
    /// - Parameters:
    ///   - bytes: BER.
    ///   - request: What was asked.
    ///   - authorities: The certificates from GetCACert, whose chain the caller trusts: one of them has to have signed.
    ///   - signer: The certificate that signed the request, to which the answer is encrypted.
    ///   - opener: How the envelope is opened.
    /// - Throws: ``SCEPError``: `mismatch` where the answer is not one to this request or says something unknown,
    ///   `integrity` where the signature is wrong or a stranger's, `envelope` where it does not open.
    public init(
        berEncoded bytes: [UInt8],
        answering request: PKIRequest,
        authorities: [SignerCertificate],
        signer: SignerCertificate,
        opener: EnvelopeOpener
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
            self.digest = min(try server.digest, try server.signatureAlgorithm.weakestDigest)
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
            switch try text(.SCEP.pkiStatus, "pkiStatus").flatMap(Self.digit).flatMap(PKIStatus.init) {
            case .success:
                let envelope = try EnvelopedData(berEncoded: signedData.content ?? [])
                let content = try opener.open(envelope, for: signer)
                let inner = try SignedData(berEncoded: content)
                guard inner.signerInfos.isEmpty else {
                    throw SCEPError(.mismatch, "what is enveloped is signed: it should only carry certificates or CRLs")
                }
                guard !inner.certificates.isEmpty || !inner.crls.isEmpty else {
                    throw SCEPError(.mismatch, "a SUCCESS without a certificate or CRL in it")
                }
                self.contentEncryption = try envelope.contentEncryption
                self.answer = .success(certificates: inner.certificates, crls: inner.crls)
            case .failure:
                let number = try text(.SCEP.failInfo, "failInfo").flatMap(Self.digit)
                guard let failInfo = number.flatMap(FailInfo.init) else {
                    throw SCEPError(.mismatch, "a FAILURE with an unknown failInfo")
                }
                // Only people read it, so what is written in another way is as good as absent.
                let value = try attributes.singleIfPresent(.SCEP.failInfoText, named: "failInfoText")
                self.contentEncryption = nil
                self.answer = .failure(failInfo, text: value?.text ?? "")
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

    /// Reads and checks an answer that is opened with the key of the certificate that signed the request.
    ///
    /// - Parameters:
    ///   - bytes: BER.
    ///   - request: What was asked.
    ///   - authorities: The certificates from GetCACert, whose chain the caller trusts: one of them has to have signed.
    ///   - signer: The certificate that signed the request, to which the answer is encrypted.
    ///   - key: That certificate's key.
    /// - Throws: ``SCEPError``, as with an ``EnvelopeOpener``.
    public init(
        berEncoded bytes: [UInt8],
        answering request: PKIRequest,
        authorities: [SignerCertificate],
        signer: SignerCertificate,
        key: any KeyTransportKey
    ) throws(SCEPError) {
        try self.init(
            berEncoded: bytes,
            answering: request,
            authorities: authorities,
            signer: signer,
            opener: .key(key)
        )
    }

    /// The number that one digit is; Int alone would also take a sign or leading zeros.
    private static func digit(_ text: String) -> Int? { text.count == 1 ? text.first?.wholeNumberValue : nil }
}

extension [UInt8] {
    /// The text of an encoded UTF8String, or of the PrintableString that some servers write; nil where it is neither.
    fileprivate var text: String? {
        if let characters = self.printableString { return String(validating: characters, as: UTF8.self) }
        return (try? ASN1UTF8String(derEncoded: self)).map { String($0) }
    }
}

extension VerifiedCertRep {
    /// The certificates of a SUCCESS whose key is the one in the request, wherever they are among the others.
    ///
    /// RFC 8894 §3.4 lets a server send the chain along, in any order: a CertificateSet is a SET, which DER sorts.
    ///
    /// - Parameter key: The key in the request.
    /// - Returns: The certificate, and those that came with it.
    /// - Throws: ``SCEPError`` with code `mismatch`.
    public func enrolled(
        _ key: SubjectPublicKeyInfo
    ) throws(SCEPError) -> (certificate: CertificateDetails, others: [CertificateDetails]) {
        try self.certificate(where: { $0.certificate.publicKey.isSameKey(as: key) }, described: "the requested key")
    }

    /// The certificate of a SUCCESS to GetCert.
    ///
    /// - Parameter identifier: What was asked for.
    /// - Returns: The certificate, and those that came with it.
    /// - Throws: ``SCEPError`` with code `mismatch`.
    public func certificate(
        _ identifier: IssuerAndSerialNumber
    ) throws(SCEPError) -> (certificate: CertificateDetails, others: [CertificateDetails]) {
        try self.certificate(where: { $0.certificate.identifier == identifier }, described: "the requested number")
    }

    private func certificate(
        where isRight: (CertificateDetails) -> Bool,
        described what: String
    ) throws(SCEPError) -> (certificate: CertificateDetails, others: [CertificateDetails]) {
        guard case .success(let certificates, _) = self.answer else {
            throw SCEPError(.mismatch, "the server has not sent a certificate")
        }
        // One that cannot be read is not the right one; some CAs send certificates along that nobody asked for.
        var others = certificates.compactMap { try? CertificateDetails(encoded: $0) }
        guard let position = others.firstIndex(where: isRight) else {
            throw SCEPError(.mismatch, "none of the \(certificates.count) certificates in the answer has \(what)")
        }
        return (others.remove(at: position), others)
    }

    /// The CRL of a SUCCESS to GetCRL.
    ///
    /// - Parameter issuer: The Name of the CA whose CRL was asked for.
    /// - Returns: The CRL.
    /// - Throws: ``SCEPError`` with code `mismatch`.
    public func crl(of issuer: [UInt8]) throws(SCEPError) -> RevocationList {
        guard case .success(_, let crls) = self.answer else {
            throw SCEPError(.mismatch, "the server has not sent a CRL")
        }
        for encoded in crls {
            if let crl = try? RevocationList(encoded: encoded), crl.issuer == issuer { return crl }
        }
        throw SCEPError(.mismatch, "none of the \(crls.count) CRLs in the answer is of the CA that was asked")
    }
}
