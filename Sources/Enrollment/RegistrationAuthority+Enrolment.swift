import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP

/// PKCSReq and RenewalReq (RFC 8894 §3.3.1).
extension RegistrationAuthority {
    /// The largest PKCS#10 that is kept for approval, in bytes.
    ///
    /// Where requests without any credential wait, anybody fills the disk with them; the largest keys and names take a
    /// fraction of this.
    static let maximumWaitingSize = 64 << 10

    func enrol(
        _ message: PKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        let signer = try await self.renewableCertificate(signing: message, at: progress.now)
        if message.messageType == .renewalReq { try self.checkRenewalReq(message, signedBy: signer) }
        let triesChallenge = try self.mayTryChallenges(message, signedBy: signer, progress)
        let opened = try self.open(message, allowingOtherKey: (try? signer.get()) != nil, &progress)
        let key = try self.certifiableKey(of: opened, &progress)
        let identity = self.identity(of: opened)
        let authorization: Authorization
        do throws(EnrollmentError) {
            authorization = try await self.authorize(
                opened,
                signedBy: signer,
                tryingChallenge: triesChallenge,
                &progress
            )
        } catch {
            // Whoever asked before is told what became of it, as by a poll, though its challenge is good no more.
            guard case .credential = error, let known = try await self.known(identity, &progress) else { throw error }
            progress.wrongDigest = nil
            return known
        }
        if case .renewal(let renewable, _) = authorization.grounds, renewable.isSuperseded {
            return try await self.repeatedRenewal(opened, of: renewable.record, progress)
        }
        do {
            let request = try self.newRequest(opened, identity, authorization, progress)
            if authorization.waits {
                try self.checkDecidable(opened, authorization.names)
                // What the template refuses need not wait for somebody to find out.
                try self.checkIssuable(opened, for: key, authorization, progress)
                let recording = try await self.registry.pend(
                    request,
                    limits: QueueLimits(
                        perProfile: self.profile.settings.queue.limit,
                        perAddress: self.profile.settings.queue.limitPerAddress
                    ),
                    at: progress.now,
                    announced: progress.announced
                )
                if let earlier = try self.answer(to: recording, &progress) { return earlier }
                // The queue has its limits; with another request in the place of each that waits it would have none.
                if case .replacing = recording {
                    progress.countsAgainstClient = !authorization.explanation.isVouchedFor
                }
                return (.pending, .pending)
            }
            // The registry decides, in the transaction that records the certificate, whether the same request was
            // granted before; a repetition then costs a signature that goes nowhere, and everybody else no look-up.
            return try await self.grant(request, opened, for: key, authorization, &progress)
        } catch let error as EnrollmentError {
            throw error
        } catch let error as IssuanceError {
            throw .issuance(error)
        } catch {
            throw .internal(error)
        }
    }

    /// What became of the same request, sent by the same key; nil where there is none.
    private func known(
        _ identity: RequestIdentity,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome)? {
        do {
            guard let record = try await self.registry.latestRequest(of: identity.transaction),
                record.request.identity == identity, let state = record.state,
                try await self.isOfUse(record, at: progress.now)
            else { return nil }
            progress.request = record.id
            return try self.answer(to: state, progress)
        } catch let error as EnrollmentError {
            throw error
        } catch {
            throw .internal(error)
        }
    }

    /// Whether what became of a request is worth being told: a certificate that has ended or is revoked is not.
    private func isOfUse(_ record: RequestRecord, at now: Date) async throws -> Bool {
        guard case .issued(let encoded) = record.state else { return true }
        let certificate = try await self.registry.certificate(
            serialNumber: try SignerCertificate(encoded: encoded).identifier.serialNumber,
            authority: record.request.authority
        )
        return certificate.map { $0.revocation == nil && $0.certificate.notAfter > now } ?? false
    }

    /// Refuses a request that is too large to be kept for approval, or of which whoever approves would not be shown all.
    private func checkDecidable(_ opened: OpenedPKIMessage, _ names: RequestedNames) throws(EnrollmentError) {
        let size = opened.request.encoded.count
        guard size <= Self.maximumWaitingSize else {
            throw .constraint(
                .undecidable,
                reason: "the request has \(size) bytes, and one that waits for approval has at most "
                    + "\(Self.maximumWaitingSize)"
            )
        }
        let counts = [names.subject.count, names.alternativeNames.count, opened.requestedExtensions.count]
        guard counts.allSatisfy({ $0 <= RequestReport.maximumCount }) else {
            throw .constraint(
                .undecidable,
                reason: "the request has \(counts[0]) attributes in its subject, \(counts[1]) SANs and \(counts[2]) "
                    + "extensions, and one that waits for approval has at most \(RequestReport.maximumCount) of each"
            )
        }
    }

