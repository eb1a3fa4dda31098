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
        let current = self.configuration.current
        for authority in current.authorities.all where try Self.isDue(authority, at: now) {
            let (key, certificate) = try OwnCertificates(
                issuer: authority.issuer,
                masterKey: self.configuration.masterKey
            ).registrationAuthority(named: "\(authority.name) RA", at: now)
            try await self.configuration.registry.insert(
                key, certificate: certificate, authority: authority.id, at: now)
            self.logger.notice(
                "RA certificate renewed",
                metadata: ["authority": "\(authority.name)", "notAfter": "\(key.notAfter.formatted(.iso8601))"]
            )
        }
        _ = try await self.configuration.refresh()
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
