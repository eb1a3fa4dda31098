import CryptographicMessageSyntax
public import Foundation

/// The certificates from a CA up to its root.
public struct AuthorityChain: Hashable, Sendable {
    /// The certificates above the CA's own, the nearest first.
    public let parents: [[UInt8]]
    /// Whether the chain ends in a root: a certificate that is signed with its own key.
    public let isComplete: Bool

    /// How many certificates are looked at.
    static let maximumCandidates = 20

    /// Finds the chain of a CA, and makes sure that verifiers will follow it.
    ///
    /// - Parameters:
    ///   - certificate: The CA's certificate.
    ///   - candidates: Certificates among which its parents are, in any order; doubled ones, and its own, do not matter.
    ///   - now: The time.
    /// - Throws: ``IssuanceError``: `authorityCertificate` where one cannot be read or is none that may issue,
    ///   `authorityExpired` where one has ended, `pathLength` or `nameConstraints` where a parent does not allow what is
    ///   below it, or `chain` where one does not belong to the chain.
    public init(
        certificate: [UInt8],
        among candidates: [[UInt8]],
        at now: Date
    ) throws(IssuanceError) {
        guard candidates.count <= Self.maximumCandidates else {
            throw IssuanceError(
                .chain,
                "there are \(candidates.count) certificates for the chain, and at most \(Self.maximumCandidates) are "
                    + "looked at"
            )
        }
        let own = try ChainedCertificate(encoded: certificate)
        try own.checkIsAuthority(at: now)
        var remaining: [ChainedCertificate] = []
        for candidate in candidates where candidate != certificate {
            guard !remaining.contains(where: { $0.certificate.encoded == candidate }) else { continue }
            remaining.append(try ChainedCertificate(encoded: candidate))
        }
        var chain = [own]
        var last = own
        while !last.isSelfSigned, let index = remaining.firstIndex(where: { last.isSigned(by: $0) }) {
            let parent = remaining.remove(at: index)
            try parent.checkIsAuthority(at: now)
            try parent.check(below: chain)
            chain.append(parent)
            last = parent
        }
        if let stranger = remaining.first {
            throw IssuanceError(
                .chain,
                "the certificate of \(stranger.name) does not belong to the chain: it has not signed that of \(last.name)"
                    + (last.isSelfSigned ? ", which is the root" : "")
            )
        }
        self.parents = chain.dropFirst().map(\.certificate.encoded)
        self.isComplete = last.isSelfSigned
    }
}

extension ChainedCertificate {
    /// Refuses a certificate that is none of a CA, or has ended.
    ///
    /// - Throws: ``IssuanceError``: `authorityCertificate` or `authorityExpired`.
    fileprivate func checkIsAuthority(at now: Date) throws(IssuanceError) {
        try self.constraints.checkMayIssue()
        guard self.constraints.notAfter > now else {
            throw IssuanceError(
                .authorityExpired,
                "the certificate of \(self.name) has ended on \(self.constraints.notAfter.readableDay)"
            )
        }
    }

    /// Refuses a chain that a verifier would not follow past this certificate.
    ///
    /// - Parameter chain: The certificates below, the issuing CA's first.
    /// - Throws: ``IssuanceError``: `pathLength`, `nameConstraints`, or `chain` for a weak signature.
    fileprivate func check(below chain: [ChainedCertificate]) throws(IssuanceError) {
        // "the maximum number of non-self-issued intermediate certificates that may follow this certificate"
        let followers = chain.count { !$0.isSelfIssued }
        if let length = self.constraints.pathLength, followers > length {
            throw IssuanceError(
                .pathLength,
                "the certificate of \(self.name) has the path length \(length), and \(followers) CAs would be below it"
            )
        }
        for certificate in chain where !certificate.isSelfIssued {
            try self.constraints.check(subject: certificate.certificate.subject, alternativeNames: nil)
        }
        if let weak = chain.last, !weak.hasStrongSignature {
            throw IssuanceError(
                .chain,
                "the certificate of \(weak.name) is signed with a digest that verifiers do not accept: have it signed with "
                    + "SHA-256"
            )
        }
    }
}
