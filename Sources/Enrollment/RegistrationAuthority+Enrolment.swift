import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP

/// PKCSReq and RenewalReq (RFC 8894 §3.3.1).
extension RegistrationAuthority {
    /// Why a request may be granted.
    private enum Grounds {
        /// Its challenge is right, or the profile is open.
        case enrolment
        /// A certificate of ours signed it, and it is for the same names.
        case renewal(of: RenewableCertificate, RenewedIdentity)
    }

    func enrol(
        _ message: PKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        let signer = try await self.renewableCertificate(signing: message, at: progress.now)
        if message.messageType == .renewalReq { try self.checkRenewalReq(message, signedBy: signer) }
        let opened = try self.open(message, allowingOtherKey: (try? signer.get()) != nil, &progress)
        let key = try self.certifiableKey(of: opened, &progress)
        let grounds = try self.authorize(opened, signedBy: signer)
        if case .renewal(let renewable, _) = grounds, renewable.isSuperseded {
            return try await self.repeatedRenewal(opened, of: renewable.record, progress)
        }
        do {
            let request = try self.newRequest(opened, grounds, progress)
            if case .enrolment = grounds, self.profile.settings.approval == .manual {
                // What the template refuses need not wait for somebody to find out.
                try self.checkIssuable(opened, for: key, progress)
                let recording = try await self.registry.pend(
                    request,
                    limits: QueueLimits(perProfile: 10_000, perAddress: 10_000),
                    at: progress.now,
                    announced: progress.announced
                )
                return try self.answer(to: recording, progress) ?? (.pending, .pending)
            }
            // The registry decides, in the transaction that records the certificate, whether the same request was
            // granted before; a repetition then costs a signature that goes nowhere, and everybody else no look-up.
            return try await self.grant(request, opened, for: key, grounds, progress)
        } catch let error as EnrollmentError {
            throw error
        } catch let error as IssuanceError {
            throw .issuance(error)
        } catch {
            throw .internal(error)
        }
    }

    private func checkIssuable(
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        _ progress: Progress
    ) throws {
        _ = try self.recipient(progress).authority.issuer.prepare(
            RequestedCertificate(
                subject: opened.request.subject,
                key: key,
                extensions: opened.requestedExtensions
            ),
            template: self.profile.template,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: progress.now
        )
    }

    /// What a request gets that is not recorded now; nil where it is.
    private func answer(
        to recording: Recording,
        _ progress: Progress
    ) throws(EnrollmentError) -> (CertRep, Exchange.Outcome)? {
        switch recording {
        case .recorded: return nil
        case .earlier(let state, _): return try self.answer(to: state, progress)
        case .signerRevoked: throw .renewal(reason: "the certificate that signed was revoked a moment ago")
        case .challengeUnusable: throw .challengeWrong(profile: self.profile.name)
        case .queueFull: throw .queueFull(profile: self.profile.name)
        }
    }

