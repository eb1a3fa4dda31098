import Crypto
import CryptographicMessageSyntax
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Enrollment

/// What people are told about a request.
@Suite struct RequestReportTests {
    private static let challenge = "correct horse battery staple"

    private static func request(
        subject: String = "C=DE,O=Example+OU=Science,CN=router-1",
        challenge: String? = Self.challenge,
        extensions: [CertificateExtension] = [],
        attributes: [Attribute] = []
    ) throws -> CertificationRequest {
        try CertificationRequest.make(
            subject: try SubjectName.encoded(subject),
            publicKey: TestKeys.device.publicKey,
            key: TestKeys.device,
            challengePassword: challenge,
            extensions: extensions,
            attributes: attributes
        )
    }

    private static let names = AlternativeName.certificateExtension([.dns("router-1.example"), .ip([192, 0, 2, 7])])

    @Test func `subject, key, fingerprints and signature`() throws {
        let request = try Self.request()
        let report = RequestReport(request)
        #expect(
            report.subject.map { "\($0.isJoined ? "+" : "")\($0.type) = \($0.value)" } == [
                "C = DE", "O = Example", "+OU = Science", "CN = router-1",
            ])
        #expect(report.key.description == "RSA, 2048 bits, exponent 65537")
        #expect(report.key.bits == 2048)
        #expect(report.key.curve == nil)
        #expect(report.key.fingerprint == SHA256.hash(data: request.publicKey.derEncoded).hexadecimal)
        #expect(report.fingerprint == SHA256.hash(data: request.encoded).hexadecimal)
        #expect(report.fingerprint.count == 64)
        #expect(report.signatureAlgorithm == "RSA with SHA-256")
        #expect(report.extensions.isEmpty)
        #expect(report.extensionsFault == nil)
    }

    @Test func `a key on a curve`() throws {
        let key = try ECPrivateKey(curve: .p384)
        let request = try CertificationRequest.make(
            subject: try SubjectName.encoded(""),
            publicKey: key.publicKey,
            key: key,
            digest: .sha384
        )
        let report = RequestReport(request)
        #expect(report.subject.isEmpty)
        #expect(report.key.description == "elliptic curve P-384")
        #expect(report.key.bits == nil)
        #expect(report.key.curve == "P-384")
        #expect(report.signatureAlgorithm == "ECDSA with SHA-384")
        #expect(report.attributes.isEmpty)
    }

    @Test func `extensions and attributes`() throws {
        let usage = CertificateExtension([2, 5, 29, 15], isCritical: true, value: [0x03, 0x02, 0x05, 0xa0])
        let other = CertificateExtension([1, 2, 3, 4], value: [0xde, 0xad])
        let attributes = [
            try Attribute([1, 2, 840, 113549, 1, 9, 2], value: ASN1UTF8String("router-1\u{202e}")),
            try Attribute([1, 2, 3, 5], value: ASN1UTF8String("x")),
        ]
        let report = RequestReport(
            try Self.request(extensions: [Self.names, usage, other], attributes: attributes)
        )
        #expect(report.extensions.map(\.name) == ["alternative names", "key usage", "1.2.3.4"])
        #expect(report.extensions.map(\.isCritical) == [false, true, false])
        #expect(
            report.extensions.map(\.values) == [
                ["DNS:router-1.example", "IP:192.0.2.7"], ["digitalSignature", "keyEncipherment"], ["#dead"],
            ])
        let values = Dictionary(uniqueKeysWithValues: report.attributes.map { ($0.name, $0.values) })
        #expect(
            values == [
                "challengePassword": ["present, not shown"], "extensionRequest": ["see extensions"],
                "unstructuredName": [#"router-1\u{202e}"#], "1.2.3.5": ["#0c0178"],
            ])
    }

    /// Extensions in one list.
    private static func list(_ extensions: [CertificateExtension]) throws -> [UInt8] {
        DERWriter.encode { $0.serializeSequenceOf(extensions) }
    }

    @Test func `extensions by Microsoft's attribute count where the standard one is not there`() throws {
        let microsoft = Attribute(.PKCS.microsoftExtensionRequest, values: [try Self.list([Self.names])])
        let alone = RequestReport(try Self.request(challenge: nil, attributes: [microsoft]))
        #expect(alone.extensions.map(\.name) == ["alternative names"])
        #expect(alone.attributes.map(\.values) == [["see extensions"]])
        let usage = CertificateExtension([2, 5, 29, 15], value: [0x03, 0x02, 0x05, 0xa0])
        let both = RequestReport(try Self.request(challenge: nil, extensions: [usage], attributes: [microsoft]))
        #expect(both.extensions.map(\.name) == ["key usage"])
        #expect(both.extensionsFault == nil)
        #expect(
            both.attributes.first { $0.name.hasPrefix("Microsoft") }?.values.first?.hasPrefix("passed over") == true)
    }

    @Test func `what cannot be read says so, and the rest is there`() throws {
        let good = DERWriter.encode { $0.serialize(Self.names) }
        let list: [UInt8] = [0x30, UInt8(good.count + 2), 0x30, 0x00] + good
        let broken = RequestReport(
            try Self.request(attributes: [Attribute(.PKCS.extensionRequest, values: [list])])
        )
        #expect(broken.extensions.map(\.name) == ["extension", "alternative names"])
        #expect(broken.extensions.first?.values == ["not readable: #3000"])
        #expect(broken.extensionsFault != nil)

        let twice = Attribute(.PKCS.extensionRequest, values: [try Self.list([Self.names])])
        let doubled = RequestReport(try Self.request(extensions: [Self.names], attributes: [twice]))
        #expect(doubled.extensions.map(\.name) == ["alternative names", "alternative names"])
        #expect(doubled.extensionsFault?.contains("twice") == true)

        let garbage = RequestReport(
            try Self.request(attributes: [Attribute(.PKCS.extensionRequest, values: [[0x04, 0x01, 0x00]])])
        )
        #expect(garbage.extensions.map(\.values) == [["not readable: #040100"]])
        #expect(garbage.subject.count == 4)
    }

    @Test(arguments: ["printable", "Ümlaut \u{1f40e}", "a b", "x"])
    func `no challenge is ever shown`(challenge: String) throws {
        let secret = "0123-\(challenge)-3210"
        let request = try Self.request(challenge: secret)
        #expect(try request.challengePassword == Array(secret.utf8))
        let text = "\(RequestReport(request))"
        #expect(!text.contains(secret))
        #expect(!text.contains(Array(secret.utf8).hexadecimal))
        #expect(!text.contains("0123-"))
        #expect(text.contains("present, not shown"))
    }

    @Test func `a challenge that is broken, doubled or no string is not shown either`() throws {
        let secret = Array("s3cr3t-s3cr3t".utf8)
        let values: [[UInt8]] = [[0x13, UInt8(secret.count)] + secret, [0x04, UInt8(secret.count)] + secret]
        for values in [[values[0], values[1]], [values[1]], [[0x30, UInt8(secret.count + 2)] + values[0]]] {
            let one = Attribute(.PKCS.challengePassword, values: values)
            for attributes in [[one], [one, one]] {
                let report = RequestReport(try Self.request(challenge: nil, attributes: attributes))
                #expect(report.attributes.allSatisfy { $0.values == ["present, not shown"] })
                #expect(!"\(report)".contains(secret.hexadecimal))
            }
        }
    }

    @Test func `large requests are shortened`() throws {
        let many = (0..<300).map {
            CertificateExtension([1, 2, 3, UInt($0)], value: [UInt8](repeating: 7, count: 5000))
        }
        let attributes = try (0..<300).map { number in
            try Attribute([1, 2, 4, UInt(number)], value: ASN1UTF8String(String(repeating: "x", count: 5000)))
        }
        let subject = (0..<300).map { "OU=\($0)\(String(repeating: "y", count: 40))" }.joined(separator: ",")
        let report = RequestReport(try Self.request(subject: subject, extensions: many, attributes: attributes))
        #expect(report.subject.count == 101)
        #expect(report.subject.last?.value == "… and 200 more")
        #expect(report.extensions.count == 100)
        #expect(report.extensionsFault == "only 100 of 300 are shown")
        #expect(report.attributes.count == 100)
        #expect("\(report)".utf8.count < 200_000)
        let long = RequestReport(try Self.request(subject: "CN=\(String(repeating: "z", count: 5000))"))
        #expect(long.subject.first?.value == String(repeating: "z", count: 1000) + "…")
    }
}
