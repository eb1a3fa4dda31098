import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The root that follows another one")
struct AuthoritySuccessorTests {
    static let subject = TestName("Next").encoded

    @Test("may issue what that may, and no more")
    func terms() throws {
        let names = try AuthorityNameConstraints(["DNS:example.com"], excluded: ["IP:10.0.0.0/8"])
        let old = try TestHierarchy.root {
            $0.pathLength = 1
            $0.nameConstraints = names
            $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth]
        }
        let terms = try AuthorityTerms(subject: Self.subject, following: old.constraints, answersSCEP: true)
        #expect(terms.subject == Self.subject)
        #expect(terms.pathLength == 1)
        #expect(terms.nameConstraints == names)
        #expect(terms.extendedKeyUsage == [.ExtendedKeyUsage.clientAuth])
        #expect(terms.answersSCEP)
        try terms.check()
    }

    @Test("is not made where the constraints cannot be written again")
    func uncheckable() throws {
        // minimum 1
        let value = AuthorityNameConstraintsTests.value([
            ASN1Tree(tag: 0x87, octets: [10, 0, 0, 0, 255, 0, 0, 0]), ASN1Tree(tag: 0x80, octets: [1]),
        ])
        let key = TestIssuer.key(.p256)
        let certificate = TBSCertificate(
            serialNumber: [1],
            signature: key.certificateSignatureAlgorithm,
            issuer: Self.subject,
            notBefore: TestIssuer.now,
            notAfter: TestIssuer.now.addingTimeInterval(86_400),
            subject: Self.subject,
            publicKey: key.publicKey,
            extensions: [
                .basicConstraints(pathLength: nil), CertificateExtension(.Extension.nameConstraints, value: value),
            ]
        )
        let encoded = try TBSCertificate.signed(
            certificate.derEncoded(),
            algorithm: certificate.signature,
            signature: try key.signature(forCertificate: certificate.derEncoded())
        )
        let constraints = try AuthorityConstraints(certificate: encoded)
        let error = #expect(throws: IssuanceError.self) {
            try AuthorityTerms(subject: Self.subject, following: constraints, answersSCEP: false)
        }
        #expect(error?.code == .authorityTerms)
    }
}
