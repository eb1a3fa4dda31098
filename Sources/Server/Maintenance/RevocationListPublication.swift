import CertificateAuthority
import Enrollment
import Foundation
import Logging
import Registry

/// Makes a CRL for each CA: when something was revoked, and long before the last one ends.
struct RevocationListPublication {
    let configuration: ServedConfiguration
    let logger: Logger

    /// How long a CRL is valid, in seconds.
    static let validity: TimeInterval = 7 * 86_400

    func run(at now: Date) async throws {
        let registry = self.configuration.registry
        for authority in self.configuration.current.authorities.all where authority.issuer.notAfter > now {
            let state = try await registry.revocationListState(authority: authority.id)
            let isFresh = state.nextUpdate.map { $0.timeIntervalSince(now) > Self.validity / 2 } ?? false
            if !isFresh || !state.isLatest { try await self.publish(authority, after: state, at: now) }
        }
    }

    private func publish(
        _ authority: IssuingAuthority,
        after state: RevocationListState,
        at now: Date
    ) async throws {
        let registry = self.configuration.registry
        let number = state.number + 1
        // "An entry MUST NOT be removed from the CRL until it appears on one regularly scheduled CRL issued beyond the
        // revoked certificate's validity period." (RFC 5280 §3.3)
        let revoked = try await registry.revocations(
            authority: authority.id,
            endingAfter: state.thisUpdate ?? .distantPast
        )
        let nextUpdate = now.addingTimeInterval(Self.validity)
        let list = try authority.issuer.revocationList(
            number: number,
            entries: revoked.map { serialNumber, revocation in
                RevokedCertificate(
                    serialNumber: serialNumber,
                    revokedAt: revocation.date,
                    reason: UInt8(exactly: revocation.reason).flatMap(RevocationReason.init) ?? .unspecified
                )
            },
            thisUpdate: now,
            nextUpdate: nextUpdate
        )
        try await registry.insert(
            RevocationListRecord(
                number: number,
                encoded: list,
                thisUpdate: now,
                nextUpdate: nextUpdate,
                revocationChanges: state.revocationChanges
            ),
            authority: authority.id
        )
        self.logger.info(
            "CRL made",
            metadata: [
                "authority": "\(authority.name)", "number": "\(number)", "entries": "\(revoked.count)",
                "nextUpdate": "\(nextUpdate.formatted(.iso8601))",
            ]
        )
    }
}
