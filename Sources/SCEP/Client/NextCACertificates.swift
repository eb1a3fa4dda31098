public import CryptographicMessageSyntax
import SwiftASN1

/// The answer to GetNextCACert, believed because the CA of today has signed it (RFC 8894 §4.7.1).
///
/// It is SignedData whose content is the degenerate SignedData that GetCACert will answer once the next CA is in charge.
public struct NextCACertificates: Hashable, Sendable {
    /// The certificates of the next CA and its RA, in the order received.
    public let certificates: [CertificateDetails]
    /// The certificate that signed the answer.
    public let signer: CertificateDetails
    /// The digest of that signature, or of its mask where that is weaker.
    public let digest: DigestAlgorithm

    /// The CAs among them, which are to be trusted from now on.
    public var authorities: [CertificateDetails] { self.certificates.filter(\.isAuthority) }

    /// Reads and checks an answer.
    ///
    /// Several may have signed, the CA and its RA for example. One whom the client trusts is enough.
    ///
    /// - Parameters:
    ///   - bytes: BER.
    ///   - signers: Who may have signed: the certificates of today's GetCACert that are believed.
    /// - Throws: ``SCEPError``: `integrity` where none of them has signed, or the signature is wrong; `mismatch` where
    ///   the content is something else.
    public init(berEncoded bytes: [UInt8], signedBy signers: [CertificateDetails]) throws(SCEPError) {
        let signedData: SignedData
        do throws(CMSError) {
            signedData = try SignedData(berEncoded: bytes)
        } catch {
            throw SCEPError(.mismatch, "the answer to GetNextCACert is not signed: \(error.reason)")
        }
        let (signer, digest) = try Self.signer(of: signedData, among: signers)
        do {
            let inner = try Self.content(of: signedData)
            guard inner.signerInfos.isEmpty, !inner.certificates.isEmpty else {
                throw SCEPError(.mismatch, "the answer to GetNextCACert does not hold certificates alone")
            }
            self.certificates = try inner.certificates.map(CertificateDetails.init(encoded:))
        } catch let error as SCEPError {
            throw error
        } catch {
            throw SCEPError(.mismatch, "the content of the answer to GetNextCACert is not readable: \(error)")
        }
        self.signer = signer
        self.digest = digest
        guard self.certificates.contains(where: \.isAuthority) else {
            throw SCEPError(.mismatch, "the answer to GetNextCACert holds no CA certificate")
        }
    }

    /// The first signature by somebody whom the client trusts that verifies.
    private static func signer(
        of signedData: SignedData,
        among signers: [CertificateDetails]
    ) throws(SCEPError) -> (CertificateDetails, DigestAlgorithm) {
        var failure: CMSError?
        for info in signedData.signerInfos {
            for candidate in signers where candidate.certificate.matches(info.signer) {
                let signer = Signer(info: info, certificate: candidate.certificate)
                do throws(CMSError) {
                    try signedData.verify(signer)
                    return (candidate, min(try signer.digest, try signer.signatureAlgorithm.weakestDigest))
                } catch {
                    failure = error
                }
            }
        }
        throw SCEPError(
            .integrity,
            failure.map { "the signature of the answer to GetNextCACert is wrong: \($0.reason)" }
                ?? "the answer to GetNextCACert is not signed by the CA that is known now, nor by its RA"
        )
    }

    /// The nested SignedData; servers write it with a ContentInfo around it or, as RFC 5652 §5.2 has it for an
    /// eContentType of id-signedData, without.
    private static func content(of signedData: SignedData) throws(CMSError) -> SignedData {
        let content = signedData.content ?? []
        do throws(CMSError) {
            return try SignedData(berEncoded: content)
        } catch {
            guard signedData.contentType == .CMS.signedData else { throw error }
            return try SignedData(berEncoded: Self.contentInfo(around: content))
        }
    }

    private static func contentInfo(around content: [UInt8]) -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(ASN1ObjectIdentifier.CMS.signedData)
                coder.appendConstructed(.context(0)) { $0.append(encoded: content) }
            }
        }
    }
}
