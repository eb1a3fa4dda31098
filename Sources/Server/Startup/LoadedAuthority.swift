import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP

/// A CA from the registry with its keys open.
struct LoadedAuthority: Sendable {
    let record: AuthorityRecord
    let key: SoftwareKey
    let issuer: Issuer
    /// RA certificates with their keys, the newest first.
    let registrationKeys: [RegistrationKey]
    private let masterKey: MasterKey

    init(_ record: AuthorityRecord, registry: Registry, masterKey: MasterKey) async throws {
        self.record = record
        self.masterKey = masterKey
        self.key = try SoftwareKey(
            pkcs8: try masterKey.open(record.sealedKey, for: SealPurpose.authority(record.name))
        )
        self.registrationKeys = try await registry.serviceKeys(.registrationAuthority, authority: record.id).map {
            try RegistrationKey(
                certificate: $0.certificate,
                key: try SoftwareKey(
                    pkcs8: try masterKey.open($0.sealedKey, for: SealPurpose.service(.registrationAuthority))
                )
            )
        }
        self.issuer = try Issuer(
            certificate: record.certificate,
            key: self.key,
            reservedKeys: self.registrationKeys.map(\.certificate.publicKey)
        )
    }

    /// Who answers a profile of this CA.
    func registrationAuthority(for record: ProfileRecord, registry: Registry) throws -> RegistrationAuthority {
        guard let level = AlgorithmLevel(rawValue: record.algorithmLevel),
            let mode = Profile.Mode(rawValue: record.mode)
        else { throw StartupError("the profile \(record.name) has settings that this version does not know") }
        let profile = Profile(
            name: record.name,
            mode: mode,
            algorithmLevel: level,
            isOpen: record.isOpen,
            challenges: record.challenges
        )
        let keys: [RegistrationKey]
        switch mode {
        case .registrationAuthority:
            keys = self.registrationKeys
        case .certificateAuthority:
            // A client encrypts only to a certificate that says keyEncipherment, and believes only digitalSignature.
            guard try self.issuer.answersSCEP else {
                throw StartupError(
                    "the profile \(record.name) is in CA mode, but the certificate of the CA \(self.record.name) lacks "
                        + "RSA, digitalSignature or keyEncipherment: use RA mode"
                )
            }
            keys = [try RegistrationKey(certificate: self.record.certificate, key: self.key)]
        }
        guard let answering = keys.first else {
            throw StartupError("the CA \(self.record.name) has no RA certificate, so nothing can be answered")
        }
        return RegistrationAuthority(
            profile: profile,
            issuer: self.issuer,
            authority: self.record.id,
            key: answering,
            olderKeys: Array(keys.dropFirst()),
            registry: registry,
            masterKey: self.masterKey
        )
    }
}
