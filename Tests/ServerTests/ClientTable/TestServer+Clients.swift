import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

extension TestServer {
    /// Sends a message by POST and returns the answer as its client understands it.
    ///
    /// - Parameters:
    ///   - message: The pkiMessage.
    ///   - enrolment: What the message is one of.
    ///   - authority: Who has to have signed; the RA unless a test wants another.
    /// - Returns: The answer.
    /// - Throws: What keeps the client from understanding it.
    func reply(
        to message: [UInt8],
        of enrolment: TestEnrolment,
        from authority: SignerCertificate? = nil
    ) async throws -> VerifiedCertRep {
        let response = try await self.post("/scep?operation=PKIOperation", message)
        try #require(response.status == .ok, "\(response.text)")
        return try enrolment.verified(response.bytes, from: authority ?? self.authority.raCertificate)
    }

    /// Enrols a device that does nothing unusual.
    func certificate(of enrolment: TestEnrolment) async throws -> [UInt8] {
        let message = try enrolment.message(for: self.authority.raCertificate)
        return try #require(try await self.reply(to: message, of: enrolment).certificates.first)
    }

    /// Why the last request was refused, as the log has it.
    var lastReason: String? { self.events.all.last?.values["reason"] }
}

extension TestAuthority {
    /// Records a CRL without entries.
    func publishRevocationList() async throws -> [UInt8] {
        let now = Date()
        let list = RevocationListRecord(
            number: 1,
            encoded: try self.issuer.revocationList(
                number: 1,
                entries: [],
                thisUpdate: now,
                nextUpdate: now.addingTimeInterval(86_400)
            ),
            thisUpdate: now,
            nextUpdate: now.addingTimeInterval(86_400),
            revocationChanges: 0
        )
        try await self.registry.insert(list, authority: 1)
        return list.encoded
    }
}
