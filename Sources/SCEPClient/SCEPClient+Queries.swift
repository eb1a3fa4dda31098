public import CryptographicMessageSyntax
import Foundation
public import SCEP

extension SCEPClient {
    /// Asks for a certificate that the CA has issued (GetCert, RFC 8894 §3.3.4).
    ///
    /// - Parameters:
    ///   - serialNumber: Its serial number: the content octets of the INTEGER.
    ///   - identity: Who asks: the holder of another certificate of the CA, or of the key that was certified.
    /// - Returns: The certificate.
    /// - Throws: ``SCEPClientError``, with code `refused` where the server refuses.
    public func certificate(
        serialNumber: [UInt8],
        as identity: ClientIdentity
    ) async throws(SCEPClientError) -> CertificateDetails {
        let authorities = try await self.authorities()
        let identifier = IssuerAndSerialNumber(
            issuer: authorities.issuer.certificate.subject,
            serialNumber: serialNumber
        )
        let answer = try await self.query(identity) { try .getCert(identifier) }
        do throws(SCEPError) {
            let (certificate, others) = try answer.certificate(identifier)
            try authorities.checkIssued(certificate, intermediates: others)
            return certificate
        } catch {
            throw SCEPClientError(answer: error)
        }
    }

    /// Fetches the CRL that would list a certificate: from its distribution points where it names some, otherwise by
    /// GetCRL (RFC 8894 §2.7 prefers the first, §3.3.4).
    ///
    /// - Parameters:
    ///   - identifier: The certificate whose status is in question; the CA's own serial number asks for the CRL in
    ///     general.
    ///   - distributionPoints: URLs to try first; those with another scheme than http and https are passed over.
    ///   - identity: Who asks.
    /// - Returns: The CRL, signed by the CA.
    /// - Throws: ``SCEPClientError``, with code `refused` where the server refuses.
    public func crl(
        for identifier: IssuerAndSerialNumber,
        distributionPoints: [String] = [],
        as identity: ClientIdentity
    ) async throws(SCEPClientError) -> RevocationList {
        for url in distributionPoints where url.hasPrefix("http://") || url.hasPrefix("https://") {
            do throws(SCEPClientError) {
                return try await self.crl(at: url, of: identifier.issuer)
            } catch {
                self.configuration.observer?(
                    .note("The distribution point \(url.printable) is no help: \(error.reason)"))
            }
        }
        let answer = try await self.query(identity) { try .getCRL(for: identifier) }
        let crl: RevocationList
        do throws(SCEPError) {
            crl = try answer.crl(of: identifier.issuer)
        } catch {
            throw SCEPClientError(answer: error)
        }
        return try await self.believed(crl)
    }

    /// A CRL at a URL.
    ///
    /// It need not come from the server, but it has to be signed by the CA.
    private func crl(at url: String, of issuer: [UInt8]) async throws(SCEPClientError) -> RevocationList {
        let request = TransportRequest(
            url: url,
            maximumAnswerSize: self.configuration.maximumCRLSize,
            timeout: self.configuration.timeout
        )
        let body = try await self.exchange(request, content: nil).success(of: "the request for the CRL")
        let crl: RevocationList
        do throws(CMSError) {
            crl = try RevocationList(encoded: body)
        } catch {
            throw SCEPClientError(.answer, "What is there is not a CRL: \(error.reason).")
        }
        guard crl.issuer == issuer else {
            throw SCEPClientError(.answer, "The CRL that is there is of another CA.")
        }
        return try await self.believed(crl)
    }

    private func believed(_ crl: RevocationList) async throws(SCEPClientError) -> RevocationList {
        let authorities = try await self.authorities().authorities
        guard authorities.contains(where: { crl.isIssued(by: $0, at: self.configuration.level) }) else {
            throw SCEPClientError(.answer, "The CRL is not signed by the CA that is known.")
        }
        return crl
    }

    /// Sends a query; an answer other than SUCCESS is an error.
    private func query(
        _ identity: ClientIdentity,
        _ make: () throws -> PKIRequest
    ) async throws(SCEPClientError) -> VerifiedCertRep {
        let request: PKIRequest
        do {
            request = try make()
        } catch {
            throw SCEPClientError(.input, "The query cannot be made: \(error).")
        }
        let answer = try await self.operate(request, signer: identity)
        switch answer.answer {
        case .success: return answer
        case .failure(let failInfo, let text): throw SCEPClientError(failInfo, text: text)
        case .pending:
            throw SCEPClientError(.answer, "The server answers a query with PENDING, which RFC 8894 does not have.")
        }
    }
}
