import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("An OCSP request (RFC 6960 §4.1)")
struct OCSPRequestTests {
    static func responder() throws -> TestResponder { try TestResponder() }

    @Test(
        "names its certificates byte for byte", arguments: [DigestAlgorithm.sha1, .sha224, .sha256, .sha384, .sha512])
    func certificates(_ algorithm: DigestAlgorithm) throws {
        let responder = try Self.responder()
        let serialNumbers: [[UInt8]] = [[0x11], [0x00, 0xfe], [UInt8](repeating: 0x7f, count: 20)]
        let request = try OCSPRequest(derEncoded: try responder.request(serialNumbers, by: algorithm).der)
        #expect(request.certificates.map(\.serialNumber) == serialNumbers)
        #expect(request.certificates.allSatisfy { $0.hashAlgorithm == algorithm })
        #expect(request.certificates == (try serialNumbers.map { try responder.name($0, by: algorithm) }))
        #expect(request.certificates.allSatisfy(responder.issuer.isIssuer(of:)))
        #expect(request.nonce == nil)
    }

    @Test("may leave out the NULL of the digest, and gets it back so")
    func withoutNull() throws {
        let responder = try Self.responder()
        var tree = try responder.request()
        tree[0, 0, 0, 0, 0] = tree[0, 0, 0, 0, 0].removing([1])
        let name = try #require(try OCSPRequest(derEncoded: tree.der).certificates.first)
        #expect(responder.issuer.isIssuer(of: name))
        #expect(name.encoded == tree[0, 0, 0, 0].der)
        #expect(name != (try responder.name([0x11])))
        #expect(name.isPlain)
    }

    @Test("may give the digest parameters of its own, which is told from what everybody writes")
    func parameters() throws {
        let responder = try Self.responder()
        #expect(try responder.name([0x11]).isPlain)
        var tree = try responder.request()
        tree[0, 0, 0, 0, 0, 1] = ASN1Tree(tag: 0x04, octets: [1, 2, 3])
        let name = try #require(try OCSPRequest(derEncoded: tree.der).certificates.first)
        #expect(responder.issuer.isIssuer(of: name))
        #expect(!name.isPlain)
    }

    static let otherIssuers: [(String, @Sendable (inout ASN1Tree) -> Void)] = [
        ("another name", { $0[1].octets[0] ^= 1 }),
        ("another key", { $0[2].octets[19] ^= 1 }),
        ("a hash that is cut short", { $0[1].octets.removeLast() }),
        ("no hash", { $0[2].octets = [] }),
        ("an unknown digest", { $0[0, 0].octets = [0x2a, 0x03] }),
        ("MD5", { $0[0, 0].octets = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05] }),
        ("the name of another digest", { $0[0, 0].octets = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01] }),
    ]

    @Test("may name another issuer, and is read", arguments: otherIssuers.indices)
    func otherIssuer(index: Int) throws {
        let responder = try Self.responder()
        var tree = try responder.request()
        Self.otherIssuers[index].1(&tree[0, 0, 0, 0])
        let name = try #require(try OCSPRequest(derEncoded: tree.der).certificates.first)
        #expect(!responder.issuer.isIssuer(of: name), "\(Self.otherIssuers[index].0)")
        #expect(name.encoded == tree[0, 0, 0, 0].der)
    }

    @Test("may have a version, a name, a signature and extensions that do not matter")
    func unusual() throws {
        var tree = try Self.responder().request(extensions: [
            TestResponder.nonce([1, 2, 3]),
            CertificateExtension([1, 3, 6, 1, 5, 5, 7, 48, 1, 4], isCritical: true, value: [0x30, 0x00]),
            CertificateExtension([1, 2, 3], value: [0xff]),
        ])
        tree[0].children.insert(ASN1Tree(tag: 0xa1, children: [ASN1Tree(tag: 0x82, octets: [0x61])]), at: 0)
        tree[0].children.insert(ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x02, octets: [0])]), at: 0)
        let single = ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2a, 0x03]), ASN1Tree(tag: 0x04, octets: [1]),
            ])
        tree[0, 2, 0].children.append(
            ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x30, children: [single])])
        )
        tree.children.append(ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x30, children: [])]))
        let request = try OCSPRequest(derEncoded: tree.der)
        #expect(request.certificates.map(\.serialNumber) == [[0x11]])
        #expect(request.nonce == [1, 2, 3])
    }

    @Test("has a nonce of 1 to 128 octets (RFC 9654)", arguments: [(0, false), (1, true), (128, true), (129, false)])
    func nonce(count: Int, isRead: Bool) throws {
        let nonce = [UInt8](repeating: 7, count: count)
        let encoded = try Self.responder().request(extensions: [TestResponder.nonce(nonce)]).der
        if isRead {
            #expect(try OCSPRequest(derEncoded: encoded).nonce == nonce)
        } else {
            let error = #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: encoded) }
            #expect(error?.code == .malformed)
        }
    }

    @Test("asks for 1 to 100 certificates", arguments: [(0, false), (1, true), (100, true), (101, false)])
    func count(count: Int, isRead: Bool) throws {
        let serialNumbers = (0..<count).map { [UInt8(truncatingIfNeeded: $0 % 100) + 1] }
        let encoded = try Self.responder().request(serialNumbers).der
        if isRead {
            #expect(try OCSPRequest(derEncoded: encoded).certificates.count == count)
        } else {
            #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: encoded) }
        }
    }

    @Test("has at most 64 KiB")
    func length() throws {
        let padding = CertificateExtension([1, 2, 3], value: [UInt8](repeating: 0, count: 65_000))
        _ = try OCSPRequest(derEncoded: try Self.responder().request(extensions: [padding]).der)
        let more = CertificateExtension([1, 2, 3], value: [UInt8](repeating: 0, count: 65_536))
        let encoded = try Self.responder().request(extensions: [more]).der
        let error = #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: encoded) }
        #expect(error?.code == .tooComplex)
    }
}
