import SwiftASN1

/// A signer of a message, found but not yet believed.
public struct Signer: Hashable, Sendable {
    /// What the signer says.
    public let info: SignerInfo
    /// The certificate with the key that is said to have signed.
    public let certificate: SignerCertificate

    /// Puts together what a signer says and the certificate that it is verified with.
    public init(info: SignerInfo, certificate: SignerCertificate) {
        self.info = info
        self.certificate = certificate
    }

    /// The digest of the content.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public var digest: DigestAlgorithm {
        get throws(CMSError) { try DigestAlgorithm(self.info.digestAlgorithm) }
    }

    /// How it is signed.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public var signatureAlgorithm: SignatureAlgorithm {
        get throws(CMSError) { try SignatureAlgorithm(self.info.signatureAlgorithm, digest: try self.digest) }
    }
}

extension SignedData {
    /// Finds the only signer, and its certificate among those sent along.
    ///
    /// Nothing is verified; what comes back is what a policy needs to judge the algorithms and the key before any
    /// computation.
    ///
    /// - Throws: ``CMSError``: `signerCount` or `signerCertificate`.
    public func soleSigner() throws(CMSError) -> Signer {
        guard self.signerInfos.count == 1, let info = self.signerInfos.first else {
            throw CMSError(.signerCount, "the message has \(self.signerInfos.count) signers, not one")
        }
        var unreadable: CMSError?
        for encoded in self.certificates {
            do {
                let certificate = try SignerCertificate(encoded: encoded)
                if certificate.matches(info.signer) { return Signer(info: info, certificate: certificate) }
            } catch {
                unreadable = error
            }
        }
        throw CMSError(
            .signerCertificate,
            unreadable.map { "the signer's certificate is not readable: \($0.reason)" }
                ?? "the signer's certificate is not among the \(self.certificates.count) in the message"
        )
    }

    /// Finds a signer whose certificate is one of those given, for a reader that trusts certain authorities.
    ///
    /// Others may have signed as well, and the certificates in the message do not matter. Nothing is verified.
    ///
    /// - Parameter certificates: The certificates; the first of them by which the message is signed is taken.
    /// - Returns: The signer.
    /// - Throws: ``CMSError`` with code `signerCertificate` where it is signed by none of them.
    public func signer(among certificates: [SignerCertificate]) throws(CMSError) -> Signer {
        for certificate in certificates {
            if let info = self.signerInfos.first(where: { certificate.matches($0.signer) }) {
                return Signer(info: info, certificate: certificate)
            }
        }
        throw CMSError(
            .signerCertificate,
            "none of the \(self.signerInfos.count) signers of the message is one of the \(certificates.count) expected"
        )
    }

    /// Verifies that a signer signed this content.
    ///
    /// - Parameters:
    ///   - signer: From ``soleSigner()`` or ``signer(among:)``.
    ///   - key: The key to verify with; the certificate's own where nil.
    /// - Throws: ``CMSError``: `signedAttribute`, `messageDigest` or `signature`; `unsupportedAlgorithm` where the
    ///   algorithm, or the type of the key, is none by which anything is verified.
    public func verify(_ signer: Signer, under key: SubjectPublicKeyInfo? = nil) throws(CMSError) {
        let attributes = signer.info.signedAttributes
        guard !attributes.isEmpty else { throw CMSError(.signedAttribute, "the message has no signed attributes") }
        let type = try attributes.single(.CMS.contentType, named: "contentType")
        guard
            try decodeBER(type[...], as: "contentType", { try ASN1ObjectIdentifier(berEncoded: $0) })
                == self.contentType
        else {
            throw CMSError(.signedAttribute, "the signed contentType is not the content's type (RFC 5652 §11.1)")
        }
        let value = try attributes.single(.CMS.messageDigest, named: "messageDigest")
        let digest = try decodeBER(value[...], as: "messageDigest") { Array(try ASN1OctetString(berEncoded: $0).bytes) }
        let algorithm = try signer.digest
        guard digest == algorithm.digest(of: self.content ?? []) else {
            throw CMSError(.messageDigest, "the signed messageDigest is not the \(algorithm.rawValue) of the content")
        }
        let signatureAlgorithm = try signer.signatureAlgorithm
        let signerKey = key ?? signer.certificate.publicKey
        try signerKey.checkVerifies()
        func isValid(for bytes: [UInt8]) -> Bool {
            signatureAlgorithm.isValid(signer.info.signature, for: bytes, under: signerKey)
        }
        guard
            isValid(for: signer.info.receivedAttributes)
                || signer.info.sortedAttributesIfOther().map({ isValid(for: $0) }) ?? false
        else {
            throw CMSError(.signature, "the signature does not verify under the key of the signer's certificate")
        }
    }
}
