public import CertificateAuthority
import CryptographicMessageSyntax
public import Foundation
public import Registry
public import SCEP

/// Answers the requests of one profile: who is asking, may they, and what do they get (RFC 8894 §2.1.3).
public struct RegistrationAuthority: Sendable {
    let profile: Profile
    let authorities: ProfileAuthorities
    let registry: Registry
    let masterKey: MasterKey
    let limits: ClientLimits
    let templates: CertificateTemplates
    let challenges: ChallengeBook
    let policy: ApprovalPolicy
    /// For whom a request may be encrypted; the first one answers what cannot be assigned.
    let recipients: [Recipient]
    private let defaultRecipient: Recipient
    private let caCertificates: CACertificates

    /// Makes an authority for a profile.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - authorities: Its CAs.
    ///   - registry: Where requests and certificates are recorded.
    ///   - masterKey: Under which challenges are kept.
    ///   - limits: What is borne from one address; shared by all profiles.
    ///   - templates: Those that a challenge, or what somebody approved, may name.
    /// - Throws: ``CMSError`` with code `key` where the CA has no key that could answer in the profile's mode.
    public init(
        profile: Profile,
        authorities: ProfileAuthorities,
        registry: Registry,
        masterKey: MasterKey,
        limits: ClientLimits = ClientLimits(),
        templates: CertificateTemplates = CertificateTemplates()
    ) throws {
        self.profile = profile
        self.authorities = authorities
        self.registry = registry
        self.masterKey = masterKey
        self.limits = limits
        self.templates = templates
        self.challenges = ChallengeBook(of: profile, registry: registry, masterKey: masterKey)
        self.policy = profile.policy
        self.recipients = authorities.recipients(for: profile.settings)
        guard let answering = authorities.current.keys(for: profile.settings).first else {
            throw CMSError(
                .key,
                "the CA \(authorities.current.name) has no key that answers SCEP requests in mode "
                    + profile.settings.mode.rawValue
            )
        }
        self.defaultRecipient = Recipient(key: answering, authority: authorities.current)
        let chain = authorities.current.chain
        // RA certificate first, then the issuing CA and those above it (RFC 8894 §4.2.1.2); a root that answers itself is
        // one certificate.
        self.caCertificates =
            switch (profile.settings.mode, profile.settings.publishedCertificates) {
            case (.registrationAuthority, .complete): .chain([answering.certificate.encoded] + chain)
            case (.certificateAuthority, .complete) where chain.count > 1: .chain(chain)
            case (.certificateAuthority, _), (_, .authority): .authority(authorities.current.issuer.certificate.encoded)
            }
    }

    /// The profile's name.
    public var name: String { self.profile.name }

    /// The CA that issues now.
    public var authority: IssuingAuthority { self.authorities.current }

    /// What GetCACaps answers.
    public var capabilities: [Capability] {
        self.profile.settings.advertisedCapabilities(hasNextAuthority: self.authorities.next != nil)
    }

    /// What GetCACert answers.
    public var certificates: CACertificates { self.caCertificates }

    /// What GetNextCACert answers (RFC 8894 §4.7.1); nil where there is no next CA.
    public var nextCertificates: [UInt8]? { self.authorities.next?.answer }

