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

    init(_ registry: Registry, masterKey: MasterKey) async throws {
        self.records = try await registry.authorities()
        var keys: [Int64: SoftwareKey] = [:]
        var registrationKeys: [Int64: [RegistrationKey]] = [:]
        for record in self.records {
            keys[record.id] = try SoftwareKey(
                pkcs8: try masterKey.open(record.sealedKey, for: SealPurpose.authority(record.name))
            )
            let purpose = ServiceKey.Purpose.registrationAuthority
            registrationKeys[record.id] = try await registry.serviceKeys(purpose, authority: record.id).map {
                try RegistrationKey(
                    certificate: $0.certificate,
                    key: try SoftwareKey(
                        pkcs8: try masterKey.open($0.sealedKey, for: SealPurpose.service(purpose.rawValue)))
                )
            }
        }
        // No CA certifies another one's key, nor an RA's.
        let reserved = keys.values.map(\.publicKey) + registrationKeys.values.joined().map(\.certificate.publicKey)
        self.keys = keys
        self.all = try self.records.map { record in
            guard let key = keys[record.id] else { throw RegistryError.damaged("the CA \(record.name) has no key") }
            let issuer = try Issuer(certificate: record.certificate, key: key, reservedKeys: reserved)
            return IssuingAuthority(
                id: record.id,
                name: record.name,
                issuer: issuer,
                // A client encrypts only to a certificate that says keyEncipherment, and believes only digitalSignature.
                ownKey: try issuer.answersSCEP ? RegistrationKey(certificate: record.certificate, key: key) : nil,
                registrationKeys: registrationKeys[record.id] ?? []
            )
        }
    }

    /// A CA by its number.
    subscript(_ id: Int64) -> IssuingAuthority? { self.all.first { $0.id == id } }

    /// A CA by its name.
    func named(_ name: String) -> (record: AuthorityRecord, authority: IssuingAuthority)? {
        zip(self.records, self.all).first { $0.0.name == name }.map { ($0.0, $0.1) }
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
