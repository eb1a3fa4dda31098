import CryptographicMessageSyntax
import Foundation
import SCEP

/// The messages of SCEP, and what is in them: what a server reads from a device, and a client from a server.
let messageDecoders: [Decoder] = [
    { bytes in
        let signedData = try SignedData(berEncoded: bytes)
        _ = signedData.derEncoded()
        try signedData.verify(try signedData.soleSigner())
    },
    { bytes in
        let envelope = try EnvelopedData(berEncoded: bytes)
        for case .keyTransport(let recipient) in envelope.recipientInfos {
            _ = try envelope.open(recipient, with: FuzzKey())
        }
    },
    { bytes in
        let request = try CertificationRequest(encoded: bytes)
        _ = try? request.challengePassword
        _ = try? request.requestedExtensions
        try request.verifySignature()
    },
    { bytes in
        let certificate = try SignerCertificate(encoded: bytes)
        _ = certificate.matches(.issuerAndSerialNumber(certificate.identifier))
    },
    { bytes in
        let message = try UnverifiedPKIMessage(berEncoded: bytes)
        let verified = try message.verified(at: .legacy)
        let recipient = try verified.recipient(among: [message.signer.certificate])
        _ = try? verified.openedRequest(as: recipient, with: FuzzKey(), allowingOtherKey: true, at: .legacy)
        _ = try? verified.openedQuery(as: recipient, with: FuzzKey())
        _ = try message.signingTime
    },
    { bytes in
        // The first byte chooses between GET and POST.
        let query = String(decoding: bytes.dropFirst(), as: UTF8.self)
        _ = try Operation(query: query, body: bytes.first == 0 ? [] : nil)
    },
    { bytes in _ = try CACertificates(encoded: bytes).encoded() },
    { bytes in
        let signer = try UnverifiedPKIMessage(berEncoded: bytes).signer.certificate
        guard let transactionID = TransactionID(bytes: [0x31]) else { return }
        _ = try VerifiedCertRep(
            berEncoded: bytes,
            answering: PKIRequest(.pkcsReq, transactionID: transactionID, content: [], senderNonce: []),
            authorities: [signer],
            signer: signer,
            key: FuzzKey()
        )
    },
    { bytes in _ = Capability.parse(String(decoding: bytes, as: UTF8.self)) },
    { bytes in
        let details = try CertificateDetails(encoded: bytes)
        _ = (details.keyUsage, details.isAuthority, details.crlDistributionPoints, details.isIssued(by: details))
    },
    { bytes in _ = try RevocationList(encoded: bytes).isCurrent(at: .distantPast) },
    { bytes in
        let signers = try SignedData(berEncoded: bytes).certificates.prefix(4).map(CertificateDetails.init(encoded:))
        _ = try NextCACertificates(berEncoded: bytes, signedBy: signers)
    },
    { bytes in _ = try IssuerAndSubject(berEncoded: bytes) },
    { bytes in
        let certificates = try CACertificates(encoded: bytes)
        let trust = Trust.certificate(certificates.certificates.first ?? [])
        _ = try TrustedAuthorities(certificates, trust: trust, at: .distantPast)
    },
]

/// A key that takes what is encrypted for the key to the content, so that damaged envelopes are opened too.
private struct FuzzKey: KeyTransportKey {
    func decrypt(_ encryptedKey: [UInt8], transport: KeyTransportAlgorithm, orElse substitute: [UInt8]) -> [UInt8] {
        let key = Array(encryptedKey.prefix(substitute.count))
        return key.count == substitute.count ? key : substitute
    }
}
