import CryptographicMessageSyntax
import SCEP

extension SCEPClient {
    /// Asks what is needed before the first message, and refuses what would be refused then: a CA that is not the one
    /// that the caller knows, a server that is too old.
    ///
    /// - Throws: ``SCEPClientError``.
    public func prepare() async throws(SCEPClientError) {
        _ = try await self.negotiate()
    }

    /// The same, for whoever makes messages and judges answers besides this client.
    ///
    /// - Returns: What was learned.
    /// - Throws: ``SCEPClientError``.
    public func negotiate() async throws(SCEPClientError) -> NegotiatedServer {
        let capabilities = try await self.negotiatedCapabilities()
        let algorithms = try AlgorithmChoice(capabilities, allowWeak: self.configuration.allowWeak)
        let authorities = try await self.authorities()
        try self.check(authorities)
        return NegotiatedServer(
            url: self.url,
            configuration: self.configuration,
            algorithms: algorithms,
            authorities: authorities,
            isPOST: capabilities.contains(.postPKIOperation) || capabilities.contains(.scepStandard)
        )
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
        let server = try await self.negotiate()
        var request = request
        var resends = 0
        while true {
            let message = try server.encode(request, signer: signer)
            do throws(SCEPClientError) {
                let answer = try await self.exchange(message, content: request)
                if resends == self.configuration.resends || !answer.isTemporary {
                    let body = try answer.success(of: "PKIOperation")
                    return try server.verify(body, answering: request, signer: signer, opener: opener)
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
}
