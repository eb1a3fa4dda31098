import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The request of a CA that is signed elsewhere")
struct AuthorityRequestTests {
    @Test("asks for what a CA has, and is signed with its key", arguments: [KeyAlgorithm.rsa2048, .p256, .p384])
    func contents(algorithm: KeyAlgorithm) throws {
        let key = TestIssuer.key(algorithm)
        let subject = try DirectoryName(parsing: "CN=Sub, O=Example").encoded
        let request = try CertificationRequest(
            encoded: AuthorityRequest.make(subject: subject, key: key, answersSCEP: true))
        #expect(request.subject == subject)
        #expect(request.publicKey.isSameKey(as: key.publicKey))
        #expect(try request.verifySignature().digest == (algorithm == .p384 ? .sha384 : .sha256))
        #expect(
            try request.requestedExtensions == [
                .basicConstraints(pathLength: nil),
                .keyUsage(
                    algorithm == .rsa2048
                        ? [.digitalSignature, .keyEncipherment, .keyCertSign, .cRLSign]
                        : [.digitalSignature, .keyCertSign, .cRLSign]
                ),
                .subjectKeyIdentifier(Issuer.keyIdentifier(of: key.publicKey)),
            ]
        )
        #expect(try request.challengePassword == nil)
    }
}
