public import SwiftASN1

extension ASN1ObjectIdentifier {
    /// The purposes of certificates, RFC 5280 §4.2.1.12.
    public enum ExtendedKeyUsage {
        /// TLS servers.
        public static let serverAuth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 1]
        /// TLS clients.
        public static let clientAuth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 2]
        /// Signing and encrypting mail.
        public static let emailProtection: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 4]
        /// Signing OCSP responses for the CA that issued the certificate (RFC 6960 §4.2.2.2).
        public static let ocspSigning: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 9]
        /// Every purpose.
        public static let any: ASN1ObjectIdentifier = [2, 5, 29, 37, 0]
        /// Microsoft's certificate request agent: enrolling in the name of others.
        public static let certificateRequestAgent: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2, 1]
    }

    /// The extensions that are written or looked at, RFC 5280 §4.2, and those of others that templates name.
    public enum Extension {
        /// subjectKeyIdentifier.
        public static let subjectKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 14]
        /// keyUsage.
        public static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
        /// subjectAltName.
        public static let subjectAltName: ASN1ObjectIdentifier = [2, 5, 29, 17]
        /// basicConstraints.
        public static let basicConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
        /// cRLNumber, of CRLs (§5.2.3).
        public static let cRLNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
        /// authorityKeyIdentifier.
        public static let authorityKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 35]
        /// extKeyUsage.
        public static let extendedKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 37]
        /// issuerAltName.
        public static let issuerAltName: ASN1ObjectIdentifier = [2, 5, 29, 18]
        /// nameConstraints.
        public static let nameConstraints: ASN1ObjectIdentifier = [2, 5, 29, 30]
        /// cRLDistributionPoints.
        public static let cRLDistributionPoints: ASN1ObjectIdentifier = [2, 5, 29, 31]
        /// certificatePolicies.
        public static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
        /// policyMappings.
        public static let policyMappings: ASN1ObjectIdentifier = [2, 5, 29, 33]
        /// policyConstraints.
        public static let policyConstraints: ASN1ObjectIdentifier = [2, 5, 29, 36]
        /// freshestCRL.
        public static let freshestCRL: ASN1ObjectIdentifier = [2, 5, 29, 46]
        /// inhibitAnyPolicy.
        public static let inhibitAnyPolicy: ASN1ObjectIdentifier = [2, 5, 29, 54]
        /// authorityInfoAccess.
        public static let authorityInfoAccess: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 1]
        /// subjectInfoAccess.
        public static let subjectInfoAccess: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 11]
        /// proxyCertInfo (RFC 3820 §3.8).
        public static let proxyCertificateInformation: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 14]
        /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
        public static let ocspNoCheck: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]
        /// The list of signed certificate timestamps (RFC 6962 §3.3).
        public static let signedCertificateTimestamps: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2]
        /// The poison of precertificates (RFC 6962 §3.1).
        public static let certificateTransparencyPoison: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 3]
        /// Microsoft's certificate template by its name, as Windows clients and NDES ask for it.
        public static let microsoftTemplateName: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2]
        /// Microsoft's certificate template by its OID.
        public static let microsoftTemplate: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 21, 7]
        /// Microsoft's security identifier of an account, by which domain controllers map certificates to it.
        public static let microsoftSecurityIdentifier: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 25, 2]
    }
}
