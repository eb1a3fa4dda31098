import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The key of a CA")
struct AuthorityKeyTests {
    @Test("whose certificate is still to come is certified as a CA's, and as nothing else")
    func awaited() throws {
        let root = try TestHierarchy.root()
        let issuer = try Issuer(
            certificate: root.certificate.encoded,
            key: TestIssuer.key(.p256),
            awaitedKeys: [TestHierarchy.key.publicKey]
        )
        let error = #expect(throws: IssuanceError.self) {
            try issuer.certifiable(TestHierarchy.key.publicKey, rsaBits: 2048...8192)
        }
        #expect(error?.code == .authorityKey)
        #expect(try issuer.refusal(ofSubordinate: "CN=Awaited") == nil)
    }

    @Test("that is reserved is not certified as a CA's either")
    func reserved() throws {
        let issuer = try TestIssuer.make()
        let error = #expect(throws: IssuanceError.self) {
            try issuer.subordinate("CN=Below", key: TestKeys.registrationAuthority)
        }
        #expect(error?.code == .authorityKey)
    }

    @Test("that was made elsewhere is not weak")
    func weak() throws {
        try Issuer.checkAuthorityKey(TestKeys.certificateAuthority.publicKey)
        let weak: [(SubjectPublicKeyInfo, IssuanceError.Code)] = [
            (try .rsa(modulus: ROCATests.modulus(power: 3), exponent: [1, 0, 1]), .weakKey),
            (TestKeys.smallDevice.publicKey, .key),
        ]
        for (key, code) in weak {
            let error = #expect(throws: IssuanceError.self) { try Issuer.checkAuthorityKey(key) }
            #expect(error?.code == code)
        }
    }
}
