import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP

/// Why a request may be granted.
enum Grounds {
    /// Its challenge, its address or the open profile.
    case enrolment
    /// A certificate of ours signed it, and it is for the same names.
    case renewal(of: RenewableCertificate, RenewedIdentity)
}

/// That a request may be granted, and how.
struct Authorization {
    var grounds: Grounds
    /// The challenge that it uses up, or part of it; nil where it needs none.
    var challenge: KnownChallenge?
    /// Whether somebody has to approve it first.
    var waits = false
    /// What the rules said.
    var explanation: Explanation
    /// What the certificate will look like.
    var template: CertificateTemplate
    /// The name of the template, where it was decided for this device; nil for the profile's.
    var assignedTemplate: String?
    /// How many days it is valid, where that was decided for this device; nil for the template's.
    var assignedDays: Int?
    /// The names that are asked for.
    var names: RequestedNames
}

extension Explanation {
    /// Whether a challenge or a known address stands behind the request.
    var isVouchedFor: Bool {
        self.verdicts.contains { ($0.rule == .challenge || $0.rule == .address) && $0.outcome == .holds }
    }
}

/// May they (RFC 8894 §2.3, §2.9)?
extension RegistrationAuthority {
    /// Whether a renewal needs a challenge besides; in an open profile nobody has one.
    private var renewalNeedsChallenge: Bool {
        self.profile.settings.renewal.requiresChallenge && !self.profile.settings.isOpen
    }

    /// Whether challenges are looked at that come from this address, which may have guessed too many wrong ones.
    ///
    /// - Returns: Whether they are; not where the client can renew instead, which needs no guessing.
    /// - Throws: ``EnrollmentError/guessing(client:until:)`` where the message need not be opened at all.
    func mayTryChallenges(
        _ message: PKIMessage,
        signedBy signer: Result<RenewableCertificate, NotRenewable>,
        _ progress: Progress
    ) throws(EnrollmentError) -> Bool {
        let isRenewal = (try? signer.get()) != nil && !self.renewalNeedsChallenge
        guard !self.profile.settings.isOpen, !(isRenewal && message.messageType == .renewalReq) else { return false }
        let until = self.limits.guessingObstacle(to: progress.client, at: progress.now)
        guard let until else { return true }
        guard isRenewal else { throw .guessing(client: progress.client, until: until) }
        return false
    }

