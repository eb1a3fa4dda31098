import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("An OCSP answer (RFC 6960 §4.2)")
struct OCSPResponseTests {
    static let now = TestIssuer.now
    static let time = ASN1Tree(tag: 0x18, octets: Array("20270115080000Z".utf8))

    static func single(_ status: CertificateStatus, in responder: TestResponder) throws -> SingleResponse {
        SingleResponse(
            certificate: try responder.name([0x11]),
            status: status,
            thisUpdate: Self.now,
            nextUpdate: Self.now.addingTimeInterval(3600)
        )
    }

    /// BasicOCSPResponse within an answer.
    static func basic(_ encoded: [UInt8]) throws -> ASN1Tree {
        try ASN1Tree(try ASN1Tree(encoded)[1, 0, 1].octets)
    }

    @Test("has a type, a version, a signer by its key, the times and the certificate")
    func fields() throws {
        let responder = try TestResponder()
        let response = try responder.signer.response(
            [try Self.single(.good, in: responder)], nonce: nil, producedAt: Self.now)
        let tree = try ASN1Tree(response.encoded(with: responder.signer))
        #expect(tree[0] == ASN1Tree(tag: 0x0a, octets: [0]))
        #expect(tree[1, 0, 0].octets == [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01])
        let basic = try Self.basic(tree.der)
        #expect(basic.children.count == 4)
        #expect(basic[0].children.map(\.tag) == [0xa2, 0x18, 0x30])
        let key = DigestAlgorithm.sha1.digest(of: responder.signer.certificate.publicKey.subjectPublicKey)
        #expect(basic[0, 0, 0] == ASN1Tree(tag: 0x04, octets: key))
        #expect(basic[0, 1] == Self.time)
        #expect(basic[3, 0, 0].der == responder.signer.certificate.encoded)
        let single = basic[0, 2, 0]
        #expect(single.children.map(\.tag) == [0x30, 0x80, 0x18, 0xa0])
        #expect(single[0].der == (try responder.name([0x11]).encoded))
        #expect(single[2] == Self.time)
        #expect(single[3, 0].octets == Array("20270115090000Z".utf8))
        #expect(response.producedAt == Self.now)
        #expect(response.thisUpdate == Self.now)
        #expect(response.nextUpdate == Self.now.addingTimeInterval(3600))
    }

    @Test("is signed by its signer", arguments: [KeyAlgorithm.p256, .p384])
    func signature(_ algorithm: KeyAlgorithm) throws {
        let responder = try TestResponder(algorithm)
        let response = try responder.signer.response(
            [try Self.single(.good, in: responder)], nonce: [1], producedAt: Self.now)
        let basic = try Self.basic(response.encoded(with: responder.signer))
        let named = try decodeBER(basic[1].der[...], as: "algorithm") { try AlgorithmIdentifier(node: $0) }
        let signature = Array(basic[2].octets.dropFirst())
        let key = responder.signer.certificate.publicKey
        #expect(try SignatureAlgorithm(named).isValid(signature, for: basic[0].der, under: key))
        #expect(try !SignatureAlgorithm(named).isValid(signature, for: basic[0].der + [0], under: key))
    }

    static let revoked = "18 0f 32303237303131353038303030305a"
    static let statuses: [(CertificateStatus, String)] = [
        (.good, "80 00"),
        (.unknown, "82 00"),
        (.revoked(at: now, reason: .unspecified), "a1 11" + revoked),
        (.revoked(at: now, reason: .keyCompromise), "a1 16" + revoked + "a0 03 0a 01 01"),
        (.revoked(at: now, reason: .certificateHold), "a1 16" + revoked + "a0 03 0a 01 06"),
        (.revoked(at: now, reason: .aACompromise), "a1 16" + revoked + "a0 03 0a 01 0a"),
    ]

    @Test("says its status byte for byte", arguments: statuses.indices)
    func status(index: Int) throws {
        let responder = try TestResponder()
        let (status, expected) = Self.statuses[index]
        let response = try responder.signer.response(
            [try Self.single(status, in: responder)], nonce: nil, producedAt: Self.now)
        let basic = try Self.basic(response.encoded(with: responder.signer))
        #expect(basic[0, 2, 0, 1].der == [UInt8](hex: expected))
    }

    @Test("has the nonce of its request, and no nextUpdate where there is none")
    func nonce() throws {
        let responder = try TestResponder()
        let nonce = [UInt8](repeating: 9, count: 128)
        var single = try Self.single(.good, in: responder)
        single.nextUpdate = nil
        let response = try responder.signer.response([single, single], nonce: nonce, producedAt: Self.now)
        let basic = try Self.basic(response.encoded(with: responder.signer))
        #expect(basic[0, 2].children.count == 2)
        #expect(basic[0, 2, 0].children.map(\.tag) == [0x30, 0x80, 0x18])
        #expect(basic[0, 3, 0].children.count == 1)
        #expect(basic[0, 3, 0, 0] == Self.extensionTree(TestResponder.nonce(nonce)))
        #expect(response.nextUpdate == nil)
    }

    private static func extensionTree(_ value: CertificateExtension) -> ASN1Tree {
        ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02]),
                ASN1Tree(tag: 0x04, octets: value.value),
            ])
    }

    @Test("is kept without the certificate")
    func size() throws {
        let responder = try TestResponder()
        let response = try responder.signer.response(
            [try Self.single(.good, in: responder)], nonce: nil, producedAt: Self.now)
        let whole = response.encoded(with: responder.signer).count
        #expect(response.byteCount < whole - responder.signer.certificate.encoded.count)
    }

    @Test("is not made of nothing, nor of times that cannot be written")
    func impossible() throws {
        let responder = try TestResponder()
        let late = Date(timeIntervalSince1970: 253_402_300_800)
        var later = try Self.single(.good, in: responder)
        later.nextUpdate = late
        let cases: [([SingleResponse], Date)] = [
            ([], Self.now),
            ([try Self.single(.good, in: responder)], late),
            ([later], Self.now),
            ([try Self.single(.revoked(at: late, reason: .superseded), in: responder)], Self.now),
        ]
        for (responses, producedAt) in cases {
            let error = #expect(throws: CMSError.self) {
                try responder.signer.response(responses, nonce: nil, producedAt: producedAt)
            }
            #expect(error?.code == .unexpectedContent)
        }
    }

    @Test("has a signer whose certificate is its key's")
    func otherKey() throws {
        let responder = try TestResponder()
        #expect(responder.signer.notAfter == Self.now.addingTimeInterval(86_400))
        #expect(responder.signer.notBefore == Self.now.addingTimeInterval(-60))
        let certificate = responder.signer.certificate.encoded
        let error = #expect(throws: CMSError.self) {
            try OCSPSigner(certificate: certificate, key: TestIssuer.key(.p256))
        }
        #expect(error?.code == .key)
    }

    @Test(
        "that is none is only a status",
        arguments: [
            (OCSPFailure.malformedRequest, 1), (.internalError, 2), (.tryLater, 3), (.sigRequired, 5),
            (.unauthorized, 6),
        ] as [(OCSPFailure, UInt8)]
    )
    func failure(_ failure: OCSPFailure, status: UInt8) {
        #expect(failure.encoded == [0x30, 0x03, 0x0a, 0x01, status])
    }
}
