import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Messages as other signers write them, and messages with one thing wrong.
@Suite struct SignatureVariantTests {
    /// What a signer does, step by step, each of which a variant changes.
    struct Recipe {
        var content = Examples.content
        var attributes: [Attribute] = []
        /// The order of the attributes on the wire.
        var isSorted = true
        /// Whether the signature is over the attributes as DER (sorted), whatever is on the wire.
        var signsSorted = true
        var digest = DigestAlgorithm.sha256
        var change: (inout SignerInfo) throws -> Void = { _ in }
        var certificates: [[UInt8]] = []
        var signers = 1

        init() throws {
            self.attributes = [
                try Attribute(.CMS.messageDigest, value: ASN1OctetString(contentBytes: [])),
                try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.data),
            ]
            self.certificates = [try Examples.device.get().certificate.encoded]
            try self.setDigest(of: Examples.content)
        }

        mutating func setDigest(of content: [UInt8]) throws {
            let digest = self.digest.digest(of: content)
            self.attributes[0] = try Attribute(.CMS.messageDigest, value: ASN1OctetString(contentBytes: digest[...]))
        }

        func encoded() throws -> [UInt8] {
            let device = try Examples.device.get()
            let sorted = SignerInfo.encode(self.attributes)
            let given = ASN1Tree(
                tag: 0x31,
                children: try self.attributes.map { attribute in
                    try ASN1Tree(DERWriter.encode { $0.serialize(attribute) })
                }
            ).der
            var info = SignerInfo(
                signer: device.certificate.identifier,
                algorithm: try device.key.signatureAlgorithm(digest: self.digest),
                signedAttributes: self.attributes,
                encodedAttributes: self.isSorted ? sorted : given,
                signature: try device.key.signature(for: self.signsSorted ? sorted : given, digest: self.digest)
            )
            try self.change(&info)
            return SignedData(
                contentType: .CMS.data,
                content: self.content,
                certificates: self.certificates,
                signerInfos: [SignerInfo](repeating: info, count: self.signers)
            ).derEncoded()
        }
    }

    struct Variant: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout Recipe) throws -> Void

        init(_ description: String, _ change: @escaping @Sendable (inout Recipe) throws -> Void) {
            self.testDescription = description
            self.change = change
        }

        func verify() throws {
            var recipe = try Recipe()
            try self.change(&recipe)
            let signedData = try SignedData(berEncoded: try recipe.encoded())
            try signedData.verify(try signedData.soleSigner())
        }
    }

    @Test(arguments: [
        Variant("nothing changed") { _ in },
        Variant("unsorted attributes, signed as sent") { ($0.isSorted, $0.signsSorted) = (false, false) },
        Variant("unsorted attributes, signed sorted") { $0.isSorted = false },
        Variant("a digest algorithm without NULL") {
            $0.change = { $0.digestAlgorithm = AlgorithmIdentifier(.Algorithm.sha256) }
        },
        Variant("rsaEncryption without NULL") {
            $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.rsaEncryption) }
        },
        Variant("a combined OID") {
            $0.change = { $0.signatureAlgorithm = try SignatureAlgorithm(.rsaPKCS1, digest: .sha256).identifier }
        },
        Variant("a combined OID without NULL") {
            $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.sha256WithRSA) }
        },
        Variant("an attribute that nobody knows") { recipe in
            recipe.attributes.append(try Attribute([1, 2, 3, 4], value: ASN1UTF8String("anything")))
        },
        Variant("a certificate that nobody needs") { $0.certificates.insert([0x30, 0x00], at: 0) },
        Variant("the certificate twice") { $0.certificates += $0.certificates },
        Variant("the signer by key identifier") { recipe in
            recipe.certificates = [try Examples.certificate(keyIdentifier: [7, 7, 7])]
            recipe.change = { $0.signer = .subjectKeyIdentifier([7, 7, 7]) }
        },
    ])
    func `what is only unusual verifies`(variant: Variant) throws {
        try variant.verify()
    }

    @Test(
        arguments: [
            (Variant("the signature's first bit flipped") { $0.change = { $0.signature[0] ^= 0x80 } }, .signature),
            (Variant("the signature's last bit flipped") { $0.change = { $0.signature[255] ^= 1 } }, .signature),
            (Variant("a signature one byte short") { $0.change = { $0.signature.removeLast() } }, .signature),
            (Variant("no signature") { $0.change = { $0.signature = [] } }, .signature),
            (Variant("signed over the order sent, sent sorted") { $0.signsSorted = false }, .signature),
            (
                Variant("a combined OID with another digest") {
                    $0.change = {
                        $0.signatureAlgorithm = try SignatureAlgorithm(.rsaPKCS1, digest: .sha512).identifier
                    }
                }, .signature
            ),
            (Variant("flipped content") { $0.content[0] ^= 1 }, .messageDigest),
            (Variant("no content") { $0.content = [] }, .messageDigest),
            (Variant("a messageDigest of other content") { try $0.setDigest(of: [1]) }, .messageDigest),
            (
                Variant("an empty messageDigest") {
                    $0.attributes[0] = try Attribute(.CMS.messageDigest, value: ASN1OctetString(contentBytes: []))
                }, .messageDigest
            ),
            (Variant("no messageDigest") { $0.attributes.remove(at: 0) }, .signedAttribute),
            (Variant("messageDigest twice") { $0.attributes.append($0.attributes[0]) }, .signedAttribute),
            (Variant("messageDigest without value") { $0.attributes[0].values = [] }, .signedAttribute),
            (
                Variant("messageDigest with two values") { $0.attributes[0].values += $0.attributes[0].values },
                .signedAttribute
            ),
            (
                Variant("messageDigest of another type") {
                    $0.attributes[0] = try Attribute(.CMS.messageDigest, value: ASN1UTF8String("?"))
                }, .malformed
            ),
            (Variant("no contentType") { $0.attributes.remove(at: 1) }, .signedAttribute),
            (Variant("contentType twice") { $0.attributes.append($0.attributes[1]) }, .signedAttribute),
            (
                Variant("contentType of something else") {
                    $0.attributes[1] = try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.envelopedData)
                }, .signedAttribute
            ),
            (Variant("no signed attributes") { $0.change = { $0.receivedAttributes = [] } }, .signedAttribute),
            (Variant("two signers") { $0.signers = 2 }, .signerCount),
            (Variant("no signer") { $0.signers = 0 }, .signerCount),
            (Variant("no certificate") { $0.certificates = [] }, .signerCertificate),
            (Variant("an unreadable certificate") { $0.certificates = [[0x30, 0x00]] }, .signerCertificate),
            (
                Variant("another's certificate") { $0.certificates = [try Examples.other.get().certificate.encoded] },
                .signerCertificate
            ),
            (
                Variant("an unknown key identifier") { $0.change = { $0.signer = .subjectKeyIdentifier([1]) } },
                .signerCertificate
            ),
            (
                Variant("another's key under the signer's name") { $0.certificates = [try Examples.impostor()] },
                .signature
            ),
            (
                Variant("an algorithm for elliptic curves") {
                    $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.ecdsaWithSHA256) }
                }, .signature
            ),
            (
                Variant("just an elliptic curve") {
                    $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.ecPublicKey) }
                }, .signature
            ),
            (
                Variant("RSASSA-PSS over PKCS#1's padding") {
                    $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.rsassaPSS) }
                }, .signature
            ),
            (
                Variant("an unknown digest") { $0.change = { $0.digestAlgorithm = AlgorithmIdentifier([1, 2, 3]) } },
                .unsupportedAlgorithm
            ),
            (
                Variant("an unknown signature algorithm") {
                    $0.change = { $0.signatureAlgorithm = AlgorithmIdentifier([1, 2, 3]) }
                }, .unsupportedAlgorithm
            ),
        ] as [(Variant, CMSError.Code)])
    func `what is wrong is refused`(variant: Variant, code: CMSError.Code) {
        let error = #expect(throws: CMSError.self) { try variant.verify() }
        #expect(error?.code == code)
    }
}
