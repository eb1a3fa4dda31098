/// Why a certificate is not issued.
public struct IssuanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Code: String, Hashable, Sendable {
        /// The request asks to be a CA, or to sign certificates.
        case asksForAuthority
        /// The subject is empty and no SAN is there, or it cannot be read.
        case subject
        /// The subject is the CA's own name.
        case authorityName
        /// The key is a CA's or RA's own.
        case authorityKey
        /// The key is of a kind or size that is not certified.
        case key
        /// The key is known to be weak.
        case weakKey
        /// A requested extension cannot be read.
        case badExtension
        /// A validity was asked for that the template does not allow.
        case validity
        /// A renewal is for another subject than the certificate.
        case renewedSubject
        /// A renewal asks for a SAN that the certificate does not have.
        case renewedAlternativeNames
        /// The certificate to be renewed cannot be read.
        case renewedCertificate
        /// A CRL cannot say what it was told to: a serial number or a time is none.
        case revocationList
        /// The CA's certificate has ended, or ends too soon.
        case authorityExpired
        /// The CA's certificate cannot be read, or is none that may issue.
        case authorityCertificate
        /// A certificate does not belong to a chain, or the chain does not hold.
        case chain
        /// A sub-CA would have more CAs below it than the CA may have.
        case pathLength
        /// A name is outside the CA's name constraints.
        case nameConstraints
        /// A purpose was asked for that the CA does not grant.
        case extendedKeyUsage
        /// What a CA is to be cannot be.
        case authorityTerms
        /// A template cannot be.
        case template
        /// A requested SAN is none that the template allows.
        case alternativeName
        /// A critical extension was asked for that the template has nothing to say about.
        case unknownCriticalExtension
        /// A URL of CRLs, OCSP or the CA's certificate is none.
        case distribution
    }

    /// The kind of error.
    public var code: Code
    /// What was found, and what to do about it.
    public var reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason, which is a sentence of its own.
    public var description: String { self.reason }
}
