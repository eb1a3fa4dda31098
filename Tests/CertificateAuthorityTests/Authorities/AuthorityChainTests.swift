import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The chain of a CA")
struct AuthorityChainTests {
    let root: Issuer
    let upper: Issuer
    let lower: Issuer

    init() throws {
        self.root = try TestHierarchy.root()
        self.upper = try self.root.subordinate("CN=Upper")
        self.lower = try self.upper.subordinate("CN=Lower", key: TestHierarchy.lowerKey, days: 300)
    }

    func encoded(_ issuers: [Issuer]) -> [[UInt8]] { issuers.map(\.certificate.encoded) }

    func chain(of issuer: Issuer, _ candidates: [Issuer], at now: Date = TestHierarchy.now) throws -> AuthorityChain {
        try AuthorityChain(certificate: issuer.certificate.encoded, among: self.encoded(candidates), at: now)
    }

    @Test("is found whatever the order, and whatever is there twice")
    func order() throws {
        let (root, upper, lower) = (self.root, self.upper, self.lower)
        for candidates in [[root, upper], [upper, root], [root, root, lower, upper, lower, upper]] {
            let chain = try self.chain(of: lower, candidates)
            #expect(chain.parents == self.encoded([upper, root]))
            #expect(chain.isComplete)
        }
    }

    @Test("may be incomplete")
    func incomplete() throws {
        let none = try self.chain(of: self.lower, [])
        #expect(none.parents.isEmpty && !none.isComplete)
        let part = try self.chain(of: self.lower, [self.upper])
        #expect(part.parents == self.encoded([self.upper]) && !part.isComplete)
        let root = try self.chain(of: self.root, [self.root])
        #expect(root.parents.isEmpty && root.isComplete)
    }

    @Test("has no strangers, nor what is above a gap")
    func strangers() throws {
        let stranger = try TestHierarchy.root(.p384, name: "CN=Other Root")
        for candidates in [[stranger], [self.root], [self.upper, self.root, stranger]] {
            let error = #expect(throws: IssuanceError.self) { try self.chain(of: self.lower, candidates) }
            #expect(error?.code == .chain)
            #expect(error?.reason.contains("does not belong to the chain") == true)
        }
        let below = #expect(throws: IssuanceError.self) { try self.chain(of: self.root, [self.upper]) }
        #expect(below?.code == .chain)
    }

    @Test("goes by signatures, not by names alone")
    func sameName() throws {
        let impostor = try TestHierarchy.root(.p384)
        let error = #expect(throws: IssuanceError.self) { try self.chain(of: self.upper, [impostor]) }
        #expect(error?.code == .chain)
        let both = #expect(throws: IssuanceError.self) { try self.chain(of: self.upper, [impostor, self.root]) }
        #expect(both?.code == .chain)
    }

    @Test("is none of a certificate that has ended")
    func ended() throws {
        let late = self.lower.notAfter.addingTimeInterval(1)
        let error = #expect(throws: IssuanceError.self) { try self.chain(of: self.lower, [], at: late) }
        #expect(error?.code == .authorityExpired)
        let short = try TestHierarchy.root(days: 400)
        let below = try short.subordinate(days: 400)
        let atEnd = #expect(throws: IssuanceError.self) { try self.chain(of: below, [short], at: short.notAfter) }
        #expect(atEnd?.code == .authorityExpired)
    }

