import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP

/// A certificate of ours that signed a message and may renew itself.
struct RenewableCertificate: Sendable {
    let record: CertificateRecord
    /// Whether it is revoked because it was renewed already: then only that renewal may be asked for again, whose answer
    /// was perhaps lost.
    let isSuperseded: Bool
}

/// Why the certificate that signed a message cannot renew itself.
struct NotRenewable: Error {
    /// Why, in a word.
    let cause: RefusalCause
    let reason: String
    /// Whether it is a certificate of ours at all, and not a stranger's or the client's own.
    let isOurs: Bool
}

/// Who signed, and may they renew (RFC 8894 §2.3, §3.3.1.1).
extension RegistrationAuthority {
    /// Finds the certificate that signed among those that were issued, and judges whether it may renew itself.
    ///
    /// Only the whole certificate counts: issuer and serial number prove nothing, anybody can write them into a
    /// certificate of their own.
    ///
    /// - Throws: ``EnrollmentError/internal(_:)``.
    func renewableCertificate(
        signing message: PKIMessage,
        at now: Date
    ) async throws(EnrollmentError) -> Result<RenewableCertificate, NotRenewable> {
        let record: CertificateRecord
        switch try await self.issuedCertificate(signing: message) {
        case .success(let found): record = found
        case .failure(let stranger): return .failure(stranger)
        }
        if let obstacle = self.obstacle(toRenewing: record, at: now) {
            return .failure(NotRenewable(cause: obstacle.cause, reason: obstacle.reason, isOurs: true))
        }
        return .success(RenewableCertificate(record: record, isSuperseded: record.revocation != nil))
    }

    /// The record of the certificate that signed; only an exact copy of what was issued is one.
    ///
    /// - Throws: ``EnrollmentError/internal(_:)``.
    func issuedCertificate(
        signing message: PKIMessage
    ) async throws(EnrollmentError) -> Result<CertificateRecord, NotRenewable> {
        let signer = message.signerCertificate
        // Roots that follow each other may have one name.
        let issuers = self.authorities.known.filter { $0.issuer.certificate.subject == signer.identifier.issuer }
        guard let issuer = issuers.first else {
            return .failure(
                NotRenewable(
                    cause: .foreignCertificate,
                    reason: signer.isSelfIssued
                        ? "the message is signed with a self-signed certificate, not with one to be renewed"
                        : "the certificate that signed is of another CA: \(ReadableText.name(signer.identifier.issuer))",
                    isOurs: false
                )
            )
        }
        do {
            for issuer in issuers {
                let record = try await self.registry.certificate(
                    serialNumber: signer.identifier.serialNumber,
                    authority: issuer.id
                )
                if let record, record.certificate.encoded == signer.encoded { return .success(record) }
            }
            return .failure(
                NotRenewable(
                    cause: .foreignCertificate,
                    reason:
                        "the certificate that signed bears the name of the CA \(issuer.name) but was not issued "
                        + "by it: somebody may be trying something",
                    isOurs: false
                )
            )
        } catch {
            throw .internal(error)
        }
    }

    /// What keeps a certificate from renewing itself; nil where nothing does.
    private func obstacle(
        toRenewing record: CertificateRecord,
        at now: Date
    ) -> (cause: RefusalCause, reason: String)? {
        let renewal = self.profile.settings.renewal
        let certificate = record.certificate
        guard renewal.isAllowed else { return (.renewalsOff, "the profile \(self.profile.name) allows no renewals") }
        guard certificate.profile == self.profile.name else {
            let origin = certificate.profile.map { "through the profile \($0)" } ?? "for the server itself"
            return (
                .otherProfile, "the certificate that signed was issued \(origin), not through \(self.profile.name)"
            )
        }
        if let revocation = record.revocation, revocation.reason != Self.superseded {
            return (
                .revokedCertificate, "the certificate that signed was revoked on \(revocation.date.formatted(.iso8601))"
            )
        }
        guard now >= certificate.notBefore else {
            return (
                .endedCertificate,
                "the certificate that signed is not valid before \(certificate.notBefore.formatted(.iso8601))"
            )
        }
        guard now <= certificate.notAfter.addingTimeInterval(Double(renewal.graceDays) * 86_400) else {
            return (
                .endedCertificate,
                "the certificate that signed ended on \(certificate.notAfter.formatted(.iso8601)), and "
                    + "\(renewal.graceDays) days of grace are over: enrol anew"
            )
        }
        if let percent = renewal.windowPercent {
            let lifetime = certificate.notAfter.timeIntervalSince(certificate.notBefore)
            let opens = certificate.notAfter.addingTimeInterval(-lifetime * Double(percent) / 100)
            guard now >= opens else {
                return (
                    .tooEarly,
                    "the certificate that signed may not be renewed before \(opens.formatted(.iso8601)), the last "
                        + "\(percent) % of its life"
                )
            }
        }
        return nil
    }

    /// CRLReason superseded (RFC 5280 §5.3.1).
    private static let superseded = 4

    /// What can be judged of a RenewalReq before it is opened: all of it is visible to anybody.
    func checkRenewalReq(
        _ message: PKIMessage,
        signedBy signer: Result<RenewableCertificate, NotRenewable>
    ) throws(EnrollmentError) {
        _ = try self.renewable(signer)
        if let weakness = self.weakness(of: message) { throw .message(SCEPError(.algorithm, weakness)) }
    }

    /// Why a message's signature is not good enough for a renewal, which nothing else authorizes; nil where it is.
    func weakness(of message: PKIMessage) -> String? {
        message.weakestDigest.isSHA2
            ? nil : "\(message.weakestDigest.rawValue) does not authorize a renewal: use SHA-256"
    }

    /// The certificate, which may be renewed.
    func renewable(
        _ signer: Result<RenewableCertificate, NotRenewable>
    ) throws(EnrollmentError) -> RenewableCertificate {
        switch signer {
        case .success(let renewable): return renewable
        case .failure(let obstacle): throw .renewal(obstacle.cause, reason: obstacle.reason)
        }
    }

    /// A renewal is for the same subject, and for no SAN that was not there before.
    func identity(
        of opened: OpenedPKIMessage,
        renewing record: CertificateRecord
    ) throws(EnrollmentError) -> RenewedIdentity {
        do {
            return try RenewedIdentity(
                subject: opened.request.subject,
                extensions: opened.requestedExtensions,
                renewing: record.certificate.encoded
            )
        } catch {
            throw .renewal(RefusalCause(error.code), reason: error.reason)
        }
    }

    /// The answer to a renewal that was asked for before, by a certificate that it has revoked.
    func repeatedRenewal(
        _ opened: OpenedPKIMessage,
        of record: CertificateRecord,
        _ progress: Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        do {
            let digest = Array(SHA256.hash(data: opened.request.encoded))
            guard
                case .issued(let certificate)? = try await self.registry.renewal(
                    signedBy: record.id, requestDigest: digest)
            else {
                throw EnrollmentError.renewal(
                    .revokedCertificate,
                    reason: "the certificate that signed was revoked, superseded by its renewal: use the renewed one"
                )
            }
            return try self.answer(to: .issued(certificate: certificate), progress)
        } catch let error as EnrollmentError {
            throw error
        } catch {
            throw .internal(error)
        }
    }
}
