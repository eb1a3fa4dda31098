public import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry

/// CAs whose key or certificate comes from elsewhere.
extension Administration {
    /// Takes over a CA that was made elsewhere, with its key.
    ///
    /// - Parameters:
    ///   - name: What it is called here; nil for its common name.
    ///   - files: Its key and its certificate, and those above it, in any order.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Its name.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what is wrong with the files.
    public func importAuthority(
        _ name: String?,
        files: [KeyFile],
        by decider: Decider,
        at now: Date
    ) async throws -> String {
        let keys = files.compactMap(\.key)
        guard keys.count == 1, let key = keys.first else {
            throw AdministrationError(
                keys.isEmpty
                    ? "there is no private key in the files: give the file that has the CA's, as PEM, DER or PKCS#12"
                    : "there are \(keys.count) private keys in the files, one is needed"
            )
        }
        let certificates = files.flatMap(\.certificates)
        guard let certificate = certificates.first(where: { Self.isCertificate($0, of: key) }) else {
            throw AdministrationError(
                certificates.isEmpty
                    ? "there is no certificate in the files: give the file that has the CA's"
                    : "none of the certificates belongs to the private key"
            )
        }
        let chain = try AuthorityChain(
            certificate: certificate,
            among: certificates.filter { $0 != certificate },
            at: now
        )
        guard KeyAlgorithm(key.publicKey) != nil else {
            throw AdministrationError(
                "the CA's key is of a kind that is not used here: RSA of 2048, 3072 or 4096 bits, P-256 or P-384 is"
            )
        }
        try Issuer.checkAuthorityKey(key.publicKey)
        let subject = try SignerCertificate(encoded: certificate).subject
        let called = try name ?? Self.commonName(of: subject)
        let loaded = try await self.authorities()
        try await self.checkNewName(called, in: loaded)
        try Self.checkNewKey(key.publicKey, in: loaded)
        try Self.checkSignsRevocationLists(certificate)
        try await self.insert(
            try self.newAuthority(named: called, key: key, certificate: certificate, parents: chain.parents, at: now),
            note: "made elsewhere and imported with its key",
            by: decider,
            at: now
        )
        return called
    }

    /// Makes a key and a request for a CA whose certificate is to be issued elsewhere.
    ///
    /// - Parameters:
    ///   - order: What is wanted; what only the other CA can decide is left to it.
    ///   - decider: Who wants it.
    ///   - now: The time.
    /// - Returns: The PKCS#10 request, as DER.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func requestAuthority(_ order: AuthorityOrder, by decider: Decider, at now: Date) async throws -> [UInt8] {
        let loaded = try await self.authorities()
        try await self.checkNewName(order.name, in: loaded)
        try Self.checkAnswering(order)
        let key = try SoftwareKey.generate(order.key)
        let request = try AuthorityRequest.make(
            subject: try Self.subject(of: order),
            key: key,
            answersSCEP: order.answersSCEP
        )
        let id = try await self.registry.insert(
            NewAuthorityRequest(
                name: order.name,
                encoded: request,
                sealedKey: try self.masterKey.seal(key.pkcs8, for: SealPurpose.authorityRequest(order.name))
            ),
            by: decider,
            at: now
        )
        guard id != nil else { throw Self.nameIsTaken(order.name) }
        return request
    }

    /// The CAs whose certificates are still to come: names and requests.
    ///
    /// - Throws: ``RegistryError``.
    public func authorityRequests() async throws -> [(name: String, request: [UInt8], createdAt: Date)] {
        try await self.registry.authorityRequests().map { ($0.request.name, $0.request.encoded, $0.createdAt) }
    }

    /// Gives up a CA whose certificate has not come; its key is deleted.
    ///
    /// - Throws: ``AdministrationError`` where there is none of that name.
    public func cancelAuthorityRequest(_ name: String, by decider: Decider, at now: Date) async throws {
        guard try await self.registry.deleteAuthorityRequest(name, by: decider, at: now) else {
            throw Self.unknownAuthorityRequest(name)
        }
    }

    /// Takes the certificate that another CA has issued for a request of this installation.
    ///
    /// - Parameters:
    ///   - name: The name of the request.
    ///   - files: The certificate and those above it, in any order.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` or ``IssuanceError`` that says what is wrong with the files.
    public func installAuthority(_ name: String, files: [KeyFile], by decider: Decider, at now: Date) async throws {
        guard let request = try await self.registry.authorityRequests().map(\.request).first(where: { $0.name == name })
        else {
            throw Self.unknownAuthorityRequest(name)
        }
        let key = try self.masterKey.key(request.sealedKey, for: SealPurpose.authorityRequest(name))
        let certificates = files.flatMap(\.certificates)
        guard let certificate = certificates.first(where: { Self.isCertificate($0, of: key) }) else {
            throw AdministrationError(
                "none of the \(certificates.count) certificates is for the key of the request \(name): is it the answer to "
                    + "this request?"
            )
        }
        try Self.checkSubject(of: certificate, answering: request.encoded)
        let chain = try AuthorityChain(
            certificate: certificate,
            among: certificates.filter { $0 != certificate },
            at: now
        )
        try Self.checkSignsRevocationLists(certificate)
        let made = try self.newAuthority(
            named: name,
            key: key,
            certificate: certificate,
            parents: chain.parents,
            at: now
        )
        try await self.insert(made, replacing: name, by: decider, at: now)
    }

    /// Refuses a CA that could not say what it has revoked.
    private static func checkSignsRevocationLists(_ certificate: [UInt8]) throws {
        guard try AuthorityConstraints(certificate: certificate).maySignRevocationLists else {
            throw AdministrationError(
                "the CA's certificate lacks cRLSign in its keyUsage, so nobody would believe its CRLs: have it issued with that"
            )
        }
    }

    private static func commonName(of subject: [UInt8]) throws -> String {
        let names = try RequestedNames(subject: subject, extensions: [])
        guard let name = names.subject.last(where: { $0.type == "CN" })?.text else {
            throw AdministrationError(
                "the CA's subject \(ReadableText.name(subject)) has no common name: name it with --name")
        }
        return name
    }

    private static func isCertificate(_ encoded: [UInt8], of key: SoftwareKey) -> Bool {
        (try? SignerCertificate(encoded: encoded))?.publicKey.isSameKey(as: key.publicKey) ?? false
    }

    /// Refuses a certificate for another name than the one that was asked for: what the CA then issues would be somebody
    /// else's.
    private static func checkSubject(of certificate: [UInt8], answering request: [UInt8]) throws {
        let asked = try CertificationRequest(encoded: request).subject
        let given = try SignerCertificate(encoded: certificate).subject
        guard NameComparison.isSame(asked, given) else {
            throw AdministrationError(
                "the certificate is for \(ReadableText.name(given)), and the request asks for \(ReadableText.name(asked)): have "
                    + "it issued for that name, or make a request for the other one"
            )
        }
    }

    private static func checkNewKey(_ key: SubjectPublicKeyInfo, in loaded: LoadedAuthorities) throws {
        if let twin = loaded.all.first(where: { $0.issuer.certificate.publicKey.isSameKey(as: key) }) {
            throw AdministrationError("the CA \(twin.name) has the same key: one CA cannot be here twice", .conflict)
        }
    }

    private static func unknownAuthorityRequest(_ name: String) -> AdministrationError {
        AdministrationError("no certificate is awaited for a CA \(name): ucm ca list shows what is", .notFound)
    }
}