    @Test("is none of a device's certificate")
    func device() throws {
        let device = try self.root.issue(subject: TestName("d").encoded).encoded
        let error = #expect(throws: IssuanceError.self) {
            try AuthorityChain(certificate: device, among: [], at: TestHierarchy.now)
        }
        #expect(error?.code == .authorityCertificate)
        let unreadable = #expect(throws: IssuanceError.self) {
            try AuthorityChain(certificate: self.root.certificate.encoded, among: [[0x30]], at: TestHierarchy.now)
        }
        #expect(unreadable?.code == .authorityCertificate)
    }

    /// A CA that was issued without regard to what its CA may do.
    func forced(
        by issuer: Issuer,
        _ extensions: [CertificateExtension] = [.basicConstraints(pathLength: nil)],
        digest: DigestAlgorithm = .sha256
    ) throws -> [UInt8] {
        let signer = TestHierarchy.key
        let algorithm = try signer.signatureAlgorithm(digest: digest).identifier
        let certificate = TBSCertificate(
            serialNumber: [9],
            signature: algorithm,
            issuer: issuer.certificate.subject,
            notBefore: TestHierarchy.now,
            notAfter: TestHierarchy.now.addingTimeInterval(86_400),
            subject: TestName("Forced").encoded,
            publicKey: TestHierarchy.lowerKey.publicKey,
            extensions: extensions
        )
        let toBeSigned = certificate.derEncoded()
        return try TBSCertificate.signed(
            toBeSigned,
            algorithm: algorithm,
            signature: try signer.signature(for: toBeSigned, digest: digest)
        )
    }

    static let limits: [(IssuanceError.Code, @Sendable (inout AuthorityTerms) throws -> Void)] = [
        (.pathLength, { $0.pathLength = 0 }),
        (.nameConstraints, { $0.nameConstraints = try AuthorityNameConstraints(["dir:O=Example"]) }),
    ]

    @Test("is none where a CA above does not allow it", arguments: limits.indices)
    func isLimited(index: Int) throws {
        let (code, change) = Self.limits[index]
        let upper = try self.root.subordinate("O=Example, CN=Upper") { try change(&$0) }
        let forced = try self.forced(by: upper)
        let error = #expect(throws: IssuanceError.self) {
            try AuthorityChain(certificate: forced, among: self.encoded([upper, self.root]), at: TestHierarchy.now)
        }
        #expect(error?.code == code)
    }

    @Test("counts path lengths as RFC 5280 §4.2.1.9 does")
    func pathLengths() throws {
        let root = try TestHierarchy.root { $0.pathLength = 2 }
        let upper = try root.subordinate("CN=Upper")
        let lower = try upper.subordinate("CN=Lower", key: TestHierarchy.lowerKey, days: 300)
        #expect(lower.constraints.pathLength == 0)
        #expect(try self.chain(of: lower, [upper, root]).isComplete)
    }

    @Test(
        "has no weak signatures",
        arguments: [(DigestAlgorithm.sha1, false), (.sha256, true), (.sha512, true)])
    func weak(digest: DigestAlgorithm, isAllowed: Bool) throws {
        let forced = try self.forced(by: self.upper, digest: digest)
        func chain() throws -> AuthorityChain {
            try AuthorityChain(certificate: forced, among: self.encoded([self.upper]), at: TestHierarchy.now)
        }
        if isAllowed {
            #expect(try chain().parents.count == 1)
        } else {
            let error = #expect(throws: IssuanceError.self) { try chain() }
            #expect(error?.code == .chain)
        }
    }

    @Test("is looked for among a limited number")
    func many() throws {
        let certificates = [[UInt8]](repeating: self.root.certificate.encoded, count: 21)
        let error = #expect(throws: IssuanceError.self) {
            try AuthorityChain(certificate: self.upper.certificate.encoded, among: certificates, at: TestHierarchy.now)
        }
        #expect(error?.code == .chain)
    }

    @Test("is read or refused whatever the bytes, without a crash")
    func hostile() throws {
        let upper = self.upper.certificate.encoded
        let root = self.root.certificate.encoded
        for index in upper.indices {
            var changed = upper
            changed[index] ^= 0xff
            let bytes = changed
            let error = #expect(throws: IssuanceError.self) {
                try AuthorityChain(certificate: bytes, among: [root], at: TestHierarchy.now)
            }
            #expect(error != nil)
        }
        for length in stride(from: 0, to: upper.count, by: 7) {
            let error = #expect(throws: IssuanceError.self) {
                try AuthorityChain(certificate: Array(upper.prefix(length)), among: [root], at: TestHierarchy.now)
            }
            #expect(error?.code == .authorityCertificate)
        }
    }
}
