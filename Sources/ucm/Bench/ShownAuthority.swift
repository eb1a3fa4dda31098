import CryptographicMessageSyntax
import SCEP
import SCEPClient

/// The CA that a server shows, believed because nobody has said which it should be.
enum ShownAuthority {
    /// Asks a server, and says on standard error what was believed.
    ///
    /// - Parameter client: A client of the server that knows no CA.
    /// - Returns: The CA at the top of what the server shows.
    /// - Throws: ``SCEPClientError``.
    static func trust(of client: SCEPClient) async throws(SCEPClientError) -> Trust {
        let certificates = try await client.caCertificates().certificates.compactMap {
            try? CertificateDetails(encoded: $0)
        }
        let authorities = certificates.filter(\.isAuthority).prefix(100)
        let top = authorities.first { candidate in
            !authorities.contains { $0 != candidate && candidate.isIssued(by: $0) }
        }
        guard let top else {
            throw SCEPClientError(.untrusted, "The server shows no CA certificate: name the CA with --ca.")
        }
        Terminal.complain("The CA is the one that the server shows, with the fingerprint \(top.fingerprint).")
        return .certificate(top.certificate.encoded)
    }
}
