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
    /// How weak the digests of signatures may be.
    public let level: AlgorithmLevel

    /// Sorts an answer to GetCACert.
    ///
    /// - Parameters:
    ///   - answer: What the server sent.
    ///   - trust: What the caller knows.
    ///   - time: Certificates that are not valid then are not used.
    ///   - level: How weak the digests of signatures may be.
    /// - Throws: ``SCEPError``: `integrity` where the known CA is not among them or nobody signed by it can receive
    ///   messages, `algorithm` where that is because the level refuses a signature, `mismatch` where no certificate can
    ///   be read.
    public init(
        _ answer: CACertificates,
        trust: Trust,
        at time: Date,
        level: AlgorithmLevel = .modern
    ) throws(SCEPError) {
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
        let authorities = Self.authorities(below: [anchor], among: current, level)
        let registration = Self.registration(below: authorities, among: current, level)
        self.level = level
        self.anchor = anchor
        self.authorities = authorities
        self.signers = registration.filter { $0.allows(.digitalSignature) } + authorities
        if registration.isEmpty {
            // The CA answers itself. The RFC wants keyEncipherment there too, but there is nobody else to choose.
            let issuer = Self.lowest(of: authorities, level) ?? anchor
            guard received.allSatisfy(\.isAuthority) else {
                guard level != .modern || Self.registration(below: authorities, among: current, .compatible).isEmpty
                else { throw SCEPError(.algorithm, "the RA certificate is signed with SHA-1") }
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
            self.issuer = authorities.first { recipient.isIssued(by: $0, at: level) } ?? anchor
        }
    }

    /// The most certificates that are looked at; who believes whom is found out by trying signatures.
    private static let maximumCount = 100

    private static func read(_ certificates: [[UInt8]]) throws(SCEPError) -> [CertificateDetails] {
        guard certificates.count <= Self.maximumCount else {
            throw SCEPError(.mismatch, "the answer to GetCACert has \(certificates.count) certificates")
        }
        let readable = certificates.compactMap { try? CertificateDetails(encoded: $0) }
        guard !readable.isEmpty else {
            throw SCEPError(.mismatch, "no certificate in the answer to GetCACert can be read")
        }
        return readable
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

    /// Some CAs, and the CAs that they, or one of these, have signed.
    private static func authorities(
        below authorities: [CertificateDetails],
        among received: [CertificateDetails],
        _ level: AlgorithmLevel
    ) -> [CertificateDetails] {
        var believed = authorities
        var others = received.filter { $0.isAuthority && !authorities.contains($0) }.prefix(Self.maximumCount)
        while let position = others.firstIndex(where: { other in
            believed.contains { other.isIssued(by: $0, at: level) }
        }) {
            believed.append(others.remove(at: position))
        }
        return believed
    }

    /// What the CAs have signed that is no CA.
    private static func registration(
        below authorities: [CertificateDetails],
        among received: [CertificateDetails],
        _ level: AlgorithmLevel
    ) -> [CertificateDetails] {
        received.filter { candidate in
            !candidate.isAuthority && authorities.contains { candidate.isIssued(by: $0, at: level) }
        }
    }

    /// A CA that has issued none of the others.
    private static func lowest(of authorities: [CertificateDetails], _ level: AlgorithmLevel) -> CertificateDetails? {
        authorities.first { candidate in
            !authorities.contains { $0 != candidate && $0.isIssued(by: candidate, at: level) }
        }
    }
}

extension TrustedAuthorities {
    /// Checks that a certificate was issued by one of these CAs, or by a CA below them that came with it.
    ///
    /// - Parameters:
    ///   - certificate: What was issued.
    ///   - intermediates: Certificates that came along.
    /// - Throws: ``SCEPError``: `integrity` where it was not, `algorithm` where the level refuses a signature.
    public func checkIssued(
        _ certificate: CertificateDetails,
        intermediates: [CertificateDetails] = []
    ) throws(SCEPError) {
        guard !self.haveIssued(certificate, intermediates, self.level) else { return }
        if self.level == .modern, self.haveIssued(certificate, intermediates, .compatible) {
            throw SCEPError(.algorithm, "the certificate in it is signed with SHA-1")
        }
        throw SCEPError(.integrity, "the certificate in it was not issued by the CA that is known")
    }

    private func haveIssued(
        _ certificate: CertificateDetails,
        _ intermediates: [CertificateDetails],
        _ level: AlgorithmLevel
    ) -> Bool {
        let believed = Self.authorities(below: self.authorities, among: intermediates, level)
        return believed.contains { certificate.isIssued(by: $0, at: level) }
    }
}

extension Date {
    /// The date and time in UTC, for a sentence.
    var text: String { self.formatted(.iso8601) }
}
