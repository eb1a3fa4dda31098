import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry

/// All CAs from the registry with their keys open.
struct LoadedAuthorities: Sendable {
    /// As the registry has them, the oldest first.
    let records: [AuthorityRecord]
    /// The same ones, ready for use.
    let all: [IssuingAuthority]
    /// Their private keys, by their number.
    let keys: [Int64: SoftwareKey]
    /// What signs their OCSP responses, the newest first, by their number.
    let statusSigners: [Int64: [OCSPSigner]]
    /// What stands for them in addresses, by their number.
    let slugs: [Int64: String]
    /// Those whose own certificate, or that of a CA above, another CA of this installation has revoked or put on hold.
    let revoked: Set<Int64>

    init(_ registry: Registry, masterKey: MasterKey) async throws {
        self.records = try await registry.authorities()
        let publication = try await PublicationSettings(in: registry)
        let slugs = AuthoritySlug.all(self.records)
        var keys: [Int64: SoftwareKey] = [:]
        for record in self.records {
            keys[record.id] = try masterKey.key(record.sealedKey, for: SealPurpose.authority(record.name))
        }
        let registrationKeys = try await registry.serviceKeys(.registrationAuthority).mapValues { stored in
            try stored.map { try RegistrationKey(certificate: $0.certificate, key: try masterKey.key(of: $0)) }
        }
        let signers = try await registry.serviceKeys(.ocspResponder).mapValues { stored in
            try stored.map { try OCSPSigner(certificate: $0.certificate, key: try masterKey.key(of: $0)) }
        }
        // No CA certifies another one's key, nor that of a service; and one that will be a CA's only as such.
        let servers = try await registry.serviceKeys(.server).values.joined().map {
            try SignerCertificate(encoded: $0.certificate).publicKey
        }
        let reserved =
            keys.values.map(\.publicKey) + registrationKeys.values.joined().map(\.certificate.publicKey)
            + signers.values.joined().map(\.certificate.publicKey) + servers
        let awaited = try await registry.authorityRequests().map {
            try CertificationRequest(encoded: $0.request.encoded).publicKey
        }
        let withdrawn = Set(try await registry.revokedAuthorityCertificates())
        let revoked = Set(
            self.records.filter { ([$0.certificate] + $0.parents).contains(where: withdrawn.contains) }.map(\.id)
        )
        self.revoked = revoked
        self.keys = keys
        self.slugs = slugs
        self.statusSigners = signers
        self.all = try self.records.map { record in
            guard let key = keys[record.id] else { throw RegistryError.damaged("the CA \(record.name) has no key") }
            let issuer = try Issuer(
                certificate: record.certificate,
                key: key,
                reservedKeys: reserved,
                awaitedKeys: awaited,
                distribution: Distribution(baseURL: publication.baseURL, authority: slugs[record.id] ?? ""),
                parents: record.parents
            )
            return IssuingAuthority(
                id: record.id,
                name: record.name,
                issuer: issuer,
                // A client encrypts only to a certificate that says keyEncipherment, and believes only digitalSignature.
                ownKey: try issuer.answersSCEP ? RegistrationKey(certificate: record.certificate, key: key) : nil,
                registrationKeys: registrationKeys[record.id] ?? [],
                parents: record.parents,
                // What it would issue, no verifier would believe.
                isRetired: record.retiredAt != nil || revoked.contains(record.id)
            )
        }
    }

    /// A CA by its number.
    subscript(_ id: Int64) -> IssuingAuthority? { self.all.first { $0.id == id } }

    /// That an older CA has the same subject, in a sentence; devices tell what the two issue apart by their keys only.
    func namesakes(of authority: IssuingAuthority) -> [String] {
        let subject = authority.issuer.certificate.subject
        return self.all.filter { $0.id < authority.id && NameComparison.isSame($0.issuer.certificate.subject, subject) }
            .map {
                "the CA \(authority.name) has the same subject as \($0.name): some devices will take one for the other"
            }
    }

    /// A CA by its name.
    func named(_ name: String) -> (record: AuthorityRecord, authority: IssuingAuthority)? {
        zip(self.records, self.all).first { $0.0.name == name }.map { ($0.0, $0.1) }
    }

    /// The CA that is meant where none is named: it issues the server's own certificate too.
    var standard: IssuingAuthority? {
        self.records.first(where: \.isDefault).flatMap { self[$0.id] } ?? self.all.last { !$0.isRetired }
    }

    /// The CAs that issue, the standard one first, then the newest.
    var inOrderOfPreference: [IssuingAuthority] {
        let standard = self.standard.flatMap { $0.isRetired ? nil : $0 }
        return [standard].compactMap(\.self) + self.all.reversed().filter { !$0.isRetired && $0.id != standard?.id }
    }

    /// The CAs of a profile whose CA is the one with this number; nil where there is none.
    func authorities(
        ofProfileUnder id: Int64,
        settings: ProfileSettings
    ) -> ProfileAuthorities? {
        guard let current = self[id], let record = self.records.first(where: { $0.id == id }) else { return nil }
        let next = record.rollover.flatMap { rollover in
            self[rollover.successor].map { authority in
                (authority, settings.letsAuthorityAnswer ? rollover.answers.alone : rollover.answers.withRA)
            }
        }
        return ProfileAuthorities(
            current: current,
            next: next,
            earlier: self.predecessors(of: id),
            known: self.all
        )
    }

    /// The CAs that led to one by rollover, the latest first.
    private func predecessors(of id: Int64) -> [IssuingAuthority] {
        var found: [IssuingAuthority] = []
        var successor = id
        while let record = self.records.first(where: { $0.rollover?.successor == successor }),
            !found.contains(where: { $0.id == record.id }), let authority = self[record.id]
        {
            found.append(authority)
            successor = record.id
        }
        return found
    }
}

extension MasterKey {
    /// Opens a private key.
    func key(_ sealed: [UInt8], for purpose: String) throws -> SoftwareKey {
        try SoftwareKey(pkcs8: try self.open(sealed, for: purpose))
    }

    /// Opens the private key of one of the server's own services.
    func key(of service: ServiceKey) throws -> SoftwareKey {
        try self.key(service.sealedKey, for: SealPurpose.service(service.purpose.rawValue))
    }
}
