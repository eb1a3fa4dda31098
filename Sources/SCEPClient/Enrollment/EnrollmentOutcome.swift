import CryptographicMessageSyntax
public import Foundation
public import SCEP

/// What came of a request for a certificate; a refusal is an error.
public enum EnrollmentOutcome: Sendable {
    /// The certificate, and what came with it.
    case issued(CertificateDetails, others: [CertificateDetails])
    /// Somebody has yet to decide; to be asked again.
    case pending(PendingEnrollment)
}

/// What it takes to ask again for a certificate, today or next week: no secret is in it.
public struct PendingEnrollment: Codable, Hashable, Sendable {
    /// The transaction.
    public let transactionID: String
    /// The subject's Name in the request, encoded.
    public let subject: Data
    /// The key to be certified, encoded.
    public let publicKey: Data
    /// The certificate that signed the request, and has to sign the polls: the server knows the request by its key.
    public let signerCertificate: Data

    /// Notes down a request.
    public init(_ request: EnrollmentRequest) {
        self.transactionID = request.transactionID.description
        self.subject = Data(request.request.subject)
        self.publicKey = Data(request.request.publicKey.derEncoded)
        self.signerCertificate = Data(request.signer.certificate.encoded)
    }

    /// The parts, read.
    ///
    /// - Parameter key: The key of the certificate that signed the request.
    /// - Returns: Who signs, the transaction, the subject and the key to be certified.
    /// - Throws: ``SCEPClientError`` with code `input` where the notes are damaged or the key is another one.
    func read(
        with key: ClientKey
    ) throws(SCEPClientError) -> (
        signer: ClientIdentity, transactionID: TransactionID, subject: [UInt8], publicKey: SubjectPublicKeyInfo
    ) {
        let signer = try ClientIdentity(certificate: Array(self.signerCertificate), key: key)
        guard let transactionID = TransactionID(bytes: Array(self.transactionID.utf8)),
            let publicKey = try? SubjectPublicKeyInfo(derEncoded: Array(self.publicKey))
        else {
            throw SCEPClientError(.input, "The notes about the pending request are damaged.")
        }
        return (signer, transactionID, Array(self.subject), publicKey)
    }
}
