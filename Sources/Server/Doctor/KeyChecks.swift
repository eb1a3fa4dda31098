import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import Registry

/// Whether every key opens with the master key, and belongs to its certificate.
struct KeyChecks {
    let registry: Registry
    let masterKey: MasterKey

    /// A key and what it has to fit.
    private struct Kept {
        var name: String
        var sealed: [UInt8]
        var purpose: String
        var publicKey: () throws -> SubjectPublicKeyInfo
    }

    func run() async throws -> [Finding] {
        var kept: [Kept] = []
        let authorities = try await self.registry.authorities()
        for authority in authorities {
            kept.append(
                Kept(
                    name: "the key of the CA \(authority.name)",
                    sealed: authority.sealedKey,
                    purpose: SealPurpose.authority(authority.name)
                ) { try SignerCertificate(encoded: authority.certificate).publicKey }
            )
        }
        let names = Dictionary(authorities.map { ($0.id, $0.name) }) { first, _ in first }
        for (purpose, what) in [
            (ServiceKey.Purpose.registrationAuthority, "RA"), (.ocspResponder, "OCSP signer"), (.server, "TLS server"),
        ] {
            for (id, keys) in try await self.registry.serviceKeys(purpose).sorted(by: { $0.key < $1.key }) {
                for key in keys {
                    kept.append(
                        Kept(
                            name: "a key of the \(what) of the CA \(names[id] ?? "\(id)")",
                            sealed: key.sealedKey,
                            purpose: SealPurpose.service(purpose.rawValue)
                        ) { try SignerCertificate(encoded: key.certificate).publicKey }
                    )
                }
            }
        }
        for waiting in try await self.registry.authorityRequests() {
            kept.append(
                Kept(
                    name: "the key of the requested CA \(waiting.request.name)",
                    sealed: waiting.request.sealedKey,
                    purpose: SealPurpose.authorityRequest(waiting.request.name)
                ) { try CertificationRequest(encoded: waiting.request.encoded).publicKey }
            )
        }
        let findings = kept.compactMap(self.finding)
        guard findings.isEmpty else { return findings }
        return [Finding("keys", .ok, "all \(kept.count) private keys open and belong to their certificates")]
    }

    private func finding(_ kept: Kept) -> Finding? {
        do {
            let key = try self.masterKey.key(kept.sealed, for: kept.purpose)
            guard try !key.publicKey.isSameKey(as: kept.publicKey()) else { return nil }
            return Finding(
                "keys", .error, "\(kept.name) is not the one of its certificate",
                advice: "the database was changed by hand: restore a backup"
            )
        } catch {
            return Finding(
                "keys", .error, "\(kept.name) cannot be used: \(error)",
                advice: "restore a backup, or the master key that belongs to this database"
            )
        }
    }
}
