import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SwiftASN1
import Synchronization
import X509

/// What there is in an installation at a moment: CRLs, certificates that end, requests that wait.
///
/// What has to be counted in the database is counted every 30 seconds at most, and more seldom where that takes long, however
/// often somebody asks.
final class InstallationMetrics: Sendable {
    private struct Counted: Sendable {
        var families: [MetricFamily] = []
        /// When it is counted again.
        var due: ContinuousClock.Instant
        var isCounting = false
    }

    /// How often it is counted at most.
    static let interval = Duration.seconds(30)

    /// Of all time, counting takes at most one part in so many.
    private static let share = 100

    private let configuration: ServedConfiguration
    private let counted = Mutex(Counted(due: .now))

    init(configuration: ServedConfiguration) {
        self.configuration = configuration
    }

    /// All of it.
    ///
    /// - Parameter now: The time.
    /// - Returns: The metrics; those that the database cannot tell now are left out, or as they were.
    func families(at now: Date) async -> [MetricFamily] {
        await self.countIfDue(at: now)
        return self.authorityFamilies(at: now) + self.counted.withLock(\.families)
    }

    // MARK: What is in memory

    private func authorityFamilies(at now: Date) -> [MetricFamily] {
        let authorities = self.configuration.current.authorities
        var ends: [(String, Double)] = []
        var registrationEnds: [(String, Double)] = []
        var signerEnds: [(String, Double)] = []
        var ages: [(String, Double)] = []
        var updates: [(String, Double)] = []
        for authority in authorities.all {
            let name = authority.name
            // What is retired issues nothing more, but its CRL goes on.
            if !authority.isRetired {
                ends.append((name, authority.issuer.notAfter.timeIntervalSince(now)))
                if let key = authority.registrationKeys.first, let end = Self.end(of: key.certificate) {
                    registrationEnds.append((name, end.timeIntervalSince(now)))
                }
                if let signer = authorities.statusSigners[authority.id]?.first {
                    signerEnds.append((name, signer.notAfter.timeIntervalSince(now)))
                }
            }
            guard let list = self.configuration.revocationLists[authority.id] else { continue }
            ages.append((name, now.timeIntervalSince(list.thisUpdate)))
            updates.append((name, list.nextUpdate.timeIntervalSince(now)))
        }
        return [
            .gauges("ucm_ca_expiry_seconds", "Until the certificate of the CA ends.", by: "ca", ends),
            .gauges(
                "ucm_ra_expiry_seconds", "Until the certificate of the registration authority ends.", by: "ca",
                registrationEnds),
            .gauges(
                "ucm_ocsp_signer_expiry_seconds", "Until the certificate of the OCSP signer ends.", by: "ca", signerEnds
            ),
            .gauges("ucm_crl_age_seconds", "Since the CRL that is served was made.", by: "ca", ages),
            .gauges("ucm_crl_next_update_seconds", "Until the CRL that is served ends.", by: "ca", updates),
            .gauge(
                "ucm_profiles_served", "Profiles that answer.",
                Double(self.configuration.current.registrationAuthorities.count)),
            .gauge(
                "ucm_profiles_unserved", "Profiles that cannot be served; the log says why.",
                Double(self.configuration.current.unserved.count)),
            .gauge(
                "ucm_node_on_duty", "Whether this node is the one that makes CRLs and tidies up.",
                self.configuration.isOnDuty ? 1 : 0),
            .gauge(
                "ucm_database_takes_changes", "Whether the database takes changes; the log says why not.",
                self.configuration.condition.reason == nil ? 1 : 0),
        ]
    }

    private static func end(of certificate: SignerCertificate) -> Date? {
        (try? Certificate(derEncoded: certificate.encoded))?.notValidAfter
    }

    // MARK: What is counted

    private func countIfDue(at now: Date) async {
        let start = ContinuousClock.now
        let isDue = self.counted.withLock { counted in
            guard !counted.isCounting, counted.due <= start else { return false }
            counted.isCounting = true
            return true
        }
        guard isDue else { return }
        let families = try? await self.count(at: now)
        let took = ContinuousClock.now - start
        self.counted.withLock { counted in
            counted.isCounting = false
            counted.due = start + max(Self.interval, took * Self.share)
            if let families { counted.families = families }
        }
    }

    private func count(at now: Date) async throws -> [MetricFamily] {
        let registry = self.configuration.registry
        let current = self.configuration.current
        let certificates = try await registry.certificateCounts(at: now)
        let pending = try await registry.pendingCounts()
        let profiles = Set(pending.keys).union(current.profiles.map(\.name)).sorted()
        return [
            .gauges(
                "ucm_certificates", "Certificates, by what they are good for.", by: "state",
                CertificateState.allCases.map { ($0.rawValue, Double(certificates.states[$0] ?? 0)) }),
            .gauges(
                "ucm_ca_certificates", "Certificates that the CA has issued.", by: "ca",
                current.authorities.all.map { ($0.name, Double(certificates.authorities[$0.id] ?? 0)) }),
            .gauges(
                "ucm_requests_pending", "Requests that wait for approval.", by: "profile",
                profiles.map { ($0, Double(pending[$0] ?? 0)) }),
        ]
    }
}
