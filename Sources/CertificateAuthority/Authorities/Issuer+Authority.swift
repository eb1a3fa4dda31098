public import CryptographicMessageSyntax
public import Foundation

extension Issuer {
    /// The sizes of RSA keys that a CA can have.
    static let authorityKeyBits = 2048...8192

    /// Issues the certificate of another CA.
    ///
    /// What a verifier would refuse is refused here: a validity that ends after this CA's, more CAs below than this one may
    /// have, purposes that it does not grant, a name outside its name constraints. Where no path length is asked for and
    /// this CA has one, it is one less; where no policies are, it is anyPolicy, so that this CA's hold.
    ///
    /// - Parameters:
    ///   - terms: What the CA is to be.
    ///   - publicKey: Its key.
    ///   - crlURLs: Where this CA's CRL is, with the placeholders of a ``CertificateTemplate``.
    ///   - issuerURLs: Where this CA's certificate is.
    ///   - ocspURLs: Where OCSP answers for this CA.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``IssuanceError``, or what the key throws.
    public func issueAuthority(
        _ terms: AuthorityTerms,
        publicKey: SubjectPublicKeyInfo,
        crlURLs: [String] = [],
        issuerURLs: [String] = [],
        ocspURLs: [String] = [],
        serialNumber: [UInt8],
        now: Date
    ) throws -> IssuedCertificate {
        try terms.check()
        try self.constraints.checkMayIssue()
        let end = try self.end(of: terms, at: now)
        let key = try self.certifiableAuthority(publicKey).publicKey
        try self.checkIsNotOwn(terms.subject)
        try self.checkNames(subject: terms.subject, alternativeNames: nil)
        var granted = terms
        granted.pathLength = try self.constraints.pathLength(below: terms.pathLength)
        try self.constraints.check(purposes: terms.extendedKeyUsage)
        if terms.policies.isEmpty { granted.policies = [.any] }
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: self.key.certificateSignatureAlgorithm,
            issuer: self.certificate.subject,
            notBefore: max(now.addingTimeInterval(-Self.backdating), self.notBefore),
            notAfter: end,
            subject: terms.subject,
            publicKey: key,
            extensions: granted.extensions(for: key, issuerIdentifier: self.keyIdentifier)
                + (try self.distributionExtensions[.init(crl: crlURLs, issuer: issuerURLs, ocsp: ocspURLs)])
        )
        return try self.issue(PreparedCertificate(certificate))
    }

    /// The end of a CA's validity, which is not cut short: whoever plans for ten years shall know that it will be five.
    private func end(of terms: AuthorityTerms, at now: Date) throws(IssuanceError) -> Date {
        let end = now.addingTimeInterval(Double(terms.validityDays) * 86_400)
        guard end > self.notAfter else { return end }
        let days = Int((self.notAfter.timeIntervalSince(now) / 86_400).rounded(.down))
        guard days >= 1 else {
            throw IssuanceError(
                .authorityExpired,
                "the certificate of the CA \(ReadableText.name(self.certificate.subject)) has ended or ends within a day: "
                    + "take another CA"
            )
        }
        throw IssuanceError(
            .validity,
            "a validity of \(terms.validityDays) days ends after the certificate of the CA "
                + "\(ReadableText.name(self.certificate.subject)), which ends on \(self.notAfter.readableDay): "
                + "\(days) days are possible"
        )
    }
}

extension AuthorityConstraints {
    /// The path length of a CA below this one.
    ///
    /// - Parameter asked: What it is to be; nil for as much as there can be.
    /// - Returns: The path length; nil for any.
    /// - Throws: ``IssuanceError`` with code `pathLength`.
    func pathLength(below asked: Int?) throws(IssuanceError) -> Int? {
        guard let own = self.pathLength else { return asked }
        guard own > 0 else {
            throw IssuanceError(
                .pathLength,
                "the CA \(ReadableText.name(self.subject)) has the path length 0: no CA can be below it"
            )
        }
        guard let asked else { return own - 1 }
        guard asked < own else {
            throw IssuanceError(
                .pathLength,
                "the CA \(ReadableText.name(self.subject)) has the path length \(own), so one below it has at most "
                    + "\(own - 1), not \(asked)"
            )
        }
        return asked
    }
}

extension Date {
    /// The day in UTC: 2031-05-17.
    var readableDay: String { self.formatted(.iso8601.year().month().day()) }
}
