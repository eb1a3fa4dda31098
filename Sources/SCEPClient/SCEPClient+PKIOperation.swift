import CryptographicMessageSyntax
import Foundation
import SCEP

extension SCEPClient {
    /// Asks what is needed before the first message, and refuses what would be refused then: a CA that is not the one
    /// that the caller knows, a server that is too old.
    ///
    /// - Throws: ``SCEPClientError``.
    public func prepare() async throws(SCEPClientError) {
        _ = try AlgorithmChoice(try await self.negotiatedCapabilities(), allowWeak: self.configuration.allowWeak)
        try self.check(try await self.authorities())
    }

    /// Sends a pkiMessage and believes the answer, or not.
    ///
    /// A message whose answer was lost on the way is sent again, in the same transaction and with a new nonce: the
    /// server gives what it has given already (RFC 8894 §5.2 recommends it for PKCSReq; queries change nothing).
    ///
    /// - Parameters:
    ///   - request: The message.
    ///   - signer: Who signs it and opens the answer.
    ///   - challenge: The challenge in the request; a signer whose key only signs opens the answer with it.
    /// - Returns: The answer, verified.
    /// - Throws: ``SCEPClientError``.
    func operate(
        _ request: PKIRequest,
        signer: ClientIdentity,
        challenge: [UInt8]? = nil
    ) async throws(SCEPClientError) -> VerifiedCertRep {
        let opener = try signer.key.opener(challenge: challenge)
        let capabilities = try await self.negotiatedCapabilities()
        let algorithms = try AlgorithmChoice(capabilities, allowWeak: self.configuration.allowWeak)
        let authorities = try await self.authorities()
        try self.check(authorities)
        let isPOST = capabilities.contains(.postPKIOperation) || capabilities.contains(.scepStandard)
        var request = request
        var resends = 0
        while true {
            let message = try self.encode(request, for: authorities, signer: signer, algorithms: algorithms)
            do throws(SCEPClientError) {
                let answer = try await self.exchange(self.httpRequest(message, isPOST: isPOST), content: request)
                if answer.status == 200 || resends == self.configuration.resends || !Self.isTemporary(answer.status) {
                    let body = try answer.success(of: "PKIOperation")
                    return try self.verify(
                        body,
                        answering: request,
                        signer: signer,
                        opener: opener,
                        authorities: authorities
                    )
                }
                try await self.pause(
                    answer.retryAfter.map { .seconds(min(max($0, 0), 60)) },
                    because: "HTTP status \(answer.status)"
                )
            } catch {
                guard error.code == .noAnswer, resends < self.configuration.resends else { throw error }
                try await self.pause(nil, because: error.reason)
            }
            resends += 1
            request.senderNonce = .random(count: 16)
        }
    }

    /// The statuses of a server or proxy that asks to come back.
    static func isTemporary(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    private func pause(_ time: Duration?, because reason: String) async throws(SCEPClientError) {
        self.configuration.observer?(.note("The message is sent again: \(reason)"))
        try await self.wait(time ?? self.configuration.resendDelay)
    }

    /// Waits.
    ///
    /// - Throws: ``SCEPClientError`` with code `noAnswer` where the task was cancelled.
    func wait(_ time: Duration) async throws(SCEPClientError) {
        do {
            try await self.sleep(time)
        } catch {
            throw SCEPClientError(.noAnswer, "The client was stopped while it waited.")
        }
    }

    /// Refuses to encrypt to a key that others could break.
    private func check(_ authorities: TrustedAuthorities) throws(SCEPClientError) {
        let bits = authorities.recipient.certificate.publicKey.rsaBits ?? 0
        guard bits >= 2048 || self.configuration.allowWeak else {
            throw SCEPClientError(
                .weak,
                "The server's key has only \(bits) bits, so others could read the challenge. Only if you know the server "
                    + "to be that old, allow weak algorithms."
            )
        }
    }

    private func encode(
        _ request: PKIRequest,
        for authorities: TrustedAuthorities,
        signer: ClientIdentity,
        algorithms: AlgorithmChoice
    ) throws(SCEPClientError) -> [UInt8] {
        do {
            return try request.encoded(
                for: [authorities.recipient.certificate],
                signer: signer.certificate,
                key: signer.key,
                digest: algorithms.digest,
                cipher: algorithms.cipher
            )
        } catch {
            throw SCEPClientError(.input, "The message cannot be made: \(error).")
        }
    }

    /// POST where the server takes it, otherwise GET with the message in base64 (RFC 8894 §4.1).
    private func httpRequest(_ message: [UInt8], isPOST: Bool) -> TransportRequest {
        TransportRequest(
            url: self.url.url("PKIOperation", message: isPOST ? nil : Data(message).base64EncodedString()),
            body: isPOST ? message : nil,
            maximumAnswerSize: self.configuration.maximumAnswerSize,
            timeout: self.configuration.timeout
        )
    }

    private func verify(
        _ answer: [UInt8],
        answering request: PKIRequest,
        signer: ClientIdentity,
        opener: EnvelopeOpener,
        authorities: TrustedAuthorities
    ) throws(SCEPClientError) -> VerifiedCertRep {
        let verified: VerifiedCertRep
        do throws(SCEPError) {
            verified = try VerifiedCertRep(
                berEncoded: answer,
                answering: request,
                authorities: authorities.signers.map(\.certificate),
                signer: signer.certificate,
                opener: opener
            )
        } catch {
            throw SCEPClientError(answer: error)
        }
        self.configuration.observer?(.verified(verified))
        // A refusal brings nothing that somebody could have forged to his advantage, and it says what is wrong.
        if verified.answer.status == .success {
            try AlgorithmChoice.check(
                digest: verified.digest,
                cipher: verified.contentEncryption,
                allowWeak: self.configuration.allowWeak
            )
        }
        return verified
    }
}
