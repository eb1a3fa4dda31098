import CryptographicMessageSyntax
import Foundation
import SCEP

extension SCEPClient {
    /// Asks for a certificate.
    ///
    /// A first certificate is asked for by PKCSReq, a renewal by RenewalReq where the server names the capability,
    /// otherwise by a PKCSReq that the old certificate signs (RFC 8894 §3.3.1, §2.4).
    ///
    /// - Parameters:
    ///   - request: What is asked for, by whom.
    ///   - polling: How long to wait where somebody has to decide first; nil does not wait.
    ///   - whenPending: Is called before the waiting begins, with what it takes to ask again: the caller may not live to
    ///     see the end of it.
    /// - Returns: The certificate, or what it takes to ask again.
    /// - Throws: ``SCEPClientError``, with code `refused` where the server refuses.
    public func enroll(
        _ request: EnrollmentRequest,
        polling: Polling? = nil,
        whenPending: (@Sendable (PendingEnrollment) throws(SCEPClientError) -> Void)? = nil
    ) async throws(SCEPClientError) -> EnrollmentOutcome {
        let capabilities = try await self.negotiatedCapabilities()
        let answer = try await self.operate(
            PKIRequest(
                request.isRenewal && capabilities.contains(.renewal) ? .renewalReq : .pkcsReq,
                transactionID: request.transactionID,
                content: request.request.encoded
            ),
            signer: request.signer,
            challenge: request.challenge
        )
        let pending = PendingEnrollment(request)
        if let outcome = try await self.outcome(answer, publicKey: request.request.publicKey) { return outcome }
        try whenPending?(pending)
        guard let polling else { return .pending(pending) }
        return try await self.poll(
            pending,
            key: request.signer.key,
            challenge: request.challenge,
            polling: polling,
            isFirstAtOnce: false
        )
    }

    /// Renews a certificate: the same subject and names, by default with a new key and no challenge.
    ///
    /// - Parameters:
    ///   - identity: The certificate and its key.
    ///   - key: The key of the new certificate.
    ///   - challenge: A challenge, for servers that want one all the same.
    ///   - polling: How long to wait where somebody has to decide first; nil does not wait.
    /// - Returns: The certificate, or what it takes to ask again.
    /// - Throws: ``SCEPClientError``, with code `refused` where the server refuses.
    public func renew(
        _ identity: ClientIdentity,
        key: ClientKey,
        challenge: String? = nil,
        polling: Polling? = nil
    ) async throws(SCEPClientError) -> EnrollmentOutcome {
        try await self.enroll(
            EnrollmentRequest(renewing: identity, key: key, challenge: challenge),
            polling: polling
        )
    }

    /// Asks again for the certificate of a request that is pending (CertPoll, RFC 8894 §3.3.3).
    ///
    /// - Parameters:
    ///   - pending: The request.
    ///   - key: The key that signed it.
    ///   - challenge: The challenge in the request, where that key is on an elliptic curve; not needed otherwise.
    ///   - polling: How long to wait; nil asks once.
    /// - Returns: The certificate, or that it is still pending.
    /// - Throws: ``SCEPClientError``, with code `refused` where the server refuses.
    public func poll(
        _ pending: PendingEnrollment,
        key: ClientKey,
        challenge: String? = nil,
        polling: Polling? = nil
    ) async throws(SCEPClientError) -> EnrollmentOutcome {
        try await self.poll(
            pending,
            key: key,
            challenge: challenge.map { Array($0.utf8) },
            polling: polling ?? Polling(maximum: .zero),
            isFirstAtOnce: true
        )
    }

    /// Polls until the time is over.
    ///
    /// Nobody to be reached for a while is no reason to stop; the server's last word is.
    private func poll(
        _ pending: PendingEnrollment,
        key: ClientKey,
        challenge: [UInt8]?,
        polling: Polling,
        isFirstAtOnce: Bool
    ) async throws(SCEPClientError) -> EnrollmentOutcome {
        let notes = try pending.read(with: key)
        let start = self.now()
        var isFirst = isFirstAtOnce
        while true {
            if !isFirst {
                let left = polling.maximum - .seconds(self.now().timeIntervalSince(start))
                guard left > .zero else { return .pending(pending) }
                try await self.wait(min(polling.interval, left))
            }
            do throws(SCEPClientError) {
                let issuer = try await self.authorities().issuer.certificate.subject
                let answer = try await self.operate(
                    .certPoll(
                        IssuerAndSubject(issuer: issuer, subject: notes.subject),
                        transactionID: notes.transactionID
                    ),
                    signer: notes.signer,
                    challenge: challenge
                )
                if let outcome = try await self.outcome(answer, publicKey: notes.publicKey) { return outcome }
            } catch {
                let isTemporary = [.unreachable, .noAnswer].contains(error.code) || (error.status ?? 0) >= 500
                guard isTemporary, !isFirst, !Task.isCancelled else { throw error }
                self.configuration.observer?(.note("The poll did not get through: \(error.reason)"))
            }
            isFirst = false
        }
    }

    /// What an answer means for a request; nil while it is pending.
    private func outcome(
        _ answer: VerifiedCertRep,
        publicKey: SubjectPublicKeyInfo
    ) async throws(SCEPClientError) -> EnrollmentOutcome? {
        try answer.enrolled(publicKey, by: try await self.authorities()).map { .issued($0, others: $1) }
    }
}
