import CryptographicMessageSyntax
public import Foundation

/// The certificates of GetCACert, sorted out and believed: who issues, who receives messages, who signs answers.
///
/// RFC 8894 §2.2 and §4.2.1.2. Belief begins at the certificate that the caller knows, and goes on to what it has
/// signed, never to what merely came along with it.
public struct TrustedAuthorities: Hashable, Sendable {
    /// The certificate that the caller knows.
    public let anchor: CertificateDetails
    /// The CA that issues: the anchor, or a CA below it.
    public let issuer: CertificateDetails
    /// Whose key messages are encrypted to: the RA's, or the CA's where there is no RA.
    public let recipient: CertificateDetails
    /// All CAs that are believed, the anchor first.
    public let authorities: [CertificateDetails]
    /// Who may sign answers: RAs with digitalSignature, then the CAs.
    public let signers: [CertificateDetails]

    /// Sorts an answer to GetCACert.
    ///
    /// - Parameters:
    ///   - answer: What the server sent.
    ///   - trust: What the caller knows.
    ///   - time: Certificates that are not valid then are not used.
    /// - Throws: ``SCEPError``: `integrity` where the known CA is not among them or nobody signed by it can receive
    ///   messages, `mismatch` where a certificate cannot be read.
    public init(_ answer: CACertificates, trust: Trust, at time: Date) throws(SCEPError) {
        let received = try Self.read(answer.certificates)
        let anchor = try Self.anchor(trust, among: received)
        let current = received.filter { $0.isValid(at: time) }
        guard anchor.isValid(at: time) else {
            throw SCEPError(
                .integrity,
                "the CA certificate is valid from \(anchor.notBefore.text) to \(anchor.notAfter.text), and it is "
                    + "\(time.text): check this machine's clock, or ask the CA for its new certificate"
            )
        }
        let authorities = Self.authorities(below: anchor, among: current)
        let registration = current.filter { candidate in
            !candidate.isAuthority && authorities.contains { candidate.isIssued(by: $0) }
        }
        self.anchor = anchor
        self.authorities = authorities
        self.signers = registration.filter { $0.allows(.digitalSignature) } + authorities
        if registration.isEmpty {
            // The CA answers itself. The RFC wants keyEncipherment there too, but there is nobody else to choose.
            let issuer = Self.lowest(of: authorities) ?? anchor
            guard received.allSatisfy(\.isAuthority) else {
                throw SCEPError(
                    .integrity,
                    "the server shows an RA certificate that the known CA has not issued, or that is not valid now: "
                        + "the fingerprint has to be that of the CA which issues, and the clock right"
                )
            }
            guard issuer.certificate.publicKey.canReceiveKeys else {
                throw SCEPError(
                    .integrity,
                    "the server shows a CA whose key is not RSA and no RA: nothing can be encrypted to it"
                )
            }
            self.issuer = issuer
            self.recipient = issuer
        } else {
            let recipient = registration.first {
                $0.allows(.keyEncipherment) && $0.certificate.publicKey.canReceiveKeys
            }
            guard let recipient else {
                throw SCEPError(
                    .integrity,
                    "none of the server's \(registration.count) RA certificates has an RSA key with keyEncipherment: "
                        + "the server is not set up to receive messages"
                )
            }
            self.recipient = recipient
            self.issuer = authorities.first { recipient.isIssued(by: $0) } ?? anchor
        }
    }

    /// The most certificates that are looked at; who believes whom is found out by trying signatures.
    private static let maximumCount = 100

    private static func read(_ certificates: [[UInt8]]) throws(SCEPError) -> [CertificateDetails] {
        guard certificates.count <= Self.maximumCount else {
            throw SCEPError(.mismatch, "the answer to GetCACert has \(certificates.count) certificates")
        }
        do throws(CMSError) {
            return try certificates.map { encoded throws(CMSError) in try CertificateDetails(encoded: encoded) }
        } catch {
            throw SCEPError(.mismatch, "a certificate in the answer to GetCACert is not readable: \(error.reason)")
        }
    }

    /// The certificate that the caller knows; one that the caller has need not be in the answer.
    private static func anchor(
        _ trust: Trust,
        among received: [CertificateDetails]
    ) throws(SCEPError) -> CertificateDetails {
        let fingerprint = trust.fingerprint
        guard let known = received.first(where: { $0.fingerprint == fingerprint }) else {
            if case .certificate(let encoded) = trust {
                do throws(CMSError) {
                    return try CertificateDetails(encoded: encoded)
                } catch {
                    throw SCEPError(.integrity, "the known CA certificate is not readable: \(error.reason)")
                }
            }
            let shown = received.map { "\($0.fingerprint)" }.joined(separator: ", ")
            throw SCEPError(
                .integrity,
                "no certificate of the server has the fingerprint \(fingerprint); it shows \(shown). Either the "
                    + "fingerprint is wrong, or somebody else answers: ask the CA's operator, do not just copy these"
            )
        }
        guard known.isAuthority else {
            throw SCEPError(
                .integrity,
                "the fingerprint is that of the RA certificate: the CA certificate's is needed, which stays the same when "
                    + "the RA changes"
            )
        }
        return known
    }

    /// The anchor and the CAs that it, or one of them, has signed.
    private static func authorities(
        below anchor: CertificateDetails,
        among received: [CertificateDetails]
    ) -> [CertificateDetails] {
        var believed = [anchor]
        var others = received.filter { $0.isAuthority && $0 != anchor }
        while let position = others.firstIndex(where: { other in believed.contains { other.isIssued(by: $0) } }) {
            believed.append(others.remove(at: position))
        }
        return believed
    }

    /// A CA that has issued none of the others.
    private static func lowest(of authorities: [CertificateDetails]) -> CertificateDetails? {
        authorities.first { candidate in
            !authorities.contains { $0 != candidate && $0.isIssued(by: candidate) }
        }
    }
}

extension TrustedAuthorities {
    /// Whether a certificate was issued by one of these CAs, or by a CA below them that came with it.
    ///
    /// - Parameters:
    ///   - certificate: What was issued.
    ///   - intermediates: Certificates that came along.
    /// - Returns: Whether it was.
    public func haveIssued(_ certificate: CertificateDetails, intermediates: [CertificateDetails] = []) -> Bool {
        var believed = self.authorities
        var others = intermediates.filter { $0.isAuthority }
        while !believed.contains(where: { certificate.isIssued(by: $0) }) {
            guard let position = others.firstIndex(where: { other in believed.contains { other.isIssued(by: $0) } })
            else { return false }
            believed.append(others.remove(at: position))
        }
        return true
    }
}

extension Date {
    /// The date and time in UTC, for a sentence.
    var text: String { self.formatted(.iso8601) }
}
