import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("OpenSSL's view of a chain", .enabled(if: OpenSSL.isExpected, "openssl is not installed"))
struct OpenSSLChainTests {
    /// What `openssl verify` says of a leaf.
    static func verify(
        _ leaf: [UInt8],
        under intermediates: [Issuer],
        _ root: Issuer,
        purpose: String = "sslclient"
    ) async throws -> OpenSSL.Answer {
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let anchor = try openssl.file("root.pem", "CERTIFICATE", root.certificate.encoded)
            let device = try openssl.file("leaf.pem", "CERTIFICATE", leaf)
            let chain = try intermediates.enumerated().map { number, issuer in
                try String(
                    contentsOfFile: openssl.file("\(number).pem", "CERTIFICATE", issuer.certificate.encoded),
                    encoding: .utf8
                )
            }.joined()
            let untrusted = "\(directory)/chain.pem"
            try Data(chain.utf8).write(to: URL(fileURLWithPath: untrusted))
            return try openssl.run(
                "verify", "-x509_strict", "-attime", "1800000000", "-purpose", purpose, "-CAfile", anchor, "-untrusted",
                untrusted, device
            )
        }
    }

    @Test(
        "is that it holds",
        arguments: [(KeyAlgorithm.rsa2048, KeyAlgorithm.p256), (.p256, .rsa2048), (.p384, .p256), (.p384, .rsa2048)]
    )
    func holds(root: KeyAlgorithm, subordinate: KeyAlgorithm) async throws {
        let root = try TestHierarchy.root(root) { $0.pathLength = 1 }
        let upper = try root.subordinate("CN=Upper", key: TestIssuer.key(subordinate)) {
            $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 2]]
            $0.nameConstraints = try AuthorityNameConstraints(
                ["DNS:example.com", "email:example.com", "URI:.example.com", "IP:10.0.0.0/8", "dir:CN=d"],
                excluded: ["DNS:secret.example.com", "email:admin@example.com", "IP:10.9.0.0/16"]
            )
        }
        let distributing = try Issuer(
            certificate: upper.certificate.encoded,
            key: TestIssuer.key(subordinate),
            distribution: Distribution(baseURL: "http://pki.example.com", authority: "upper")
        )
        var template = CertificateTemplate.default
        template.policies = [CertificatePolicy([1, 3, 6, 1, 4, 1, 32473, 1], cps: "http://pki.example.com/cps")]
        let leaf = try distributing.issue(
            subject: TestName("d").encoded,
            extensions: [
                .alternativeNames([
                    .dnsName("a.example.com"), .rfc822Name("anna@example.com"),
                    .uniformResourceIdentifier("https://a.example.com/d"),
                    .ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1])),
                ])
            ],
            template: template
        )
        let answer = try await Self.verify(leaf.encoded, under: [upper], root)
        #expect(answer.status == 0, "\(answer.text)")
    }

    static let outside: [GeneralName] = [
        .dnsName("evil.example"), .dnsName("secret.example.com"), .rfc822Name("anna@evil.example"),
        .rfc822Name("admin@example.com"), .uniformResourceIdentifier("https://example.com/"),
        .ipAddress(ASN1OctetString(contentBytes: [11, 0, 0, 1])),
        .ipAddress(ASN1OctetString(contentBytes: [10, 9, 0, 1])),
    ]

    @Test("is that a name outside the constraints is not allowed, which is why it is not issued", arguments: outside)
    func isOutside(name: GeneralName) async throws {
        let root = try TestHierarchy.root()
        let constrained = try root.subordinate("CN=Upper") {
            $0.nameConstraints = try AuthorityNameConstraints(
                ["DNS:example.com", "email:example.com", "URI:.example.com", "IP:10.0.0.0/8"],
                excluded: ["DNS:secret.example.com", "email:admin@example.com", "IP:10.9.0.0/16"]
            )
        }
        let subject = TestName("d").encoded
        let names = try CertificateExtension.alternativeNames([name])
        #expect(try constrained.refusal(subject: subject, extensions: [names]) == .nameConstraints)
        // The same CA, but for the constraints, issues it.
        let forced = try root.subordinate("CN=Upper").issue(subject: subject, extensions: [names])
        let answer = try await Self.verify(forced.encoded, under: [constrained], root)
        #expect(answer.status != 0 && answer.text.contains("subtree violation"), "\(answer.text)")
    }

    @Test("is that a CA below a path length of 0 is not allowed")
    func pathLength() async throws {
        let root = try TestHierarchy.root()
        let free = try root.subordinate("CN=Upper")
        let limited = try root.subordinate("CN=Upper") { $0.pathLength = 0 }
        let lower = try free.subordinate("CN=Lower", key: TestHierarchy.lowerKey, days: 300)
        let leaf = try lower.issue(subject: TestName("d").encoded).encoded
        let holding = try await Self.verify(leaf, under: [lower, free], root)
        #expect(holding.status == 0, "\(holding.text)")
        let answer = try await Self.verify(leaf, under: [lower, limited], root)
        #expect(answer.status != 0 && answer.text.contains("path length constraint exceeded"), "\(answer.text)")
        let error = #expect(throws: IssuanceError.self) {
            try limited.subordinate("CN=Lower", key: TestHierarchy.lowerKey, days: 300)
        }
        #expect(error?.code == .pathLength)
    }

    @Test("is that a purpose which the CA does not grant is not allowed")
    func purpose() async throws {
        let root = try TestHierarchy.root()
        let free = try root.subordinate("CN=Upper")
        let limited = try root.subordinate("CN=Upper") { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 1]] }
        let leaf = try free.issue(subject: TestName("d").encoded).encoded
        let answer = try await Self.verify(leaf, under: [limited], root)
        #expect(answer.status != 0, "\(answer.text)")
        #expect(try limited.refusal(subject: TestName("d").encoded) == .extendedKeyUsage)
    }

    @Test("is that a request of a CA is its own, and asks for CA:TRUE")
    func request() async throws {
        let subject = try DirectoryName(parsing: "C=DE, O=Example, CN=Sub").encoded
        let request = try AuthorityRequest.make(subject: subject, key: TestIssuer.key(.p384))
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let file = try openssl.file("ca.csr", "CERTIFICATE REQUEST", request)
            let answer = try openssl.run("req", "-in", file, "-noout", "-verify", "-text")
            for text in ["verify OK", "CA:TRUE", "Certificate Sign, CRL Sign", "C = DE, O = Example, CN = Sub"] {
                #expect(answer.text.contains(text), "\(answer.text)")
            }
        }
    }

    @Test("shows every field of a template")
    func text() async throws {
        let root = try Issuer(
            certificate: TestHierarchy.root().certificate.encoded,
            key: TestIssuer.key(.p256),
            distribution: Distribution(baseURL: "http://pki.example.com", authority: "root")
        )
        var template = CertificateTemplate(name: "All", keyUsage: [.digitalSignature, .contentCommitment])
        template.policies = [.any, CertificatePolicy([1, 2, 3], cps: "http://pki.example.com/cps")]
        template.subject = try SubjectPolicy(parsing: "C=DE, CN={CN}")
        let issued = try root.issue(subject: TestName("d").encoded, template: template)
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let file = try openssl.file("leaf.pem", "CERTIFICATE", issued.encoded)
            let answer = try openssl.run("x509", "-in", file, "-noout", "-text")
            for text in [
                "Subject: C = DE, CN = d", "Digital Signature, Non Repudiation",
                "Full Name:\n                  URI:http://pki.example.com/crl/root.crl",
                "OCSP - URI:http://pki.example.com/ocsp", "CA Issuers - URI:http://pki.example.com/ca/root.cer",
                "Policy: X509v3 Any Policy", "Policy: 1.2.3\n                  CPS: http://pki.example.com/cps",
            ] {
                #expect(answer.text.contains(text), "\(answer.text)")
            }
        }
    }
}
