import Foundation
import SCEP
import SCEPClient
import Server

/// Whether a server gives out the CRL of a CA, and says of its own certificates that they are good.
struct PublicationChecks {
    let base: String
    let transport: any SCEPTransport
    let timeout: Duration

    func run(_ authority: ExaminedInstallation.Authority) async -> [Finding] {
        [await self.revocationList(authority), await self.status(authority)].compactMap(\.self)
    }

    private func get(_ path: String) async throws(SCEPClientError) -> TransportAnswer {
        try await self.transport.send(
            TransportRequest(url: self.base + path, maximumAnswerSize: 64 << 20, timeout: self.timeout))
    }

    private func revocationList(_ authority: ExaminedInstallation.Authority) async -> Finding {
        let check = "CRL \(authority.name)"
        let advice = "the server's log says why it makes none"
        do {
            let answer = try await self.get(authority.revocationListPath)
            guard answer.status == 200 else {
                return Finding(
                    check, .error, "\(authority.revocationListPath) gives HTTP status \(answer.status)", advice: advice)
            }
            let list = try RevocationList(encoded: answer.body)
            guard list.isCurrent(at: Date()) else {
                return Finding(check, .error, "the CRL that is served has ended", advice: advice)
            }
            return Finding(
                check, .ok, "\(authority.revocationListPath) is of \(list.thisUpdate.formatted(.iso8601))")
        } catch {
            return Finding(check, .error, "\(authority.revocationListPath): \(error)", advice: advice)
        }
    }

    private func status(_ authority: ExaminedInstallation.Authority) async -> Finding? {
        guard let path = authority.statusPath else { return nil }
        let check = "OCSP \(authority.name)"
        do {
            let answer = try await self.get(path)
            // OCSPResponse: a SEQUENCE, in it first of all the responseStatus, which is ENUMERATED (RFC 6960 §4.2.1).
            guard answer.status == 200, answer.body.firstRange(of: [0x0a, 0x01, 0x00]) != nil else {
                return Finding(
                    check, .error,
                    "OCSP does not answer for the installation's own certificate (HTTP \(answer.status))",
                    advice: "the server's log says why")
            }
            // Behind the CertID is the certStatus: good is [0], revoked [1], unknown [2].
            let end = answer.body.firstRange(of: authority.statusIdentifier)?.upperBound
            guard let end, end < answer.body.endIndex, answer.body[end] == 0x80 else {
                return Finding(
                    check, .error, "OCSP does not say that the installation's own certificate is good",
                    advice: "where it was not revoked: is this the server of this data directory?")
            }
            return Finding(check, .ok, "it says that the installation's own certificate is good")
        } catch {
            return Finding(check, .error, "it does not answer: \(error)", advice: "the server's log says why")
        }
    }
}
