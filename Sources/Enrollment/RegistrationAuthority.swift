public import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
public import Foundation
public import Registry
public import SCEP
import SwiftASN1
import X509

/// Answers the requests of one profile: who is asking, may they, and what do they get (RFC 8894 §2.1.3).
public struct RegistrationAuthority: Sendable {
    private let profile: Profile
    private let issuer: Issuer
    private let authority: Int64
    /// The newest first; it answers, the others only still decrypt.
    private let keys: [RegistrationKey]
    private let answeringKey: RegistrationKey
    private let registry: Registry
    private let masterKey: MasterKey
    private let caCertificates: CACertificates

    /// Makes an authority for a profile.
    ///
    /// - Parameters:
    ///   - profile: The settings.
    ///   - issuer: The CA that issues.
    ///   - authority: That CA's number in the registry.
    ///   - key: The certificate and key that answer.
    ///   - olderKeys: Certificates and keys that still decrypt.
    ///   - registry: Where requests and certificates are recorded.
    ///   - masterKey: Under which challenges are kept.
    public init(
        profile: Profile,
        issuer: Issuer,
        authority: Int64,
        key: RegistrationKey,
        olderKeys: [RegistrationKey] = [],
        registry: Registry,
        masterKey: MasterKey
    ) {
        self.profile = profile
        self.issuer = issuer
        self.authority = authority
        self.answeringKey = key
        self.keys = [key] + olderKeys
        self.registry = registry
        self.masterKey = masterKey
        // RA certificate first, then the issuing CA (RFC 8894 §4.2.1.2); in CA mode there is only one.
        self.caCertificates =
            switch profile.mode {
            case .registrationAuthority: .chain([key.certificate.encoded, issuer.certificate.encoded])
            case .certificateAuthority: .authority(issuer.certificate.encoded)
            }
    }

    /// What GetCACaps answers.
    public var capabilities: [Capability] { self.profile.capabilities }

    /// What GetCACert answers.
    public var certificates: CACertificates { self.caCertificates }

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
    ///   CertRep; ``UnansweredRequest`` where something of ours failed; or what the answering key throws.
    public func answer(_ message: [UInt8], from client: String, at now: Date) async throws -> Exchange {
        // Whoever arrived meanwhile says so too before the first of them starts to compute: then the registry knows for
        // whom a commit is worth waiting.
        let announced = self.registry.announceGrant()
        await Task.yield()
        let unverified = try UnverifiedPKIMessage(berEncoded: message)
        var progress = Progress(announced: announced)
        let answer: CertRep
        let outcome: Exchange.Outcome
        var isConcealed = false
        do {
            (answer, outcome) = try await self.decide(unverified, from: client, at: now, progress: &progress)
        } catch {
            guard let (failInfo, text) = FailureMapping.failure(for: error) else {
                throw UnansweredRequest(
                    transactionID: unverified.transactionID,
                    subject: progress.subject,
                    reason: error.reason
                )
            }
            answer = .failure(failInfo, text: text)
            outcome = .refused(failInfo, reason: error.reason)
            isConcealed = FailureMapping.isConcealed(error)
        }
        let digest = progress.algorithms?.digest
        return Exchange(
            answer: try answer.encoded(
                answering: unverified,
                // The answer mirrors the client's SHA-2; what is weaker is answered with SHA-256, which all of them read.
                digest: digest.flatMap { $0.isSHA2 && $0 != .sha224 ? $0 : nil } ?? .sha256,
                // Clients that send single DES read AES; 3DES is mirrored.
                cipher: progress.algorithms.map { $0.cipher == .des ? .aes128 : $0.cipher } ?? .aes128,
                signer: CertRepSigner(
                    certificate: (progress.recipient ?? self.answeringKey).certificate,
                    key: (progress.recipient ?? self.answeringKey).key
                ),
                senderNonce: .random(count: 16)
            ),
            outcome: outcome,
            messageType: unverified.messageType,
            transactionID: unverified.transactionID,
            subject: progress.subject,
            algorithms: progress.algorithms,
            isConcealed: isConcealed
        )
    }

    /// What got known on the way, also where the way ended early.
    private struct Progress {
        let announced: AnnouncedWrite
        var algorithms: (digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm)?
        var recipient: RegistrationKey?
        var subject: String?
    }

