import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP

/// What a new CA consists of.
struct MadeAuthority {
    var authority: NewAuthority
    /// Its RA's and its OCSP signer's.
    var serviceKeys: [(key: ServiceKey, certificate: NewCertificate)]
    /// The CA that has signed it, and its certificate; nil where that is none of this installation's.
    var parent: (authority: Int64, certificate: NewCertificate)?
}

extension Administration {
    /// Signs a new CA by itself, or by the CA above it.
    func newAuthority(
        named name: String,
        key: SoftwareKey,
        under parent: IssuingAuthority?,
        _ terms: AuthorityTerms,
        at now: Date
    ) throws -> MadeAuthority {
        let serialNumber = Issuer.serialNumber(from: .random(count: 20))
        guard let parent else {
            let certificate = try RootAuthority.make(terms: terms, key: key, serialNumber: serialNumber, now: now)
            return try self.newAuthority(named: name, key: key, certificate: certificate, parents: [], at: now)
        }
        let certificate = try parent.issuer.issueAuthority(
            terms,
            publicKey: key.publicKey,
            crlURLs: CertificateTemplate.default.crlURLs,
            issuerURLs: CertificateTemplate.default.issuerURLs,
            ocspURLs: CertificateTemplate.default.ocspURLs,
            serialNumber: serialNumber,
            now: now
        )
        var made = try self.newAuthority(
            named: name,
            key: key,
            certificate: certificate.encoded,
            parents: parent.chain,
            at: now
        )
        made.parent = (
            parent.id, NewCertificate(certificate, profile: nil, publicKey: key.publicKey, origin: .authority)
        )
        return made
    }

    /// Gives a CA with its certificate what it needs to serve: an RA and a signer of OCSP responses.
    func newAuthority(
        named name: String,
        key: SoftwareKey,
        certificate: [UInt8],
        parents: [[UInt8]],
        at now: Date
    ) throws -> MadeAuthority {
        let issuer = try Issuer(certificate: certificate, key: key, parents: parents)
        let own = OwnCertificates(issuer: issuer, masterKey: self.masterKey)
        return MadeAuthority(
            authority: NewAuthority(
                name: name,
                certificate: certificate,
                parents: parents,
                sealedKey: try self.masterKey.seal(key.pkcs8, for: SealPurpose.authority(name))
            ),
            serviceKeys: [
                try own.registrationAuthority(of: name, at: now), try own.statusSigner(of: name, at: now),
            ]
        )
    }

    /// A name of a CA that there is not yet, also not as a request, nor in addresses.
    func checkNewName(_ name: String, in loaded: LoadedAuthorities) async throws {
        try AuthorityName.check(name)
        let requests = try await self.registry.authorityRequests().map(\.request.name)
        let slug = AuthoritySlug.of(name)
        let names = loaded.records.map(\.name) + requests
        guard !names.contains(where: { $0 == name || !slug.isEmpty && AuthoritySlug.of($0) == slug }) else {
            throw Self.nameIsTaken(name)
        }
    }

    func insert(
        _ made: MadeAuthority,
        replacing request: String? = nil,
        note: String? = nil,
        by decider: Decider,
        at now: Date
    ) async throws {
        let id = try await self.registry.insert(
            made.authority,
            serviceKeys: made.serviceKeys,
            signedBy: made.parent,
            replacing: request,
            note: note,
            by: decider,
            at: now
        )
        guard id != nil else { throw Self.nameIsTaken(made.authority.name) }
    }

    static func terms(
        of order: AuthorityOrder,
        under parent: IssuingAuthority?,
        at now: Date
    ) throws -> AuthorityTerms {
        let usual = parent == nil ? RootAuthority.validityDays : Self.intermediateDays
        let remaining = parent.map { Int($0.issuer.notAfter.timeIntervalSince(now) / 86_400) } ?? usual
        let terms = AuthorityTerms(
            subject: try Self.subject(of: order),
            validityDays: order.validityDays ?? min(usual, max(remaining, 1)),
            pathLength: order.pathLengthConstraint,
            nameConstraints: order.nameConstraints,
            extendedKeyUsage: order.extendedKeyUsage,
            policies: order.policies,
            answersSCEP: order.answersSCEP
        )
        try terms.check()
        try Self.checkAnswering(order)
        return terms
    }

    static func checkAnswering(_ order: AuthorityOrder) throws(AdministrationError) {
        guard !order.answersSCEP || order.key.isRSA else {
            throw AdministrationError("a CA that answers SCEP requests itself needs an RSA key: use --key rsa3072")
        }
    }

    /// How long a CA below another one is valid unless somebody decides otherwise, in days.
    private static let intermediateDays = 1825

    static func subject(of order: AuthorityOrder) throws -> [UInt8] {
        guard let subject = order.subject else { return try RootAuthority.commonName(order.name) }
        do throws(SCEPError) {
            return try SubjectName.encoded(subject)
        } catch {
            throw AdministrationError("the subject of the CA cannot be used: \(error.reason)")
        }
    }

    static func nameIsTaken(_ name: String) -> AdministrationError {
        AdministrationError(
            "there is a CA \(name) already, or one whose address would be the same: choose another name", .conflict,
            field: "name")
    }

}