    /// Answers a PKIOperation.
    ///
    /// What leaves is on disk before it leaves.
    ///
    /// - Parameters:
    ///   - message: The pkiMessage, unchecked.
    ///   - client: The client's address, for the record.
    ///   - now: The time.
    /// - Returns: The answer, and what happened, for the log.
    /// - Throws: ``SCEPError`` with code `notAPKIMessage` where the message is less than can be answered by a signed
    ///   CertRep; ``UnansweredRequest`` where something of ours failed or the client has to wait; or what the answering
    ///   key throws.
    public func answer(_ message: [UInt8], from client: String, at now: Date) async throws -> Exchange {
        // Whoever arrived meanwhile says so too before the first of them starts to compute: then the registry knows for
        // whom a commit is worth waiting.
        let announced = self.registry.announceGrant()
        await Task.yield()
        let unverified = try UnverifiedPKIMessage(berEncoded: message)
        var progress = Progress(client: client, now: now, announced: announced)
        let answer: CertRep
        let outcome: Exchange.Outcome
        var cause: RefusalCause?
        var isConcealed = false
        var alarm: Int?
        do {
            let decision = try await self.decide(unverified, &progress)
            alarm = try await self.recordGuess(progress)
            (answer, outcome) = decision
        } catch {
            guard let (failInfo, text) = FailureMapping.failure(for: error, answering: unverified.messageType) else {
                throw progress.unanswered(unverified, because: error)
            }
            do throws(EnrollmentError) {
                alarm = try await self.record(error, of: unverified, progress)
            } catch {
                throw progress.unanswered(unverified, because: error)
            }
            answer = .failure(failInfo, text: text)
            outcome = .refused(failInfo, reason: error.reason)
            cause = error.cause
            progress.countsAgainstClient = error.isDecision
            isConcealed = FailureMapping.isConcealed(error)
        }
        let recipient = (progress.recipient ?? self.defaultRecipient).key
        return Exchange(
            answer: try answer.encoded(
                answering: unverified,
                digest: self.answeringDigest(progress.algorithms?.digest),
                cipher: self.answeringCipher(progress.algorithms?.cipher),
                encryption: progress.password.map { .password($0) } ?? .signerKey,
                signer: CertRepSigner(certificate: recipient.certificate, key: recipient.key),
                senderNonce: .random(count: 16)
            ),
            outcome: outcome,
            messageType: unverified.messageType,
            transactionID: unverified.transactionID,
            subject: progress.subject,
            algorithms: progress.algorithms,
            used: unverified.usedAlgorithms(knowing: progress.algorithms?.cipher),
            cause: cause,
            challenge: progress.challenge,
            request: progress.request,
            countsAgainstClient: progress.countsAgainstClient,
            isConcealed: isConcealed,
            isSlowed: isConcealed && self.limits.isSlowed(self.name, at: now),
            alarm: alarm
        )
    }

    /// Records that a request for a certificate was refused, and the wrong challenge that it had.
    ///
    /// All refusals are recorded alike, so that the time it takes tells nothing.
    ///
    /// - Returns: How many different wrong challenges came to the profile lately, where that is an alarm.
    private func record(
        _ error: EnrollmentError,
        of message: UnverifiedPKIMessage,
        _ progress: Progress
    ) async throws(EnrollmentError) -> Int? {
        guard message.messageType.asksForCertificate, error.isDecision else { return nil }
        do {
            let isGuess = try await self.registry.recordRefusal(
                NewEvent(
                    .refused,
                    by: Decider.device,
                    profile: self.name,
                    clientAddress: progress.client,
                    subject: progress.subject,
                    detail: error.reason,
                    explanation: progress.explanation?.text ?? ""
                ),
                wrongChallenge: self.wrongChallenge(progress),
                at: progress.now
            )
            return isGuess ? try await self.noteGuess(progress) : nil
        } catch {
            throw .internal(error)
        }
    }

    /// Records the wrong challenge of a renewal that was granted without it: who has a certificate could otherwise guess as
    /// often as he likes, for with the right one it would have been an enrolment.
    ///
    /// - Returns: How many different wrong challenges came to the profile lately, where that is an alarm.
    private func recordGuess(_ progress: Progress) async throws(EnrollmentError) -> Int? {
        guard let wrong = self.wrongChallenge(progress) else { return nil }
        do {
            let isGuess = try await self.registry.record(wrong, at: progress.now)
            return isGuess ? try await self.noteGuess(progress) : nil
        } catch {
            throw .internal(error)
        }
    }

    private func wrongChallenge(_ progress: Progress) -> WrongChallenge? {
        progress.wrongDigest.map {
            WrongChallenge(address: ClientNetwork.of(progress.client), profile: self.name, digest: $0)
        }
    }

    /// Lets a guess that was recorded count from now on.
    ///
    /// - Returns: How many different wrong challenges came to the profile lately, where that is an alarm.
    private func noteGuess(_ progress: Progress) async throws -> Int? {
        try await self.limits.noteGuess(from: progress.client, in: self.registry, at: progress.now)
        let count = try await self.registry.wrongChallengeCount(
            profile: self.name,
            since: progress.now.addingTimeInterval(-GuessingLimit.profileWindow)
        )
        guard self.limits.noteGuesses(count, at: self.name, at: progress.now) else { return nil }
        try await self.registry.record(
            NewEvent(
                .guessingAlarm,
                by: Decider.server,
                profile: self.name,
                clientAddress: progress.client,
                detail: "\(count) different wrong challenges within an hour"
            ),
            at: progress.now
        )
        return count
    }

