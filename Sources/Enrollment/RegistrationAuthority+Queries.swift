import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import Registry
import SCEP

/// CertPoll, GetCert and GetCRL (RFC 8894 §3.3.3 to §3.3.5).
extension RegistrationAuthority {
    /// The largest CRL that is sent through SCEP, in bytes; larger ones are for HTTP (RFC 8894 §2.7).
    static let maximumRevocationListSize = 1 << 20

    /// What became of a request.
    ///
    /// It is found by its transaction, which the signature proves. The envelope is not opened: nothing in it is relied
    /// on, and what is never decrypted can tell nobody anything.
    func poll(
        _ message: PKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        let transaction = self.transaction(of: message)
        do {
            guard let record = try await self.registry.latestRequest(of: transaction), let state = record.state else {
                let isKnown = try await self.registry.knows(
                    transactionID: transaction.transactionID,
                    profile: self.profile.name
                )
                throw EnrollmentError.nothingToPoll(
                    reason: isKnown
                        ? "the transaction belongs to another key than the one that polls for it"
                        : "there is no request with this transactionID"
                )
            }
            progress.subject = record.request.subject
            if !progress.signerReceivesKeys {
                let request = try self.masterKey.open(record.request.sealedRequest, for: SealPurpose.request)
                progress.password = try CertificationRequest(encoded: request).challengePassword
            }
            return try self.answer(to: state, progress)
        } catch let error as EnrollmentError {
            throw error
        } catch {
            throw .internal(error)
        }
    }

    /// A certificate that was issued through this profile, for its owner or for a client with a valid one of its own.
    func certificate(
        askedFor message: PKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        let (query, authority) = try self.openQuery(message, progress)
        guard let authority else {
            throw .unknownCertificate(reason: "the issuer is \(ReadableText.name(query.issuer)), none of ours")
        }
        do {
            let record = try await self.registry.certificate(serialNumber: query.serialNumber, authority: authority.id)
            guard let record, record.certificate.profile == self.profile.name else {
                throw EnrollmentError.unknownCertificate(
                    reason: "the CA \(authority.name) has issued no certificate with this serial number through the "
                        + "profile \(self.profile.name)"
                )
            }
            progress.subject = record.certificate.subject
            try await self.checkMayRead(record, message, progress)
            return (.success(certificates: self.reply(with: record.certificate.encoded, progress), crls: []), .sent)
        } catch let error as EnrollmentError {
            throw error
        } catch {
            throw .internal(error)
        }
    }

    /// The signer owns the certificate's key, having perhaps lost the certificate (RFC 8894 §2.6), or holds a valid
    /// certificate of the same CA and profile.
    private func checkMayRead(
        _ record: CertificateRecord,
        _ message: PKIMessage,
        _ progress: Progress
    ) async throws(EnrollmentError) {
        let owned = try? SignerCertificate(encoded: record.certificate.encoded)
        if let owned, owned.publicKey.isSameKey(as: message.signerCertificate.publicKey) { return }
        switch try await self.issuedCertificate(signing: message) {
        case .failure(let stranger):
            throw .unknownCertificate(
                reason: "the certificate exists, but the signer has neither its key nor a certificate of this CA: "
                    + stranger.reason
            )
        case .success(let own):
            guard own.authority == record.authority, own.certificate.profile == record.certificate.profile,
                own.revocation == nil, (own.certificate.notBefore...own.certificate.notAfter).contains(progress.now)
            else {
                throw .unknownCertificate(
                    reason: "the certificate exists, but the signer's own is revoked, not valid now, or of another CA "
                        + "or profile"
                )
            }
        }
    }

    /// The latest CRL of one of this profile's CAs.
    ///
    /// It is found by its issuer alone; sscep sends the CA's own serial number with it.
    func revocationList(
        askedFor message: PKIMessage,
        _ progress: inout Progress
    ) async throws(EnrollmentError) -> (CertRep, Exchange.Outcome) {
        guard self.limits.allowsRevocationList(to: progress.client, at: progress.now) else {
            throw .tooManyQueries(client: progress.client)
        }
        let (query, authority) = try self.openQuery(message, progress)
        guard let authority else {
            throw .unknownCertificate(reason: "the issuer is \(ReadableText.name(query.issuer)), none of ours")
        }
        do {
            let size = try await self.registry.revocationListState(authority: authority.id).size
            guard size <= Self.maximumRevocationListSize else {
                throw EnrollmentError.revocationListTooLarge(bytes: size)
            }
            guard let list = try await self.registry.revocationList(authority: authority.id) else {
                throw EnrollmentError.unknownCertificate(reason: "the CA \(authority.name) has no CRL yet")
            }
            // One that has ended says what was revoked once, and not what is.
            guard list.nextUpdate > progress.now else {
                throw EnrollmentError.unknownCertificate(
                    reason: "the CRL of the CA \(authority.name) has ended on \(list.nextUpdate.formatted(.iso8601))"
                )
            }
            return (.success(certificates: [], crls: [list.encoded]), .sentRevocationList)
        } catch let error as EnrollmentError {
            throw error
        } catch {
            throw .internal(error)
        }
    }

    /// What is asked for, and the CA that is meant; nil where it is none of this profile's.
    private func openQuery(
        _ message: PKIMessage,
        _ progress: Progress
    ) throws(EnrollmentError) -> (IssuerAndSerialNumber, IssuingAuthority?) {
        try progress.checkAnswerable()
        let recipient = try self.recipient(progress)
        let query: IssuerAndSerialNumber
        do {
            query = try message.openedQuery(as: recipient.key.certificate, with: recipient.key.key)
        } catch {
            throw .message(error)
        }
        let authorities =
            [self.authorities.current, self.authorities.next?.authority].compactMap(\.self)
            + self.authorities.earlier
        return (query, authorities.first { NameComparison.isSame($0.issuer.certificate.subject, query.issuer) })
    }
}
