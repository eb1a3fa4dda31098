public import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry
import SCEP

/// A certificate that was issued for somebody here.
public struct HandedCertificate: Sendable {
    /// The serial number, in hexadecimal.
    public var serialNumber: String
    /// The certificate as DER.
    public var certificate: [UInt8]
    /// The CA's certificate and those above it.
    public var chain: [[UInt8]]
    /// The private key, where it was made here: it is known to nobody else, and not kept.
    public var key: SoftwareKey?
}

/// Certificates that an administrator has issued.
extension Administration {
    /// Issues a certificate by the same templates as through SCEP.
    ///
    /// - Parameters:
    ///   - order: What is wanted.
    ///   - decider: Who wants it.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func issue(_ order: CertificateOrder, by decider: Decider, at now: Date) async throws -> HandedCertificate {
        let templates = try await self.templates()
        guard let template = templates.named(order.template) else {
            throw AdministrationError.unknownTemplate(order.template, templates)
        }
        let authority = try self.issuingAuthority(order.authority, in: try await self.authorities())
        let (publicKey, key, names) = try Self.asked(order)
        if let days = order.validityDays, now.addingTimeInterval(Double(days) * 86_400) > authority.issuer.notAfter {
            throw AdministrationError(
                "a certificate of \(days) days would outlive the CA \(authority.name), which ends on "
                    + authority.issuer.notAfter.formatted(.iso8601)
            )
        }
        return try await self.issue(
            RequestedCertificate(
                subject: names.subject,
                key: try authority.issuer.certifiable(publicKey, rsaBits: Self.rsaBits),
                extensions: names.extensions
            ),
            publicKey: publicKey,
            key: key,
            by: template,
            of: authority,
            validityDays: order.validityDays,
            decider: decider,
            at: now
        )
    }

    /// Issues a certificate for the same names again.
    ///
    /// - Parameters:
    ///   - serialNumber: The serial number of the present one, in hexadecimal.
    ///   - authority: The name of its CA, where two CAs have issued the same serial number.
    ///   - newKey: Another key; nil for the one that the present certificate is for.
    ///   - decider: Who wants it.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func renew(
        _ serialNumber: String,
        authority: String? = nil,
        newKey: CertificateOrder.Key? = nil,
        by decider: Decider,
        at now: Date
    ) async throws -> HandedCertificate {
        let record = try await self.certificateRecord(serialNumber, authority: authority)
        if let revocation = record.revocation {
            throw AdministrationError(
                "the certificate \(serialNumber) was revoked on \(revocation.date.formatted(.iso8601)): issue a new one"
            )
        }
        guard [.scep, .manual].contains(record.certificate.origin) else {
            throw AdministrationError(
                "the certificate \(serialNumber) is the installation's own, which renews it by itself")
        }
        let templates = try await self.templates()
        let name =
            record.certificate.assignedTemplate ?? record.certificate.template ?? CertificateTemplate.default.name
        guard let template = templates.named(name) else { throw AdministrationError.unknownTemplate(name, templates) }
        let loaded = try await self.authorities()
        guard let issuer = loaded.records.first(where: { $0.id == record.authority }),
            let current = loaded[loaded.heir(of: issuer.id, at: now)], !current.isRetired
        else {
            throw AdministrationError(
                "the CA of the certificate \(serialNumber) issues nothing more, and no other one follows it")
        }
        let old = try SignerCertificate(encoded: record.certificate.encoded)
        let identity = try RenewedIdentity(
            subject: old.subject,
            extensions: try CertificateExtension.all(of: record.certificate.encoded).filter {
                $0.identifier == .Extension.subjectAltName
            },
            renewing: record.certificate.encoded
        )
        let (publicKey, key) = try newKey.map(Self.keys) ?? (old.publicKey, nil)
        var requested = RequestedCertificate(
            subject: identity.subject,
            key: try current.issuer.certifiable(publicKey, rsaBits: Self.rsaBits),
            extensions: identity.extensions
        )
        requested.isSubjectDecided = true
        requested.areAlternativeNamesDecided = true
        return try await self.issue(
            requested,
            publicKey: publicKey,
            key: key,
            by: template,
            of: current,
            validityDays: record.certificate.assignedDays.map { min($0, template.validityDays) },
            renewing: record,
            decider: decider,
            at: now
        )
    }

    /// A password for a key that is handed over.
    public static func generatedPassword() -> String { GeneratedSecret.make() }

    private func issue(
        _ requested: RequestedCertificate,
        publicKey: SubjectPublicKeyInfo,
        key: SoftwareKey?,
        by template: CertificateTemplate,
        of authority: IssuingAuthority,
        validityDays: Int?,
        renewing renewed: CertificateRecord? = nil,
        decider: Decider,
        at now: Date
    ) async throws -> HandedCertificate {
        let old = renewed?.certificate
        let certificate = try authority.issuer.issue(
            try authority.issuer.prepare(
                requested,
                template: template,
                validityDays: validityDays,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            )
        )
        _ = try await self.registry.insert(
            NewCertificate(
                certificate,
                profile: old?.profile,
                publicKey: publicKey,
                template: template.name,
                origin: .manual,
                issuedBy: decider.name,
                // What was decided for this device holds for its next renewal too.
                assignedTemplate: old?.assignedTemplate,
                assignedDays: old?.assignedDays
            ),
            authority: authority.id,
            renewing: renewed?.id,
            event: NewEvent(
                .certificateIssued,
                by: decider,
                profile: old?.profile,
                subject: ReadableText.name(certificate.subject),
                detail: [
                    "by the template \(template.name)", key.map { _ in "with a key that was made here" },
                    old.map { "in place of \(ReadableText.serialNumber($0.serialNumber))" },
                ].compactMap(\.self).joined(separator: ", ")
            ),
            at: now
        )
        return HandedCertificate(
            serialNumber: ReadableText.serialNumber(certificate.serialNumber),
            certificate: certificate.encoded,
            chain: authority.chain,
            key: key
        )
    }

    /// The sizes of RSA keys that an administrator can have certified.
    private static let rsaBits = 2048...8192

    // Inlined into an async function, its two kinds of errors make the optimizer of Swift 6.3.1 crash.
    @inline(never)
    private static func keys(_ key: CertificateOrder.Key) throws -> (SubjectPublicKeyInfo, SoftwareKey?) {
        switch key {
        case .request(let encoded): return (try Self.certificationRequest(encoded).publicKey, nil)
        case .generated(let algorithm):
            let key = try SoftwareKey.generate(algorithm)
            return (key.publicKey, key)
        }
    }

    /// Reads a PKCS#10 request that somebody has given, whose signature has to be its key's.
    static func certificationRequest(_ encoded: [UInt8]) throws(AdministrationError) -> CertificationRequest {
        do {
            let request = try CertificationRequest(encoded: encoded)
            try request.verifySignature()
            return request
        } catch {
            throw AdministrationError("the request cannot be used: \(error)")
        }
    }

    private struct AskedNames {
        var subject: [UInt8]
        var extensions: [CertificateExtension]
    }

    private static func asked(
        _ order: CertificateOrder
    ) throws -> (SubjectPublicKeyInfo, SoftwareKey?, AskedNames) {
        let (publicKey, key) = try Self.keys(order.key)
        var names = AskedNames(subject: [0x30, 0x00], extensions: [])
        if case .request(let encoded) = order.key {
            let request = try Self.certificationRequest(encoded)
            names = AskedNames(subject: request.subject, extensions: try request.requestedExtensions)
        }
        do throws(SCEPError) {
            if let subject = order.subject { names.subject = try SubjectName.encoded(subject) }
            if let written = order.alternativeNames {
                names.extensions.removeAll { $0.identifier == .Extension.subjectAltName }
                let alternativeNames = try written.map { text throws(SCEPError) in try SCEP.AlternativeName(text) }
                if !alternativeNames.isEmpty {
                    names.extensions.append(SCEP.AlternativeName.certificateExtension(alternativeNames))
                }
            }
        } catch {
            throw AdministrationError(error.reason)
        }
        return (publicKey, key, names)
    }
}

extension LoadedAuthorities {
    /// The CA that issues now in the place of one: itself, or whoever has followed it.
    fileprivate func heir(of authority: Int64, at now: Date) -> Int64 {
        var heir = authority
        // Each one follows another, so there are at most as many steps as CAs.
        for _ in self.records {
            guard let rollover = self.records.first(where: { $0.id == heir })?.rollover, rollover.switchAt <= now else {
                break
            }
            heir = rollover.successor
        }
        return heir
    }
}
