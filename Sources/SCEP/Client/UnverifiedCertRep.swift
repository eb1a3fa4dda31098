import CryptographicMessageSyntax
import SwiftASN1

/// What an answer says that it is, before anything of it is verified.
///
/// It is for measuring, where the answers are counted and nobody uses what is in them. A client takes ``VerifiedCertRep``.
public struct UnverifiedCertRep: Hashable, Sendable {
    /// What became of the request.
    public let status: PKIStatus
    /// Why it was refused; nil where it was not.
    public let failInfo: FailInfo?

    /// Reads the attributes of an answer (RFC 8894 §3.2.1).
    ///
    /// - Parameter bytes: BER.
    /// - Throws: ``SCEPError`` with code `mismatch` or `integrity` where it is no CertRep.
    public init(berEncoded bytes: [UInt8]) throws(SCEPError) {
        do {
            let signedData = try SignedData(berEncoded: bytes)
            guard let attributes = signedData.signerInfos.first?.signedAttributes else {
                throw SCEPError(.mismatch, "the answer has no signer")
            }
            func number(_ type: ASN1ObjectIdentifier, _ name: String) throws -> Int? {
                try attributes.singleIfPresent(type, named: name)?.printableString.flatMap { digits in
                    digits.count == 1 ? digits.first.map { Int($0) - 0x30 } : nil
                }
            }
            guard try number(.SCEP.messageType, "messageType") == MessageType.certRep.rawValue else {
                throw SCEPError(.mismatch, "the answer is not a CertRep")
            }
            guard let status = try number(.SCEP.pkiStatus, "pkiStatus").flatMap(PKIStatus.init) else {
                throw SCEPError(.mismatch, "the answer has an unknown pkiStatus")
            }
            self.status = status
            self.failInfo =
                status == .failure ? try number(.SCEP.failInfo, "failInfo").flatMap(FailInfo.init) : nil
            guard status != .failure || self.failInfo != nil else {
                throw SCEPError(.mismatch, "a FAILURE with an unknown failInfo")
            }
        } catch let error as SCEPError {
            throw error
        } catch {
            throw SCEPError(.integrity, "\(error)")
        }
    }
}
