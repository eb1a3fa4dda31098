import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct CertificationRequestTests {
    /// A request with attributes as they are given, in that order, signed over what is written.
    private static func request(_ attributes: [Attribute]) throws -> CertificationRequest {
        let device = try Examples.device.get()
        let info = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(0)
                coder.append(encoded: device.subject)
                coder.append(encoded: device.certificate.publicKey.derEncoded)
                coder.appendConstructed(.context(0)) { coder in
                    for attribute in attributes { coder.serialize(attribute) }
                }
            }
        }
        return try CertificationRequest(
            encoded: TBSCertificate.signed(
                info,
                algorithm: try SignatureAlgorithm(.rsaPKCS1, digest: .sha256).identifier,
                signature: try device.key.signature(for: info, digest: .sha256)
            )
        )
    }

    private static func challenge(_ tag: UInt8, _ octets: [UInt8]) -> Attribute {
        Attribute(.PKCS.challengePassword, values: [ASN1Tree(tag: tag, octets: octets).der])
    }

    private static let keyUsage = CertificateExtension([2, 5, 29, 15], isCritical: true, value: [3, 2, 5, 0xa0])
    private static let names = CertificateExtension([2, 5, 29, 17], value: [0x30, 0x00])

    @Test(arguments: [DigestAlgorithm.sha1, .sha256, .sha384, .sha512])
    func `what is made is read back and verified`(digest: DigestAlgorithm) throws {
        let device = try Examples.device.get()
        let request = try CertificationRequest.make(
            subject: device.subject,
            publicKey: device.certificate.publicKey,
            key: device.key,
            challengePassword: "correct horse",
            extensions: [Self.keyUsage, Self.names],
            digest: digest
        )
        #expect(request.subject == device.subject)
        #expect(request.publicKey.isSameKey(as: device.certificate.publicKey))
        #expect(try request.challengePassword == Array("correct horse".utf8))
        #expect(try request.requestedExtensions == [Self.keyUsage, Self.names])
        #expect(try request.verifySignature().digest == digest)
    }

    @Test(arguments: [
        ("correct horse", UInt8(0x13)), ("a&b", 0x0c), ("pass*word_1", 0x0c), ("Passwörd", 0x0c),
    ])
    func `a challenge is written as PrintableString where it is one`(challenge: String, tag: UInt8) throws {
        let device = try Examples.device.get()
        let request = try CertificationRequest.make(
            subject: device.subject,
            publicKey: device.certificate.publicKey,
            key: device.key,
            challengePassword: challenge
        )
        #expect(try request.attributes.single(.PKCS.challengePassword, named: "challenge").first == tag)
        #expect(try request.challengePassword == Array(challenge.utf8))
    }

    @Test(arguments: [
        ("PrintableString", UInt8(0x13), Array("secret".utf8), "secret"),
        ("UTF8String", 0x0c, Array("sécret".utf8), "sécret"),
        ("TeletexString", 0x14, Array("secret".utf8), "secret"),
        ("IA5String", 0x16, Array("s@cret*".utf8), "s@cret*"),
        ("BMPString", 0x1e, [0, 0x73, 0, 0xe9, 0x20, 0xac], "sé€"),
        ("an empty PrintableString", 0x13, [], ""),
        ("an empty BMPString", 0x1e, [], ""),
        ("characters that a PrintableString cannot have", 0x13, Array("a*&@_".utf8), "a*&@_"),
    ])
    func `a challenge is read from every kind of string`(
        kind: String,
        tag: UInt8,
        octets: [UInt8],
        text: String
    ) throws {
        #expect(try Self.request([Self.challenge(tag, octets)]).challengePassword == Array(text.utf8))
    }

    @Test func `no challenge is no error`() throws {
        #expect(try Self.request([]).challengePassword == nil)
        #expect(try Self.request([]).requestedExtensions == [])
    }

    @Test func `a challenge that is not one string is refused`() throws {
        let one = Self.challenge(0x13, [0x41])
        let two = Attribute(.PKCS.challengePassword, values: one.values + one.values)
        let none = Attribute(.PKCS.challengePassword, values: [])
        for attributes in [[one, one], [two], [none]] {
            let error = #expect(throws: CMSError.self) { try Self.request(attributes).challengePassword }
            #expect(error?.code == .signedAttribute)
        }
        for attribute in [Self.challenge(0x04, [0x41]), Self.challenge(0x02, [0x41]), Self.challenge(0x30, [])] {
            let error = #expect(throws: CMSError.self) { try Self.request([attribute]).challengePassword }
            #expect(error?.code == .malformed)
        }
    }

    /// Half a character at the end is no text; it must not be dropped, or two challenges would be one.
    @Test func `a BMPString of an odd length is refused`() throws {
        let error = #expect(throws: CMSError.self) {
            try Self.request([Self.challenge(0x1e, [0, 0x73, 0x41])]).challengePassword
        }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [ASN1ObjectIdentifier.PKCS.extensionRequest, .PKCS.microsoftExtensionRequest])
    func `extensions are read from either attribute`(type: ASN1ObjectIdentifier) throws {
        let list = DERWriter.encode { $0.serializeSequenceOf([Self.names, Self.keyUsage]) }
        let request = try Self.request([Attribute(type, values: [list])])
        #expect(try request.requestedExtensions == [Self.names, Self.keyUsage])
        let doubled = try Self.request([Attribute(type, values: [list]), Attribute(type, values: [list])])
        let error = #expect(throws: CMSError.self) { try doubled.requestedExtensions }
        #expect(error?.code == .signedAttribute)
    }

    @Test(arguments: ["05 00", "30 02 05 00", "30 04 30 02 05 00", "31 00"])
    func `extensions that are none are malformed`(hex: String) throws {
        let request = try Self.request([Attribute(.PKCS.extensionRequest, values: [[UInt8](hex: hex)])])
        let error = #expect(throws: CMSError.self) { try request.requestedExtensions }
        #expect(error?.code == .malformed)
    }

    /// strongSwan sends them so; re-encoding them as a DER SET would break the signature.
    @Test func `unsorted attributes are verified as they came`() throws {
        let unknown = try Attribute([1, 2, 3], value: ASN1UTF8String("long enough to be sorted last"))
        let challenge = Self.challenge(0x13, [0x41])
        for attributes in [[unknown, challenge], [challenge, unknown]] {
            let request = try Self.request(attributes)
            #expect(request.attributes == attributes)
            try request.verifySignature()
        }
    }

    @Test func `a request without attributes, or of another version, is read`() throws {
        let tree = try ASN1Tree(Self.request([]).encoded)
        var without = tree
        without[0].children.removeLast()
        #expect(try CertificationRequest(encoded: without.der).attributes.isEmpty)
        var other = tree
        other[0, 0].octets = [2]
        #expect(try CertificationRequest(encoded: other.der).subject == Examples.device.get().subject)
    }

    @Test func `a wrong signature is refused`() throws {
        let tree = try ASN1Tree(Self.request([Self.challenge(0x13, [0x41])]).encoded)
        var signature = tree
        signature[2].octets[100] ^= 1
        var challenge = tree
        challenge[0, 3, 0, 1, 0].octets = [0x42]
        var key = tree
        key[0, 2] = try ASN1Tree(try Examples.other.get().certificate.publicKey.derEncoded)
        for changed in [signature, challenge, key] {
            let error = #expect(throws: CMSError.self) {
                try CertificationRequest(encoded: changed.der).verifySignature()
            }
            #expect(error?.code == .signature)
        }
        var algorithm = tree
        algorithm[1, 0].octets = [0x2a, 0x03]
        let error = #expect(throws: CMSError.self) {
            try CertificationRequest(encoded: algorithm.der).verifySignature()
        }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    @Test func `every truncation is malformed`() throws {
        let bytes = try Self.request([Self.challenge(0x13, [0x41])]).encoded
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) {
                try CertificationRequest(encoded: Array(bytes.prefix(count)))
            }
            #expect(error?.code == .malformed, "cut after \(count) bytes")
        }
    }
}
