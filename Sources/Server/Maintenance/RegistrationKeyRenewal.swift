import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import Registry
import SwiftASN1
import X509

/// Gives a CA a new registration authority when a third of the old one's life is left.
///
/// The old key stays and goes on decrypting, for clients that asked for the certificate before.
struct RegistrationKeyRenewal {
    let configuration: ServedConfiguration
    let logger: Logger

    func run(at now: Date) async throws {
        // Nearly always nothing is due, and looking at what is loaded already is all it takes.
        guard try self.configuration.current.authorities.all.contains(where: { try Self.isDue($0, at: now) }) else {
            return
        }
        let registry = self.configuration.registry
        // The registry's, not those that requests are answered with: these stay as they are where a new configuration
        // cannot be loaded, and a key would be made again and again.
        let authorities = try await LoadedAuthorities(registry, masterKey: self.configuration.masterKey)
        for authority in authorities.all where try Self.isDue(authority, at: now) {
            let (key, certificate) = try OwnCertificates(
                issuer: authority.issuer,
                masterKey: self.configuration.masterKey
            ).registrationAuthority(named: "\(authority.name) RA", at: now)
            try await registry.insert(key, certificate: certificate, authority: authority.id, at: now)
            self.logger.notice(
                "RA certificate renewed",
                metadata: ["authority": "\(authority.name)", "notAfter": "\(key.notAfter.formatted(.iso8601))"]
            )
            try await self.renewAnswers(of: authority.id)
        }
        _ = try await self.configuration.refresh()
    }

    /// Signs the answer to GetNextCACert anew: clients believe the RA that GetCACert gives now.
    private func renewAnswers(of id: Int64) async throws {
        let registry = self.configuration.registry
        let authorities = try await LoadedAuthorities(registry, masterKey: self.configuration.masterKey)
        guard let authority = authorities[id], let key = authorities.keys[id],
            let rollover = authorities.records.first(where: { $0.id == id })?.rollover,
            let next = authorities[rollover.successor], let registration = next.registrationKeys.first
        else { return }
        try await registry.update(
            try RolloverAnswers(
                authority: next.issuer.certificate.encoded,
                registration: registration.certificate.encoded,
                signedBy: authority,
                key: key
            ),
            ofRolloverOf: id
        )
    }

    /// Whether the newest RA certificate ends soon, and a new one would last longer.
    private static func isDue(_ authority: IssuingAuthority, at now: Date) throws -> Bool {
        guard let newest = authority.registrationKeys.first, authority.issuer.notAfter > now else { return false }
        let certificate = try Certificate(derEncoded: newest.certificate.encoded)
        let lifetime = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore)
        return certificate.notValidAfter.addingTimeInterval(-lifetime / 3) <= now
            && certificate.notValidAfter < authority.issuer.notAfter
    }
}