    private func decide(
        _ unverified: UnverifiedPKIMessage,
        from client: String,
        at now: Date,
        progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        let opened = try self.open(unverified, progress: &progress)
        let key = try self.authenticate(opened)
        let identity = RequestIdentity(
            profile: self.profile.name,
            transactionID: unverified.transactionID.description,
            keyDigest: Array(SHA256.hash(data: unverified.signer.certificate.publicKey.derEncoded)),
            requestDigest: Array(SHA256.hash(data: opened.request.encoded))
        )
        do {
            // The registry decides, in the transaction that records the certificate, whether the same request was
            // granted before; a repetition then costs a signature that goes nowhere, and everybody else no look-up.
            let certificate = try self.issue(opened, for: key, at: now)
            let subject = progress.subject ?? ""
            let earlier = try await self.registry.grant(
                GrantedRequest(
                    identity: identity,
                    subject: subject,
                    clientAddress: client,
                    encoded: opened.request.encoded
                ),
                NewCertificate(certificate, profile: self.profile.name, subject: subject),
                authority: self.authority,
                at: now,
                announced: progress.announced
            )
            if let earlier { return (.success(certificates: [earlier], crls: []), .resent) }
            return (
                .success(certificates: [certificate.encoded], crls: []),
                .issued(serialNumber: certificate.serialNumber)
            )
        } catch let error as IssuanceError {
            throw .issuance(error)
        } catch {
            throw .internal(error)
        }
    }

    /// Verifies and decrypts.
    private func open(
        _ unverified: UnverifiedPKIMessage,
        progress: inout Progress
    ) throws(EnrollmentError) -> OpenedPKIMessage {
        // Deny by default: what is not listed is not answered.
        guard unverified.messageType == .pkcsReq else { throw .unsupportedMessageType(unverified.messageType) }
        do throws(SCEPError) {
            let message = try unverified.verified(at: self.profile.algorithmLevel)
            progress.algorithms = (message.digest, message.contentEncryption)
            let certificate = try message.recipient(among: self.keys.map(\.certificate))
            guard let recipient = self.keys.first(where: { $0.certificate == certificate }) else {
                throw SCEPError(.recipient, "the envelope is for a certificate without key")
            }
            progress.recipient = recipient
            let opened = try message.opened(as: certificate, with: recipient.key)
            progress.subject = Self.readable(opened.request.subject)
            return opened
        } catch {
            throw .message(error)
        }
    }

    /// Decides whether the client may enrol at all.
    ///
    /// - Returns: The client's key, which may be certified.
    private func authenticate(_ opened: OpenedPKIMessage) throws(EnrollmentError) -> CertifiableKey {
        let key: CertifiableKey
        do {
            key = try self.issuer.certifiable(opened.request.publicKey, rsaBits: self.profile.algorithmLevel.rsaBits)
        } catch {
            throw .key(error)
        }
        if self.profile.isOpen { return key }
        guard !self.profile.challenges.isEmpty else { throw .closed(profile: self.profile.name) }
        guard let challenge = opened.challengePassword, !challenge.isEmpty else {
            throw .challengeMissing(profile: self.profile.name)
        }
        // Every challenge is compared, so that the time does not tell which one came close.
        let isValid = self.profile.challenges.reduce(false) { found, kept in
            self.masterKey.isChallenge(challenge, profile: self.profile.name, keptAs: kept) || found
        }
        guard isValid else { throw .challengeWrong(profile: self.profile.name) }
        return key
    }

    private func issue(
        _ opened: OpenedPKIMessage,
        for key: CertifiableKey,
        at now: Date
    ) throws -> IssuedCertificate {
        let prepared = try self.issuer.prepare(
            RequestedCertificate(
                subject: opened.request.subject,
                key: key,
                extensions: opened.requestedExtensions
            ),
            template: self.profile.template,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: now
        )
        return try self.issuer.issue(prepared)
    }

    /// A Name as people read it (RFC 4514), with NUL escaped as §2.4 asks: in a database it would end the text.
    private static func readable(_ name: [UInt8]) -> String {
        guard let node = try? DER.parse(name), let name = try? DistinguishedName(derEncoded: node) else {
            return "unreadable"
        }
        return "\(name)".replacing("\0", with: "\\00")
    }
}

extension NewCertificate {
    /// Describes an issued certificate to the registry.
    public init(_ certificate: IssuedCertificate, profile: String?, subject: String) {
        self.init(
            serialNumber: certificate.serialNumber,
            profile: profile,
            subject: subject,
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            encoded: certificate.encoded
        )
    }
}
