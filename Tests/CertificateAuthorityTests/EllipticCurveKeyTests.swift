import Crypto
import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("An ECDSA key to be certified")
struct EllipticCurveKeyTests {
    static let ecPublicKey: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]

    /// A SubjectPublicKeyInfo from its parts.
    static func tree(curve: ASN1Tree, point: [UInt8]) -> ASN1Tree {
        let algorithm = ASN1Tree(tag: 0x30, children: [ASN1Tree(tag: 0x06, octets: Self.ecPublicKey), curve])
        return ASN1Tree(tag: 0x30, children: [algorithm, ASN1Tree(tag: 0x03, octets: [0x00] + point)])
    }

    static func named(_ curve: [UInt8]) -> ASN1Tree { ASN1Tree(tag: 0x06, octets: curve) }

    static let p256: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
    static let p384: [UInt8] = [0x2b, 0x81, 0x04, 0x00, 0x22]
    static let p521: [UInt8] = [0x2b, 0x81, 0x04, 0x00, 0x23]

    static let keys: [(String, [UInt8])] = [
        ("P-256", Array(P256.Signing.PrivateKey().publicKey.derRepresentation)),
        ("P-384", Array(P384.Signing.PrivateKey().publicKey.derRepresentation)),
        ("P-521", Array(P521.Signing.PrivateKey().publicKey.derRepresentation)),
    ]

    @Test("is on P-256, P-384 or P-521, whatever sizes RSA keys may have", arguments: keys)
    func accepted(_ curve: String, encoded: [UInt8]) throws {
        let key = try SubjectPublicKeyInfo(derEncoded: encoded)
        #expect(try KeyPolicyTests.refusal(key) == nil)
        #expect(try KeyPolicyTests.refusal(key, rsaBits: 1024...1024) == nil)
    }

    @Test("gets a certificate by the template, without keyEncipherment (RFC 5480 §3)", arguments: keys)
    func certificate(_ curve: String, encoded: [UInt8]) throws {
        let issuer = try TestIssuer.make()
        let key = try issuer.certifiable(try SubjectPublicKeyInfo(derEncoded: encoded), rsaBits: 2048...8192)
        let issued = try issuer.issue(
            try issuer.prepare(
                RequestedCertificate(subject: TestName("d").encoded, key: key, extensions: []),
                template: .networkEquipment,
                serialNumber: [0x11],
                now: TestIssuer.now
            )
        )
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true))
        #expect(certificate.extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        #expect(try certificate.extensions.extendedKeyUsage.map(Array.init) == [.clientAuth, .serverAuth])
        #expect(certificate.notValidAfter == TestIssuer.now.addingTimeInterval(1095 * 86_400))
        #expect(try SignerCertificate(encoded: issued.encoded).publicKey.derEncoded == encoded)
    }

    @Test("is refused by a template that only enciphers, rather than certified for everything")
    func encipheringTemplate() throws {
        let issuer = try TestIssuer.make()
        let public256 = try SubjectPublicKeyInfo(derEncoded: Self.keys[0].1)
        let key = try issuer.certifiable(public256, rsaBits: 2048...8192)
        var template = CertificateTemplate.default
        template.keyUsage = [.keyEncipherment]
        do {
            _ = try issuer.prepare(
                RequestedCertificate(subject: TestName("d").encoded, key: key, extensions: []),
                template: template,
                serialNumber: [0x11],
                now: TestIssuer.now
            )
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .key)
        }
    }

    static let point = Array(P256.Signing.PrivateKey().publicKey.x963Representation)

    static let refused: [(String, ASN1Tree)] = [
        ("secp256k1", tree(curve: named([0x2b, 0x81, 0x04, 0x00, 0x0a]), point: point)),
        (
            "P-192",
            tree(curve: named([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01]), point: Array(point.prefix(49)))
        ),
        ("another curve's point", tree(curve: named(p384), point: point)),
        ("brainpoolP256r1", tree(curve: named([0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07]), point: point)),
        ("explicit parameters", tree(curve: ASN1Tree(tag: 0x30, children: [named(p256)]), point: point)),
        ("implicit parameters", tree(curve: ASN1Tree(tag: 0x05, octets: []), point: point)),
        (
            "no parameters",
            ASN1Tree(
                tag: 0x30,
                children: [
                    ASN1Tree(tag: 0x30, children: [named(ecPublicKey)]), ASN1Tree(tag: 0x03, octets: [0] + point),
                ]
            )
        ),
        ("not on the curve", tree(curve: named(p256), point: point.dropLast() + [point[64] ^ 1])),
        ("infinity", tree(curve: named(p256), point: [0x00])),
        ("no point", tree(curve: named(p256), point: [])),
        ("zeros", tree(curve: named(p256), point: [0x04] + [UInt8](repeating: 0, count: 64))),
        ("above the prime", tree(curve: named(p521), point: [0x04] + [UInt8](repeating: 0xff, count: 132))),
        ("compressed", tree(curve: named(p256), point: [0x02 | point[64] & 1] + point[1..<33])),
        ("hybrid", tree(curve: named(p256), point: [0x06 | point[64] & 1] + point[1...])),
        ("a byte too long", tree(curve: named(p256), point: point + [0])),
        ("a byte too short", tree(curve: named(p256), point: point.dropLast())),
        (
            "a third part of the algorithm",
            ASN1Tree(
                tag: 0x30,
                children: [
                    ASN1Tree(
                        tag: 0x30, children: [named(ecPublicKey), named(p256), ASN1Tree(tag: 0x05, octets: [])]),
                    ASN1Tree(tag: 0x03, octets: [0] + point),
                ]
            )
        ),
    ]

    @Test("is refused", arguments: refused)
    func isRefused(_ what: String, tree: ASN1Tree) throws {
        #expect(try KeyPolicyTests.refusal(try SubjectPublicKeyInfo(derEncoded: tree.der)) == .key)
    }

    @Test("is DER, because it is copied into the certificate byte for byte")
    func nonCanonical() throws {
        let tree = Self.tree(curve: Self.named(Self.p256), point: Self.point)
        #expect(try KeyPolicyTests.refusal(try SubjectPublicKeyInfo(derEncoded: tree.der)) == nil)
        let written = try SubjectPublicKeyInfo(derEncoded: tree.encoded { _ in .indefinite })
        #expect(try KeyPolicyTests.refusal(written) == .key)
    }

    @Test("is not the CA's own")
    func reserved() throws {
        #expect(try KeyPolicyTests.refusal(TestIssuer.key(.p256).publicKey) == .authorityKey)
    }

    @Test("with any byte changed is refused or read, without a trap")
    func hostile() throws {
        let encoded = Self.keys[2].1
        for index in encoded.indices {
            for flip in [0x01, 0x20, 0x80, 0xff] as [UInt8] {
                var changed = encoded
                changed[index] ^= flip
                if let key = try? SubjectPublicKeyInfo(derEncoded: changed) {
                    #expect(try KeyPolicyTests.refusal(key) == .key, "byte \(index)")
                }
            }
        }
    }
}
