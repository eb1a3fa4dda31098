import CryptographicMessageSyntax
public import SCEP

/// A request for a first certificate as it goes over the wire: encrypted and signed once, sent as often as need be.
public struct PreparedEnrollment: Sendable {
    /// The message; what was encrypted in it is not kept.
    let request: PKIRequest
    let message: TransportRequest
    let signer: ClientIdentity
    let opener: EnvelopeOpener

    /// The transaction.
    public var transactionID: TransactionID { self.request.transactionID }
    /// How many bytes are sent, without what HTTP puts around them.
    public var size: Int { self.message.body?.count ?? self.message.url.utf8.count }
}

extension NegotiatedServer {
    /// Encrypts and signs a request for a first certificate.
    ///
    /// - Parameter request: What is asked for, by the key that is to be certified.
    /// - Returns: The message.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public func prepare(_ request: EnrollmentRequest) throws(SCEPClientError) -> PreparedEnrollment {
        var message = PKIRequest(
            .pkcsReq,
            transactionID: request.transactionID,
            content: request.request.encoded
        )
        let opener = try request.signer.key.opener(challenge: request.challenge)
        let encoded = try self.encode(message, signer: request.signer)
        message.content = []
        return PreparedEnrollment(request: message, message: encoded, signer: request.signer, opener: opener)
    }

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - enrollment: The message.
    ///   - transport: What carries it.
    /// - Returns: The answer, whatever its status; nothing in it is believed yet.
    /// - Throws: ``SCEPClientError``: `unreachable`, `noAnswer` or `tooLarge`.
    public func send(
        _ enrollment: PreparedEnrollment,
        over transport: any SCEPTransport
    ) async throws(SCEPClientError) -> TransportAnswer {
        self.configuration.observer?(.sending(enrollment.message, nil))
        let answer = try await transport.send(enrollment.message)
        self.configuration.observer?(.received(answer))
        return answer
    }

    /// The certificate in an answer; nil while somebody has yet to decide.
    ///
    /// - Parameters:
    ///   - answer: What came.
    ///   - enrollment: What it has to answer.
    /// - Returns: The certificate, issued by a CA that is believed, for the key in the request.
    /// - Throws: ``SCEPClientError``: `status` for another status than 200, `answer` or `weak` where the answer is not
    ///   believed, `refused` where the server refuses.
    public func certificate(
        in answer: TransportAnswer,
        to enrollment: PreparedEnrollment
    ) throws(SCEPClientError) -> CertificateDetails? {
        let verified = try self.verify(
            try answer.success(of: "PKIOperation"),
            answering: enrollment.request,
            signer: enrollment.signer,
            opener: enrollment.opener
        )
        return try verified.enrolled(enrollment.signer.certificate.publicKey, by: self.authorities)?.0
    }

    /// What an answer says that it is; nothing of it is verified, which a client must not do that wants a certificate.
    ///
    /// - Parameter answer: What came.
    /// - Returns: Whether there is a certificate in it; false while somebody has yet to decide.
    /// - Throws: ``SCEPClientError``: `status`, `answer` or `refused`.
    public func claimsCertificate(_ answer: TransportAnswer) throws(SCEPClientError) -> Bool {
        let body = try answer.success(of: "PKIOperation")
        let claim: UnverifiedCertRep
        do throws(SCEPError) {
            claim = try UnverifiedCertRep(berEncoded: body)
        } catch {
            throw SCEPClientError(answer: error)
        }
        if let failInfo = claim.failInfo { throw SCEPClientError(failInfo, text: "") }
        return claim.status == .success
    }
}
