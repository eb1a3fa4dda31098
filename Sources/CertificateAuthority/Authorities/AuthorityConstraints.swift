import CryptographicMessageSyntax
public import Foundation
public import SwiftASN1
import X509

/// What a CA's certificate lets it issue (RFC 5280 §4.2.1 and §6).
public struct AuthorityConstraints: Hashable, Sendable {
    /// The first second of the validity.
    public let notBefore: Date
    /// The last second of the validity.
    public let notAfter: Date
    /// The subject's Name, encoded.
    public let subject: [UInt8]
    /// Whether it is the certificate of a CA (basicConstraints).
    public let isAuthority: Bool
    /// Whether it may sign certificates: it is a CA's, with keyCertSign or without any keyUsage.
    public let mayIssue: Bool
    /// Whether it may sign CRLs: it has cRLSign, or no keyUsage.
    public let maySignRevocationLists: Bool
    /// How many CAs may follow below this one; nil for any number.
    public let pathLength: Int?
    /// Which names may be certified; nil for all.
    public let nameConstraints: AuthorityNameConstraints?
    /// For which purposes certificates may be issued; none for all.
    public let extendedKeyUsage: [ASN1ObjectIdentifier]

    /// Reads a certificate.
    ///
    /// - Parameter certificate: The certificate as DER.
    /// - Throws: ``IssuanceError`` with code `authorityCertificate` where it cannot be read.
    public init(certificate: [UInt8]) throws(IssuanceError) {
        do {
            _ = try BERBounds.lengthOfFirstElement(in: certificate[...])
            let parsed = try Certificate(derEncoded: certificate)
            self.notBefore = parsed.notValidBefore
            self.notAfter = parsed.notValidAfter
            self.subject = try SignerCertificate(encoded: certificate).subject
            switch try parsed.extensions.basicConstraints {
            case .isCertificateAuthority(let maxPathLength)?:
                self.isAuthority = true
                self.pathLength = maxPathLength
            case .notCertificateAuthority?, nil:
                self.isAuthority = false
                self.pathLength = nil
            }
            let usage = try parsed.extensions.keyUsage
            self.mayIssue = self.isAuthority && (usage?.keyCertSign ?? true)
            self.maySignRevocationLists = usage?.cRLSign ?? true
            let extensions = try CertificateExtension.all(of: certificate)
            self.nameConstraints = try extensions.value(of: .Extension.nameConstraints)
                .map(AuthorityNameConstraints.init(value:))
            self.extendedKeyUsage =
                try extensions.value(of: .Extension.extendedKeyUsage).map(RequestedExtensions.purposes(in:)) ?? []
        } catch {
            throw IssuanceError(.authorityCertificate, "the CA's certificate is not readable: \(error)")
        }
    }
}

extension [CertificateExtension] {
    /// The value of an extension; nil where it is not there.
    ///
    /// - Throws: ``CMSError`` with code `malformed` where it is there twice.
    func value(of identifier: ASN1ObjectIdentifier) throws(CMSError) -> [UInt8]? {
        let found = self.filter { $0.identifier == identifier }
        guard found.count <= 1 else { throw CMSError(.malformed, "an extension that is there twice") }
        return found.first?.value
    }
}
