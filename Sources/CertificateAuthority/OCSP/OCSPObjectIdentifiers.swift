import SwiftASN1

extension ASN1ObjectIdentifier {
    /// The object identifiers of OCSP (RFC 6960 §4.2.1 and §4.4), all below id-pkix-ocsp.
    enum OCSP {
        /// id-pkix-ocsp-nonce.
        static let nonce: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2]
        /// id-pkix-ocsp-response: the types of answer that a client reads.
        static let acceptableResponses: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 4]
    }
}