    /// Decides whether the client may have a certificate.
    func authorize(
        _ opened: OpenedPKIMessage,
        signedBy signer: Result<RenewableCertificate, NotRenewable>,
        tryingChallenge triesChallenge: Bool,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> Authorization {
        let asked: RequestedNames
        var unreadable: IssuanceError?
        do throws(IssuanceError) {
            asked = try RequestedNames(subject: opened.request.subject, extensions: opened.requestedExtensions)
        } catch {
            // Who may not ask is told nothing of it; who may is refused below.
            asked = RequestedNames.none
            unreadable = error
        }
        let presented =
            triesChallenge
            ? try await self.presented(by: opened, names: asked, progress) : PresentedChallenge(verdict: .missing)
        progress.challenge = presented.known?.id
        // For another key than the signer's it is a renewal whatever the challenge: otherwise whoever has a certificate
        // could have another device's request, recorded on its way, answered to himself, or judged by the rules, which
        // tell apart what he must not know.
        if opened.message.messageType == .renewalReq || !opened.isForSignersKey {
            return try self.renewal(opened, of: try self.renewable(signer), presented, asked, &progress)
        }
        // A PKCSReq that a certificate of ours signed, without a challenge that would make it an enrolment, is a renewal
        // too: sscep, jscep, certmonger and iOS renew so.
        if case .success(let renewable) = signer, !presented.isValid, !self.profile.settings.isOpen,
            !self.renewalNeedsChallenge
        {
            return try self.renewal(opened, of: renewable, presented, asked, &progress)
        }
        let explanation = self.policy.explain(
            PolicyQuestion(
                client: progress.client,
                challenge: presented.verdict,
                names: asked,
                key: opened.request.publicKey
            )
        )
        progress.explanation = explanation
        switch explanation.decision {
        case .refuse(.credential, let reason):
            progress.wrongDigest = presented.wrongDigest
            let cause = presented.cause ?? explanation.credentialCause
            if case .failure(let obstacle) = signer, obstacle.isOurs {
                throw .credential(presented.cause ?? obstacle.cause, reason: "\(reason); and \(obstacle.reason)")
            }
            throw .credential(cause, reason: reason)
        case .refuse(.constraint, let reason): throw .constraint(explanation.constraintCause, reason: reason)
        case .grant, .queue: break
        }
        if let unreadable { throw .issuance(unreadable) }
        var authorization = try self.authorization(.enrolment, presented, asked, explanation)
        if case .queue = explanation.decision { authorization.waits = true }
        return authorization
    }

    private func presented(
        by opened: OpenedPKIMessage,
        names: RequestedNames,
        _ progress: Progress
    ) async throws(EnrollmentError) -> PresentedChallenge {
        do {
            return try await self.challenges.judge(
                opened.challengePassword,
                names: names,
                from: progress.client,
                key: self.transaction(of: opened.message).keyDigest,
                at: progress.now
            )
        } catch {
            throw .internal(error)
        }
    }

    private func renewal(
        _ opened: OpenedPKIMessage,
        of renewable: RenewableCertificate,
        _ presented: PresentedChallenge,
        _ asked: RequestedNames,
        _ progress: inout Progress
    ) throws(EnrollmentError) -> Authorization {
        let explanation = self.policy.explainRenewal(
            certificate: ReadableText.serialNumber(renewable.record.certificate.serialNumber),
            challenge: self.renewalNeedsChallenge ? presented.verdict : nil,
            key: opened.request.publicKey
        )
        progress.explanation = explanation
        // A wrong challenge that is not needed is a guess all the same: with the right one it would be an enrolment.
        progress.wrongDigest = presented.wrongDigest
        if case .refuse(.credential, let reason) = explanation.decision {
            throw .credential(presented.cause ?? explanation.credentialCause, reason: reason)
        }
        if let weakness = self.weakness(of: opened.message) { throw .renewal(.algorithm, reason: weakness) }
        let identity = try self.identity(of: opened, renewing: renewable.record)
        // Only now: the key may be another device's until the names are found to be the signer's.
        if case .refuse(.constraint, let reason) = explanation.decision {
            throw .constraint(explanation.constraintCause, reason: reason)
        }
        return try self.authorization(
            .renewal(of: renewable, identity),
            self.renewalNeedsChallenge ? presented : PresentedChallenge(verdict: .missing),
            asked,
            explanation
        )
    }

    private func authorization(
        _ grounds: Grounds,
        _ presented: PresentedChallenge,
        _ asked: RequestedNames,
        _ explanation: Explanation
    ) throws(EnrollmentError) -> Authorization {
        var template = self.profile.template
        var assignedTemplate: String?
        var assignedDays: Int?
        let challenge = presented.isValid && !self.profile.settings.isOpen ? presented.known : nil
        if case .enrolment = grounds, let name = challenge?.binding.template {
            template = try self.template(named: name, of: "the challenge")
            // By its own name, however the challenge writes it: by that it is known whether anybody needs it.
            assignedTemplate = template.name
        }
        if case .renewal(let renewable, _) = grounds {
            // What somebody decided for this device goes on.
            assignedTemplate = renewable.record.certificate.assignedTemplate
            assignedDays = renewable.record.certificate.assignedDays
            if let assignedTemplate {
                template = try self.template(named: assignedTemplate, of: "the certificate that signed")
            }
        }
        return Authorization(
            grounds: grounds,
            challenge: challenge,
            explanation: explanation,
            template: template,
            assignedTemplate: assignedTemplate,
            assignedDays: assignedDays,
            names: asked
        )
    }

    private func template(named name: String, of owner: String) throws(EnrollmentError) -> CertificateTemplate {
        guard let template = self.templates.named(name) else {
            throw .constraint(.noTemplate, reason: "\(owner) asks for the template \(name), which does not exist")
        }
        return template
    }
}
