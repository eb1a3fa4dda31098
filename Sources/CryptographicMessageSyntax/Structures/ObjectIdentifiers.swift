public import SwiftASN1

extension ASN1ObjectIdentifier {
    /// The object identifiers of CMS: content types and the signed attributes that every message has.
    public enum CMS {
        /// id-data, RFC 5652 §4.
        public static let data: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 1]
        /// id-signedData, RFC 5652 §5.1.
        public static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
        /// id-envelopedData, RFC 5652 §6.1.
        public static let envelopedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 3]
        /// id-contentType, RFC 5652 §11.1.
        public static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 3]
        /// id-messageDigest, RFC 5652 §11.2.
        public static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 4]
        /// id-signingTime, RFC 5652 §11.3.
        public static let signingTime: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 5]
    }
}
