import CryptographicMessageSyntax
import Foundation
import SCEP
import SCEPClient
import Server

/// Whether a profile answers a client of ours: GetCACaps, GetCACert and one question that leaves nothing behind.
struct SCEPCheck {
    private let profile: ExaminedInstallation.Profile
    private let url: String
    private let timeout: Duration

    init(_ profile: ExaminedInstallation.Profile, at base: String, _ timeout: Duration) {
        self.profile = profile
        self.url = base + profile.path
        self.timeout = timeout
    }

    func run(_ transport: any SCEPTransport) async -> Finding {
        let check = "SCEP \(self.profile.name)"
        do throws(SCEPClientError) {
            var configuration = ClientConfiguration(trust: .certificate(self.profile.authority))
            // Whatever the profile names in its capabilities: here it matters that it answers.
            configuration.allowWeak = true
            configuration.timeout = self.timeout
            configuration.resends = 0
            let client = try SCEPClient(url: self.url, configuration: configuration, transport: transport)
            try await client.prepare()
            let what = try await self.ask(client)
            return Finding(check, .ok, "\(self.url) shows its CA and answers: \(what)")
        } catch {
            return Finding(
                check, .error, error.reason,
                advice: error.code == .untrusted
                    ? "another server answers under \(self.url), or one of another data directory"
                    : "the server's log says why; ucm scep ca \(self.url) tries it alone"
            )
        }
    }

    /// Asks for the CRL with a key that nobody has seen before: whatever comes back is signed by the profile's RA or CA.
    private func ask(_ client: SCEPClient) async throws(SCEPClientError) -> String {
        let key = try ClientKey(generating: .rsa2048)
        let identity = try ClientIdentity.selfSigned(subject: try Self.subject(), key: key)
        let issuer = try await client.authorities().issuer.certificate
        var identifier = issuer.identifier
        identifier.issuer = issuer.subject
        do throws(SCEPClientError) {
            let list = try await client.crl(for: identifier, as: identity)
            return "a CRL of \(list.thisUpdate.formatted(.iso8601))"
        } catch {
            // A refusal is an answer too: its signature was verified.
            guard error.code == .refused else { throw error }
            return "it refuses GetCRL, signed as it should be"
        }
    }

    private static func subject() throws(SCEPClientError) -> [UInt8] {
        do {
            return try SubjectName.encoded("CN=ucm doctor")
        } catch {
            throw SCEPClientError(.input, "The name of the question cannot be written: \(error)")
        }
    }
}
