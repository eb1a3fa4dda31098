import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry

/// CAs that are made, or signed, here.
extension Administration {
    /// Makes a CA: a root, or one below another CA of this installation.
    ///
    /// - Parameters:
    ///   - order: What is wanted.
    ///   - decider: Who wants it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func createAuthority(_ order: AuthorityOrder, by decider: Decider, at now: Date) async throws {
        let loaded = try await self.authorities()
        try await self.checkNewName(order.name, in: loaded)
        let parent = try order.parent.map { try self.issuingAuthority($0, in: loaded) }
        let made = try self.newAuthority(
            named: order.name,
            key: try SoftwareKey.generate(order.key),
            under: parent,
            try Self.terms(of: order, under: parent, at: now),
            at: now
        )
        try await self.insert(made, by: decider, at: now)
    }

    /// Signs a CA that is elsewhere.
    ///
    /// - Parameters:
    ///   - request: Its PKCS#10 request, as DER.
    ///   - order: What its certificate says; its subject is the request's where none is given. Its parent is the CA that
    ///     signs, nil for the default one.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: The certificate and those above it.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what cannot be.
    public func signAuthority(
        _ request: [UInt8],
        _ order: AuthorityOrder,
        by decider: Decider,
        at now: Date
    ) async throws -> [[UInt8]] {
        let read = try Self.certificationRequest(request)
        let parent = try self.issuingAuthority(order.parent, in: try await self.authorities())
        var order = order
        order.parent = parent.name
        var terms = try Self.terms(of: order, under: parent, at: now)
        if order.subject == nil { terms.subject = read.subject }
        let certificate = try parent.issuer.issueAuthority(
            terms,
            publicKey: read.publicKey,
            crlURLs: CertificateTemplate.default.crlURLs,
            issuerURLs: CertificateTemplate.default.issuerURLs,
            ocspURLs: CertificateTemplate.default.ocspURLs,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: now
        )
        _ = try await self.registry.insert(
            NewCertificate(
                certificate,
                profile: nil,
                publicKey: read.publicKey,
                origin: .authority,
                issuedBy: decider.name
            ),
            authority: parent.id,
            event: NewEvent(
                .certificateIssued,
                by: decider,
                subject: ReadableText.name(certificate.subject),
                detail: "a CA that is elsewhere, signed by the CA \(parent.name)"
            ),
            at: now
        )
        return [certificate.encoded] + parent.chain
    }
}