    /// What got known on the way, also where the way ended early.
    struct Progress {
        let client: String
        let now: Date
        let announced: AnnouncedWrite
        var algorithms: (digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm)?
        var recipient: Recipient?
        var subject: String?
        /// Whether a SUCCESS can be encrypted to the signer's key.
        var signerReceivesKeys = true
        /// Under what a SUCCESS is encrypted where it cannot.
        var password: [UInt8]?
        /// What the rules say.
        var explanation: Explanation?
        /// What is kept of a challenge that is none of ours.
        var wrongDigest: [UInt8]?
        /// The number of the challenge that the request had, where that is one of ours.
        var challenge: Int64?
        /// Whether an address can send so many of these only.
        var countsAgainstClient = false
        /// The number of the request in the registry.
        var request: Int64?

        /// What is thrown where there is no CertRep.
        func unanswered(_ message: UnverifiedPKIMessage, because error: EnrollmentError) -> UnansweredRequest {
            var retryAt: Date?
            if case .guessing(_, let until) = error { retryAt = until }
            return UnansweredRequest(
                messageType: message.messageType,
                transactionID: message.transactionID,
                subject: self.subject,
                algorithms: message.usedAlgorithms(knowing: self.algorithms?.cipher),
                cause: error.cause,
                reason: error.reason,
                retryAt: retryAt
            )
        }

        /// Refuses what could not be delivered.
        func checkAnswerable() throws(EnrollmentError) {
            guard self.signerReceivesKeys || self.password != nil else {
                throw .unanswerable(
                    reason: "the signer's key is ECDSA and no challenge is known under which the answer could be "
                        + "encrypted: use an RSA key"
                )
            }
        }
    }

    /// Deny by default: what is not listed is not answered.
    private func decide(
        _ unverified: UnverifiedPKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        switch unverified.messageType {
        case .pkcsReq, .renewalReq: try await self.enrol(try self.verify(unverified, &progress), &progress)
        case .certPoll: try await self.poll(try self.verify(unverified, &progress), &progress)
        case .getCert: try await self.certificate(askedFor: try self.verify(unverified, &progress), &progress)
        case .getCRL: try await self.revocationList(askedFor: try self.verify(unverified, &progress), &progress)
        default: throw .unsupportedMessageType(unverified.messageType)
        }
    }

    /// Verifies the signature, and finds out for which of our certificates the message is.
    private func verify(
        _ unverified: UnverifiedPKIMessage,
        _ progress: inout Progress
    ) throws(EnrollmentError) -> PKIMessage {
        do throws(SCEPError) {
            let message = try unverified.verified(at: self.profile.settings.algorithmLevel)
            progress.algorithms = (message.digest, message.contentEncryption)
            progress.signerReceivesKeys = message.signerReceivesKeys
            let certificate = try message.recipient(among: self.recipients.map(\.key.certificate))
            guard let recipient = self.recipients.first(where: { $0.key.certificate == certificate }) else {
                throw SCEPError(.recipient, "the envelope is for a certificate without key")
            }
            progress.recipient = recipient
            try self.checkSigningTime(of: unverified, at: progress.now)
            return message
        } catch {
            throw error.code == .refused ? .signingTime(reason: error.reason) : .message(error)
        }
    }

    private func checkSigningTime(of message: UnverifiedPKIMessage, at now: Date) throws(SCEPError) {
        guard let tolerance = self.profile.settings.signingTimeTolerance, let time = try message.signingTime else {
            return
        }
        let difference = Int(time.timeIntervalSince(now).rounded())
        guard abs(difference) <= tolerance else {
            throw SCEPError(
                .refused,
                "the signingTime is \(abs(difference)) s \(difference < 0 ? "before" : "after") the server's time, "
                    + "\(tolerance) s are tolerated: set the device's clock"
            )
        }
    }

    /// The answer mirrors the client's SHA-2; what is weaker is answered with SHA-256, which all of them read, unless the
    /// profile says otherwise.
    private func answeringDigest(_ asked: DigestAlgorithm?) -> DigestAlgorithm {
        switch asked {
        case .sha256, .sha384, .sha512: asked ?? .sha256
        case .sha1 where self.profile.settings.mirrorsSHA1: .sha1
        case .sha1, .sha224, .md5, nil: .sha256
        }
    }

    /// Clients that send single DES read AES, as far as is known; everything else is mirrored.
    private func answeringCipher(_ asked: ContentEncryptionAlgorithm?) -> ContentEncryptionAlgorithm {
        switch asked {
        case .des where !self.profile.settings.mirrorsDES: .aes128
        case let asked?: asked
        case nil: .aes128
        }
    }
}