    /// What a request gets that is known already.
    func answer(
        to state: RequestState,
        _ progress: Progress
    ) throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        switch state {
        case .pending:
            return (.pending, .pending)
        case .rejected(let reason):
            throw .rejected(reason: reason)
        case .expired:
            throw .rejected(reason: "Nobody decided on the request in time.")
        case .issued(let certificate):
            try progress.checkAnswerable()
            return (.success(certificates: self.reply(with: certificate, progress), crls: []), .sent)
        }
    }

    /// A certificate with whatever else the profile sends along: leaf first, the chain only where it is wanted.
    func reply(with certificate: [UInt8], _ progress: Progress) -> [[UInt8]] {
        switch self.profile.settings.replyChain {
        case .leaf: return [certificate]
        case .chain:
            // The CA that issued this one, which after a rollover need not be the one that answers.
            let issuer = (try? SignerCertificate(encoded: certificate))?.identifier.issuer
            let authority = self.authorities.known.first { $0.issuer.certificate.subject == issuer }
            return [certificate] + [authority?.issuer.certificate.encoded].compactMap(\.self)
        }
    }

    /// Decrypts.
    private func open(
        _ message: PKIMessage,
        allowingOtherKey allowsOtherKey: Bool,
        _ progress: inout Progress
    ) throws(EnrollmentError) -> OpenedPKIMessage {
        let recipient = try self.recipient(progress)
        do {
            let opened = try message.openedRequest(
                as: recipient.key.certificate,
                with: recipient.key.key,
                allowingOtherKey: allowsOtherKey,
                at: self.profile.settings.algorithmLevel
            )
            progress.subject = ReadableText.name(opened.request.subject)
            return opened
        } catch {
            throw .message(error)
        }
    }

    /// For whom the message is, which is known of every verified one.
    func recipient(_ progress: Progress) throws(EnrollmentError) -> Recipient {
        guard let recipient = progress.recipient else {
            throw .message(SCEPError(.recipient, "the envelope is for nobody known"))
        }
        return recipient
    }

    /// The key that is to be certified, and how its owner can be answered.
    private func certifiableKey(
        of opened: OpenedPKIMessage,
        _ progress: inout Progress
    ) throws(EnrollmentError) -> CertifiableKey {
        if !progress.signerReceivesKeys, let challenge = opened.challengePassword, !challenge.isEmpty {
            progress.password = challenge
        }
        try progress.checkAnswerable()
        let issuer = try self.recipient(progress).authority.issuer
        do {
            return try issuer.certifiable(
                opened.request.publicKey,
                rsaBits: self.profile.settings.algorithmLevel.rsaBits
            )
        } catch {
            throw .key(error)
        }
    }

    /// Decides whether the client may have a certificate at all.
    private func authorize(
        _ opened: OpenedPKIMessage,
        signedBy signer: Result<RenewableCertificate, NotRenewable>
    ) throws(EnrollmentError) -> Grounds {
        let requiresChallenge = self.profile.settings.renewal.requiresChallenge
        if opened.message.messageType == .renewalReq {
            if requiresChallenge { try self.checkChallenge(of: opened) }
            return try self.renewal(opened, of: try self.renewable(signer))
        }
        do {
            try self.checkChallenge(of: opened)
        } catch {
            // A PKCSReq that a certificate of ours signed, without a challenge that would make it an enrolment, is a
            // renewal too: sscep, jscep, certmonger and iOS renew so.
            guard case .success(let renewable) = signer, !requiresChallenge else {
                if case .failure(let obstacle) = signer, obstacle.isOurs {
                    throw .renewal(reason: "\(error.reason); and \(obstacle.reason)")
                }
                throw error
            }
            return try self.renewal(opened, of: renewable)
        }
        // For another key than the signer's it is a renewal whatever the challenge: otherwise whoever has a certificate
        // could have another device's request, recorded on its way, answered to himself.
        return opened.isForSignersKey
            ? .enrolment : try self.renewal(opened, of: try self.renewable(signer))
    }

    private func renewal(
        _ opened: OpenedPKIMessage,
        of renewable: RenewableCertificate
    ) throws(EnrollmentError) -> Grounds {
        if let weakness = self.weakness(of: opened.message) { throw .renewal(reason: weakness) }
        return .renewal(of: renewable, try self.identity(of: opened, renewing: renewable.record))
    }

    private func checkChallenge(of opened: OpenedPKIMessage) throws(EnrollmentError) {
        if self.profile.settings.isOpen { return }
        guard !self.profile.challenges.isEmpty else { throw .closed(profile: self.profile.name) }
        guard let challenge = opened.challengePassword, !challenge.isEmpty else {
            throw .challengeMissing(profile: self.profile.name)
        }
        // Every challenge is compared, so that the time does not tell which one came close.
        let isValid = self.profile.challenges.reduce(false) { found, kept in
            self.masterKey.isChallenge(challenge, profile: self.profile.name, keptAs: kept) || found
        }
        guard isValid else { throw .challengeWrong(profile: self.profile.name) }
    }

    private func newRequest(
        _ opened: OpenedPKIMessage,
        _ grounds: Grounds,
        _ progress: Progress
    ) throws -> NewRequest {
        var request = NewRequest(
            identity: RequestIdentity(
                transaction: self.transaction(of: opened.message),
                requestDigest: Array(SHA256.hash(data: opened.request.encoded))
            ),
            authority: try self.recipient(progress).authority.id,
            messageType: opened.message.messageType.rawValue,
            subject: progress.subject ?? "",
            namesDigest: [],
            clientAddress: progress.client,
            sealedRequest: try self.masterKey.seal(opened.request.encoded, for: SealPurpose.request)
        )
        if case .renewal(let renewable, _) = grounds { request.signerCertificate = renewable.record.id }
        return request
    }

    /// The transaction of a message: nobody but its signer's key can ask for what it leads to.
    func transaction(of message: PKIMessage) -> TransactionIdentity {
        TransactionIdentity(
            profile: self.profile.name,
            transactionID: message.transactionID.description,
            keyDigest: Array(SHA256.hash(data: message.signerCertificate.publicKey.derEncoded))
        )
    }

    private func grant(
        _ request: NewRequest,
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        _ grounds: Grounds,
        _ progress: Progress
    ) async throws -> (CertRep, Exchange.Outcome) {
        var renewed: CertificateRecord?
        var requested = RequestedCertificate(
            subject: opened.request.subject,
            key: key,
            extensions: opened.requestedExtensions
        )
        if case .renewal(let renewable, let identity) = grounds {
            renewed = renewable.record
            requested.subject = identity.subject
            requested.extensions = identity.extensions
        }
        let certificate = try self.recipient(progress).authority.issuer.issue(
            requested,
            template: self.profile.template,
            at: progress.now
        )
        let recording = try await self.registry.grant(
            request,
            NewCertificate(certificate, profile: self.profile.name, subject: request.subject),
            superseding: self.profile.settings.renewal.revokesOld ? renewed?.id : nil,
            at: progress.now,
            announced: progress.announced
        )
        if let earlier = try self.answer(to: recording, progress) { return earlier }
        return (
            .success(certificates: self.reply(with: certificate.encoded, progress), crls: []),
            .issued(serialNumber: certificate.serialNumber, renewing: renewed?.certificate.serialNumber)
        )
    }
}
