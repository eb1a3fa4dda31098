import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import Registry
import SwiftASN1
import X509

/// Gives each CA a new registration authority, and a new signer of OCSP responses, when a third of the old one's life is
/// left, or when somebody has revoked it.
///
/// The old RA's key stays and goes on decrypting, for clients that asked for the certificate before. A CA that had no
/// signer of OCSP responses, because it is from before there were any, gets one.
struct ServiceKeyRenewal {
    let configuration: ServedConfiguration
    let logger: Logger

    func run(at now: Date) async throws {
        // Nearly always nothing is due, and looking at what is loaded already is all it takes.
        guard try await !self.due(in: self.configuration.current.authorities, at: now).isEmpty else { return }
        let registry = self.configuration.registry
        // The registry's, not those that requests are answered with: these stay as they are where a new configuration
        // cannot be loaded, and a key would be made again and again.
        let authorities = try await LoadedAuthorities(registry, masterKey: self.configuration.masterKey)
        for (authority, purpose) in try await self.due(in: authorities, at: now) {
            let own = OwnCertificates(issuer: authority.issuer, masterKey: self.configuration.masterKey)
            let (key, certificate) =
                switch purpose {
                case .ocspResponder: try own.statusSigner(of: authority.name, at: now)
                default: try own.registrationAuthority(of: authority.name, at: now)
                }
            try await registry.insert(key, certificate: certificate, authority: authority.id, at: now)
            self.logger.notice(
                "\(purpose.title) certificate renewed",
                metadata: ["authority": "\(authority.name)", "notAfter": "\(key.notAfter.formatted(.iso8601))"]
            )
            if purpose == .registrationAuthority { try await self.renewAnswers(of: authority.id) }
        }
        _ = try await self.configuration.refresh()
    }

    /// Signs the answer to GetNextCACert anew: clients believe the RA that GetCACert gives now.
    private func renewAnswers(of id: Int64) async throws {
        let registry = self.configuration.registry
        let authorities = try await LoadedAuthorities(registry, masterKey: self.configuration.masterKey)
        guard let authority = authorities[id], let key = authorities.keys[id],
            let rollover = authorities.records.first(where: { $0.id == id })?.rollover,
            let next = authorities[rollover.successor]
        else { return }
        try await registry.update(
            try RolloverAnswers(following: (authority, key), next: next),
            ofRolloverOf: id
        )
    }

    /// The CAs whose newest certificate for a purpose ends soon or is revoked, where a new one would last longer.
    private func due(
        in authorities: LoadedAuthorities,
        at now: Date
    ) async throws -> [(IssuingAuthority, ServiceKey.Purpose)] {
        var due: [(IssuingAuthority, ServiceKey.Purpose)] = []
        for authority in authorities.all where authority.issuer.notAfter > now {
            // A retired CA answers no requests any more, but still says what is revoked.
            if !authority.isRetired, let newest = authority.registrationKeys.first?.certificate.encoded,
                try await self.isDue(newest, under: authority, at: now)
            {
                due.append((authority, .registrationAuthority))
            }
            let signer = authorities.statusSigners[authority.id]?.first?.certificate.encoded
            if let signer {
                if try await self.isDue(signer, under: authority, at: now) { due.append((authority, .ocspResponder)) }
            } else {
                due.append((authority, .ocspResponder))
            }
        }
        return due
    }

    private func isDue(_ encoded: [UInt8], under authority: IssuingAuthority, at now: Date) async throws -> Bool {
        let certificate = try Certificate(derEncoded: encoded)
        let lifetime = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore)
        if certificate.notValidAfter.addingTimeInterval(-lifetime / 3) <= now,
            certificate.notValidAfter < authority.issuer.notAfter
        {
            return true
        }
        let serialNumber = try SignerCertificate(encoded: encoded).identifier.serialNumber
        let status = try await self.configuration.registry.certificateStatus(
            serialNumber: serialNumber,
            authority: authority.id
        )
        if case .revoked = status { return true }
        return false
    }
}

extension ServiceKey.Purpose {
    /// What it is called in the log.
    fileprivate var title: String {
        switch self {
        case .registrationAuthority: "RA"
        case .server: "TLS"
        case .ocspResponder: "OCSP signer"
        }
    }
}
