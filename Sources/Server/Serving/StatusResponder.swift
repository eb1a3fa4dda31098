import CertificateAuthority
import Enrollment
import Foundation
import Registry

/// Says whether certificates are good (RFC 6960).
struct StatusResponder {
    let configuration: ServedConfiguration

    /// Answers a request, from what is signed already where nothing has changed and the client has sent no nonce.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - now: The time.
    /// - Returns: The answer; nil where no CA has a key that could sign one now.
    /// - Throws: What keeps the registry from being read, or the key from signing.
    func answer(to request: OCSPRequest, at now: Date) async throws -> CertificateStatuses.Answer? {
        let current = self.configuration.current
        guard let (authority, signer) = current.authorities.responder(for: request.certificates, at: now) else {
            return nil
        }
        let statuses = self.configuration.statuses
        let key = request.certificates.first.map { CertificateStatuses.Key(authority: authority.id, certificate: $0) }
        // With parameters that anybody makes up one certificate would have any number of names, and leave others no room.
        let isKept = request.certificates.count == 1 && request.nonce == nil && key?.certificate.isPlain == true
        if isKept, let key, let answer = statuses.answer(for: key, signedBy: signer, at: now) { return answer }
        let age = statuses.age
        // To the second, as it is written; a fraction more would be in the future.
        let thisUpdate = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let nextUpdate = min(
            thisUpdate.addingTimeInterval(Double(current.publication.statusHours) * 3600),
            signer.notAfter
        )
        var responses: [SingleResponse] = []
        var isIssued = true
        for certificate in request.certificates {
            let status = try await self.status(of: certificate, under: authority)
            if status == .unknown { isIssued = false }
            responses.append(
                SingleResponse(certificate: certificate, status: status, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
            )
        }
        let answer = CertificateStatuses.Answer(
            response: try signer.response(responses, nonce: request.nonce, producedAt: thisUpdate),
            signer: signer,
            thisUpdate: thisUpdate,
            nextUpdate: nextUpdate
        )
        if isKept, isIssued, let key { statuses.keep(answer, for: key, ofAge: age) }
        return answer
    }

    /// `good` only for what the CA has issued; a serial number that it never gave is `unknown`, and so is whatever comes
    /// from another CA, of which this signer may say nothing.
    private func status(
        of certificate: CertID,
        under authority: IssuingAuthority
    ) async throws -> CertificateAuthority.CertificateStatus {
        guard authority.statusIssuer.isIssuer(of: certificate) else { return .unknown }
        let status = try await self.configuration.registry.certificateStatus(
            serialNumber: certificate.serialNumber,
            authority: authority.id
        )
        return switch status {
        case .unknown: .unknown
        case .good: .good
        case .revoked(let revocation):
            .revoked(at: revocation.date, reason: RevocationReason(stored: revocation.reason))
        }
    }
}

extension LoadedAuthorities {
    /// Who answers for certificates: the CA of the first one that is known; for none that is known the standard one.
    fileprivate func responder(
        for certificates: [CertID],
        at now: Date
    ) -> (authority: IssuingAuthority, signer: OCSPSigner)? {
        let meant = certificates.lazy.compactMap { certificate in
            self.all.first { $0.statusIssuer.isIssuer(of: certificate) }
        }.first
        guard let authority = meant ?? self.standard,
            let signer = self.statusSigners[authority.id]?.first(where: { ($0.notBefore...$0.notAfter).contains(now) })
        else { return nil }
        return (authority, signer)
    }
}
