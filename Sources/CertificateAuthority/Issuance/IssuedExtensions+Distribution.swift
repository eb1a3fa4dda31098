import CryptographicMessageSyntax
import SwiftASN1

extension CertificateExtension {
    /// cRLDistributionPoints: one point with all URLs, which are ways to the same CRL; nil where there is none.
    ///
    /// ```
    /// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
    ///
    /// DistributionPoint ::= SEQUENCE {
    ///     distributionPoint  [0] DistributionPointName OPTIONAL,
    ///     … }
    ///
    /// DistributionPointName ::= CHOICE {
    ///     fullName  [0] GeneralNames,
    ///     … }
    /// ```
    /// RFC 5280 §4.2.1.13.
    static func distributionPoints(_ urls: [String]) -> CertificateExtension? {
        guard !urls.isEmpty else { return nil }
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.appendConstructed(.context(0)) { coder in
                        coder.appendConstructed(.context(0)) { coder in
                            for url in urls { coder.appendUniformResourceIdentifier(url) }
                        }
                    }
                }
            }
        }
        return CertificateExtension(.Extension.cRLDistributionPoints, value: value)
    }

    /// authorityInfoAccess: where OCSP answers, and where the CA's certificate is; nil where there is nothing.
    ///
    /// ```
    /// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
    ///
    /// AccessDescription ::= SEQUENCE {
    ///     accessMethod    OBJECT IDENTIFIER,
    ///     accessLocation  GeneralName }
    /// ```
    /// RFC 5280 §4.2.2.1.
    static func informationAccess(ocsp: [String], issuers: [String]) -> CertificateExtension? {
        // id-ad-ocsp and id-ad-caIssuers
        let ocspMethod: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1]
        let issuersMethod: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 2]
        let descriptions = ocsp.map { (ocspMethod, $0) } + issuers.map { (issuersMethod, $0) }
        guard !descriptions.isEmpty else { return nil }
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for (method, location) in descriptions {
                    coder.appendConstructed(.sequence) { coder in
                        coder.append(method)
                        coder.appendUniformResourceIdentifier(location)
                    }
                }
            }
        }
        return CertificateExtension(.Extension.authorityInfoAccess, value: value)
    }

    /// certificatePolicies; nil where there are none.
    ///
    /// ```
    /// CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
    ///
    /// PolicyInformation ::= SEQUENCE {
    ///     policyIdentifier  CertPolicyId,
    ///     policyQualifiers  SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
    ///
    /// PolicyQualifierInfo ::= SEQUENCE {
    ///     policyQualifierId  PolicyQualifierId,
    ///     qualifier          ANY DEFINED BY policyQualifierId }
    /// ```
    /// RFC 5280 §4.2.1.4. The one qualifier is the URI of a certification practice statement, an IA5String.
    static func policies(_ policies: [CertificatePolicy]) -> CertificateExtension? {
        guard !policies.isEmpty else { return nil }
        let practiceStatement: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 1]
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for policy in policies {
                    coder.appendConstructed(.sequence) { coder in
                        coder.append(policy.identifier)
                        guard let cps = policy.cps else { return }
                        coder.appendConstructed(.sequence) { coder in
                            coder.appendConstructed(.sequence) { coder in
                                coder.append(practiceStatement)
                                coder.append(.ia5String, cps.utf8)
                            }
                        }
                    }
                }
            }
        }
        return CertificateExtension(.Extension.certificatePolicies, value: value)
    }
}

extension DERWriter {
    /// Writes a URI as a GeneralName (RFC 5280 §4.2.1.6).
    fileprivate mutating func appendUniformResourceIdentifier(_ text: String) {
        self.append(.primitive(6), text.utf8)
    }
}
