import CryptographicMessageSyntax
import SwiftASN1

extension AuthorityConstraints {
    /// Whether certificates may be issued for a purpose.
    func grants(_ purpose: ASN1ObjectIdentifier) -> Bool {
        // A responder is authorized by the CA that issued its certificate, not by what it may issue for (RFC 6960 §4.2.2.2).
        self.extendedKeyUsage.isEmpty || self.extendedKeyUsage.contains(.ExtendedKeyUsage.any)
            || self.extendedKeyUsage.contains(purpose) || purpose == .ExtendedKeyUsage.ocspSigning
    }

    /// Refuses purposes that are not granted to a CA below.
    ///
    /// - Throws: ``IssuanceError`` with code `extendedKeyUsage`.
    func check(purposes: [ASN1ObjectIdentifier]) throws(IssuanceError) {
        guard let purpose = purposes.first(where: { !self.grants($0) }) else { return }
        throw IssuanceError(
            .extendedKeyUsage,
            "the certificate of the CA \(ReadableText.name(self.subject)) does not grant the purpose "
                + Purpose(purpose).description
        )
    }

    /// Refuses to issue where the certificate does not allow it.
    ///
    /// - Throws: ``IssuanceError`` with code `authorityCertificate`.
    func checkMayIssue() throws(IssuanceError) {
        guard !self.mayIssue else { return }
        throw IssuanceError(
            .authorityCertificate,
            "the certificate of \(ReadableText.name(self.subject)) may not issue certificates: "
                + (self.isAuthority ? "its keyUsage lacks keyCertSign" : "it is not a CA's (CA:TRUE)")
        )
    }

    /// Refuses names that are outside the name constraints.
    ///
    /// - Parameters:
    ///   - subject: The subject, encoded.
    ///   - alternativeNames: The value of subjectAltName; nil for none.
    /// - Throws: ``IssuanceError`` with code `nameConstraints`, or `badExtension` or `subject` for what cannot be read.
    func check(subject: [UInt8], alternativeNames: [UInt8]?) throws(IssuanceError) {
        guard let constraints = self.nameConstraints else { return }
        let requested = alternativeNames.map { CertificateExtension(.Extension.subjectAltName, value: $0) }
        let names = try AlternativeNames(in: [requested].compactMap(\.self)).names
        var all: [ConstrainedName]
        do throws(CMSError) {
            all =
                try ConstrainedName.all(in: subject, hasHosts: names.contains { $0.kind == .dns })
                + names.map(ConstrainedName.init)
            for name in names {
                if let mailbox = try ConstrainedName.mailbox(in: name) { all.append(mailbox) }
            }
        } catch {
            throw IssuanceError(.subject, "the names of the request are not readable: \(error)")
        }
        for name in all {
            if let violation = constraints.violation(by: name) {
                throw IssuanceError(.nameConstraints, "\(name.description) \(violation)")
            }
        }
    }
}
