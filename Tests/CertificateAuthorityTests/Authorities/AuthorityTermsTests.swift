import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("What a CA is to be")
struct AuthorityTermsTests {
    @Test("is in a root's certificate")
    func root() throws {
        let issuer = try TestHierarchy.root {
            $0.pathLength = 2
            $0.nameConstraints = try AuthorityNameConstraints(["DNS:example.com"])
            $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 4]]
            $0.policies = [CertificatePolicy([1, 2, 3])]
        }
        let extensions = try Certificate(derEncoded: issuer.certificate.encoded).extensions
        #expect(try extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 2))
        #expect(extensions[oid: .Extension.nameConstraints]?.critical == true)
        #expect(extensions[oid: .Extension.extendedKeyUsage]?.critical == false)
        #expect(extensions[oid: .Extension.certificatePolicies]?.critical == false)
        #expect(issuer.constraints.pathLength == 2)
        #expect(try issuer.constraints.nameConstraints == AuthorityNameConstraints(["DNS:example.com"]))
        #expect(issuer.constraints.extendedKeyUsage == [[1, 3, 6, 1, 5, 5, 7, 3, 4]])
    }

    @Test("may have any path length that is written", arguments: [nil, 0, 1, 100])
    func pathLengths(length: Int?) throws {
        #expect(try TestHierarchy.root { $0.pathLength = length }.constraints.pathLength == length)
    }

    static let flaws: [(String, IssuanceError.Code, @Sendable (inout AuthorityTerms) -> Void)] = [
        ("0 days", .validity, { $0.validityDays = 0 }), ("101 years", .validity, { $0.validityDays = 36_501 }),
        ("any number of days", .validity, { $0.validityDays = .min }),
        ("path", .authorityTerms, { $0.pathLength = -1 }),
        ("a long path", .authorityTerms, { $0.pathLength = 101 }),
        ("no name", .authorityTerms, { $0.subject = [0x30, 0] }),
        ("no Name", .authorityTerms, { $0.subject = [] }),
        ("half a Name", .authorityTerms, { $0.subject = [0x30, 0x02] }),
        ("bytes behind", .authorityTerms, { $0.subject += [0] }),
        ("a purpose twice", .authorityTerms, { $0.extendedKeyUsage = [[1, 2, 3], [1, 2, 3]] }),
        ("a policy twice", .authorityTerms, { $0.policies = [.any, .any] }),
        ("a CPS that is none", .authorityTerms, { $0.policies = [CertificatePolicy([1, 2], cps: "x")] }),
    ]

    @Test("is refused where it cannot be", arguments: flaws.indices)
    func isFlawed(index: Int) throws {
        let (_, code, change) = Self.flaws[index]
        let error = #expect(throws: IssuanceError.self) { try TestHierarchy.root { change(&$0) } }
        #expect(error?.code == code)
    }
}
