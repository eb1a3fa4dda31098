import CryptographicMessageSyntax
import SwiftASN1
import X509

extension Issuer {
    /// What of a request goes into the certificate.
    struct DecidedRequest {
        /// The subject's Name, encoded.
        var subject: [UInt8]
        /// The value of subjectAltName; nil for none.
        var alternativeNames: [UInt8]?
        /// Extensions that are passed on.
        var passed: [CertificateExtension]
    }

    /// Decides what of a request goes into the certificate.
    ///
    /// - Throws: ``IssuanceError``.
    func decide(
        _ request: RequestedCertificate,
        _ template: CertificateTemplate
    ) throws(IssuanceError) -> DecidedRequest {
        try self.checkedTemplates.check(template)
        try self.checkIsNotOwn(request.subject)
        let extensions = try RequestedExtensions(request.extensions, template: template)
        try Self.check(request.key, template)
        guard Self.isReadable(request.subject) else {
            throw IssuanceError(.subject, "the subject of the request is not readable")
        }
        var decided = DecidedRequest(
            subject: request.subject,
            alternativeNames: extensions.alternativeNames,
            passed: extensions.passed
        )
        let policy = template.alternativeNames
        var usable: [AlternativeName]?
        if !request.areAlternativeNamesDecided, policy.allowed != nil {
            let asked = try AlternativeNames(in: request.extensions).names
            let kept = try policy.kept(of: asked, template: template.name)
            if kept.count < asked.count { decided.alternativeNames = AlternativeNames.extensionValue(of: kept) }
            // A name that a pattern does not allow must not come back as a part of the subject.
            if policy.allowed?.isEmpty == false { usable = kept }
        }
        if !request.isSubjectDecided, case .built(let components) = template.subject {
            let requested = try RequestedNames(subject: request.subject, extensions: request.extensions)
            decided.subject = try SubjectPolicy.build(
                components,
                from: requested.subject,
                usable ?? requested.alternativeNames,
                template: template.name
            )
            try self.checkIsNotOwn(decided.subject)
        }
        guard decided.subject != [0x30, 0x00] || decided.alternativeNames != nil else {
            throw IssuanceError(.subject, "the certificate would have neither a subject nor a subjectAltName")
        }
        return decided
    }

    /// Refuses the CA's own name.
    func checkIsNotOwn(_ subject: [UInt8]) throws(IssuanceError) {
        guard !self.name.isSame(as: subject) else {
            throw IssuanceError(.authorityName, "the request is for the CA's own name")
        }
    }

    /// Whether a subject is a Name as DER, which goes into the certificate as it is.
    static func isReadable(_ subject: [UInt8]) -> Bool {
        (try? DistinguishedName(derEncoded: try DER.parse(subject))) != nil
    }

    private static func check(_ key: CertifiableKey, _ template: CertificateTemplate) throws(IssuanceError) {
        guard template.keys.isEmpty || template.keys.contains(where: { $0.allows(key.publicKey) }) else {
            throw IssuanceError(
                .key,
                "the template \(template.name) is for keys of other kinds: "
                    + template.keys.map(\.description).joined(separator: ", ")
            )
        }
    }
}