    private func checkIssuable(
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        _ authorization: Authorization,
        _ progress: Progress
    ) throws {
        _ = try self.recipient(progress).authority.issuer.prepare(
            Self.requested(opened, for: key, authorization),
            template: authorization.template,
            validityDays: authorization.assignedDays,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: progress.now
        )
    }

    /// What a request gets that is not recorded now; nil where it is.
    private func answer(
        to recording: Recording,
        _ progress: inout Progress
    ) throws(EnrollmentError) -> (CertRep, Exchange.Outcome)? {
        switch recording {
        case .recorded(let id), .replacing(let id):
            progress.request = id
            return nil
        case .earlier(let state, let id):
            progress.request = id
            return try self.answer(to: state, progress)
        case .signerRevoked:
            throw .renewal(.revokedCertificate, reason: "the certificate that signed was revoked a moment ago")
        case .challengeUnusable:
            throw .credential(
                .challengeSpent,
                reason: "the challenge was used up, revoked or over a moment ago, by the time that it was to be used"
            )
        case .queueFull(let limit): throw .queueFull(limit, profile: self.profile.name, client: progress.client)
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
            throw .expired
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
            return [certificate] + (authority?.chain ?? [])
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

    private func identity(of opened: OpenedPKIMessage) -> RequestIdentity {
        RequestIdentity(
            transaction: self.transaction(of: opened.message),
            requestDigest: Array(SHA256.hash(data: opened.request.encoded))
        )
    }

    private func newRequest(
        _ opened: OpenedPKIMessage,
        _ identity: RequestIdentity,
        _ authorization: Authorization,
        _ progress: Progress
    ) throws -> NewRequest {
        var request = NewRequest(
            identity: identity,
            authority: try self.recipient(progress).authority.id,
            messageType: opened.message.messageType.rawValue,
            subject: progress.subject ?? "",
            namesDigest: authorization.names.namesDigest,
            clientAddress: progress.client,
            clientNetwork: ClientNetwork.of(progress.client),
            sealedRequest: try self.masterKey.seal(opened.request.encoded, for: SealPurpose.request),
            challenge: authorization.challenge?.use,
            explanation: authorization.explanation.text
        )
        if case .renewal(let renewable, _) = authorization.grounds {
            request.signerCertificate = renewable.record.id
        }
        if authorization.waits {
            request.expiresAt = progress.now.addingTimeInterval(Double(self.profile.settings.queue.days) * 86_400)
        }
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

    /// What is to be certified: of a renewal the names of the certificate that it renews, as they are.
    private static func requested(
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        _ authorization: Authorization
    ) -> RequestedCertificate {
        var requested = RequestedCertificate(
            subject: opened.request.subject,
            key: key,
            extensions: opened.requestedExtensions
        )
        if case .renewal(_, let identity) = authorization.grounds {
            requested.subject = identity.subject
            requested.extensions = identity.extensions
            requested.isSubjectDecided = true
            requested.areAlternativeNamesDecided = true
        }
        return requested
    }

    private func grant(
        _ request: NewRequest,
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        _ authorization: Authorization,
        _ progress: inout Progress
    ) async throws -> (CertRep, Exchange.Outcome) {
        var renewed: CertificateRecord?
        if case .renewal(let renewable, _) = authorization.grounds { renewed = renewable.record }
        let certificate = try self.recipient(progress).authority.issuer.issue(
            Self.requested(opened, for: key, authorization),
            template: authorization.template,
            validityDays: authorization.assignedDays.map { min($0, authorization.template.validityDays) },
            at: progress.now
        )
        let recording = try await self.registry.grant(
            request,
            NewCertificate(
                certificate,
                profile: self.profile.name,
                publicKey: opened.request.publicKey,
                template: authorization.template.name,
                assignedTemplate: authorization.assignedTemplate,
                assignedDays: authorization.assignedDays,
                requested: (authorization.names, request.subject)
            ),
            superseding: self.profile.settings.renewal.revokesOld ? renewed?.id : nil,
            at: progress.now,
            announced: progress.announced
        )
        if let earlier = try self.answer(to: recording, &progress) { return earlier }
        return (
            .success(certificates: self.reply(with: certificate.encoded, progress), crls: []),
            .issued(serialNumber: certificate.serialNumber, renewing: renewed?.certificate.serialNumber)
        )
    }
}
