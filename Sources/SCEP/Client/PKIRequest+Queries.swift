public import CryptographicMessageSyntax
import SwiftASN1

/// The messages that carry no certification request (RFC 8894 §3.3.3 and §3.3.4).
extension PKIRequest {
    /// CertPoll: asks again for the certificate of a request that is pending.
    ///
    /// - Parameters:
    ///   - names: The CA, and the subject of the request.
    ///   - transactionID: The one of the request (RFC 8894 §3.2.1.1).
    /// - Returns: The message, with a fresh nonce.
    public static func certPoll(_ names: IssuerAndSubject, transactionID: TransactionID) -> PKIRequest {
        PKIRequest(
            .certPoll,
            transactionID: transactionID,
            content: DERWriter.encode { names.serialize(into: &$0) }
        )
    }

    /// GetCert: asks for a certificate that was issued before.
    ///
    /// - Parameters:
    ///   - certificate: Which one.
    ///   - transactionID: Any one.
    /// - Returns: The message, with a fresh nonce.
    /// - Throws: An ASN.1 error.
    public static func getCert(
        _ certificate: IssuerAndSerialNumber,
        transactionID: TransactionID = .random()
    ) throws -> PKIRequest {
        PKIRequest(
            .getCert,
            transactionID: transactionID,
            content: DERWriter.encode { $0.serialize(certificate) }
        )
    }

    /// GetCRL: asks for the CRL that would list a certificate if it were revoked.
    ///
    /// - Parameters:
    ///   - certificate: The certificate whose status is in question.
    ///   - transactionID: Any one.
    /// - Returns: The message, with a fresh nonce.
    /// - Throws: An ASN.1 error.
    public static func getCRL(
        for certificate: IssuerAndSerialNumber,
        transactionID: TransactionID = .random()
    ) throws -> PKIRequest {
        PKIRequest(
            .getCRL,
            transactionID: transactionID,
            content: DERWriter.encode { $0.serialize(certificate) }
        )
    }
}
