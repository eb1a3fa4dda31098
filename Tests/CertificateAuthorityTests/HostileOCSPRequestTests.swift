import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("An OCSP request that is none")
struct HostileOCSPRequestTests {
    static func tree() throws -> ASN1Tree {
        try TestResponder().request(extensions: [TestResponder.nonce([1, 2, 3])])
    }

    static let wrong: [(String, @Sendable (inout ASN1Tree) -> Void)] = [
        ("the tag of the document", { $0.tag = 0x31 }),
        ("the tag of the request", { $0[0].tag = 0x31 }),
        ("the tag of the list", { $0[0, 0].tag = 0x31 }),
        ("the tag of a Request", { $0[0, 0, 0].tag = 0x31 }),
        ("the tag of a CertID", { $0[0, 0, 0, 0].tag = 0x31 }),
        ("the tag of the algorithm", { $0[0, 0, 0, 0, 0].tag = 0x31 }),
        ("the tag of a hash", { $0[0, 0, 0, 0, 1].tag = 0x0c }),
        ("the tag of the serial number", { $0[0, 0, 0, 0, 3].tag = 0x04 }),
        ("an empty serial number", { $0[0, 0, 0, 0, 3].octets = [] }),
        ("no serial number", { $0 = $0.removing([0, 0, 0, 0, 3]) }),
        ("no list", { $0 = $0.removing([0, 0]) }),
        ("version 2", { $0[0].children.insert(Self.tagged(0xa0, [0x02, 0x01, 0x01]), at: 0) }),
        ("a version that is none", { $0[0].children.insert(ASN1Tree(tag: 0xa0, children: []), at: 0) }),
        ("something behind the serial number", { $0[0, 0, 0, 0].children.append(Self.null) }),
        ("something behind a CertID", { $0[0, 0, 0].children.append(Self.null) }),
        ("something behind the extensions", { $0[0].children.append(Self.null) }),
        ("something behind the request", { $0.children.append(Self.null) }),
        ("a signature that is none", { $0.children.append(Self.tagged(0xa0, [0x05, 0x00])) }),
        ("extensions that are none", { $0[0, 1, 0].tag = 0x31 }),
        ("an extension without value", { $0 = $0.removing([0, 1, 0, 0, 1]) }),
        ("two nonces", { $0[0, 1, 0].children.append($0[0, 1, 0, 0]) }),
        ("a nonce that is no OCTET STRING", { $0[0, 1, 0, 0, 1].octets = [0x02, 0x01, 0x01] }),
        ("a nonce without tag", { $0[0, 1, 0, 0, 1].octets = [1, 2, 3] }),
        ("an empty extension", { $0[0, 1, 0, 0, 1].octets = [] }),
        (
            "an unknown critical extension",
            {
                $0[0, 1, 0, 0, 0].octets = [0x2a, 0x03]
                $0[0, 1, 0, 0].children.insert(ASN1Tree(tag: 0x01, octets: [0xff]), at: 1)
            }
        ),
        (
            "an unknown critical extension of one certificate",
            {
                var part = $0[0, 1, 0]
                part[0, 0].octets = [0x2a, 0x03]
                part[0].children.insert(ASN1Tree(tag: 0x01, octets: [0xff]), at: 1)
                $0[0, 0, 0].children.append(ASN1Tree(tag: 0xa0, children: [part]))
            }
        ),
    ]

    static let null = ASN1Tree(tag: 0x05, octets: [])

    /// A constructed element with one element in it.
    static func tagged(_ tag: UInt8, _ inner: [UInt8]) -> ASN1Tree {
        ASN1Tree(tag: tag, children: [ASN1Tree(tag: inner[0], octets: Array(inner.dropFirst(2)))])
    }

    @Test("is malformed", arguments: wrong.indices)
    func wrongParts(index: Int) throws {
        var tree = try Self.tree()
        Self.wrong[index].1(&tree)
        let error = #expect(throws: CMSError.self, "\(Self.wrong[index].0)") {
            try OCSPRequest(derEncoded: tree.der)
        }
        #expect(error?.code == .malformed, "\(Self.wrong[index].0)")
    }

    @Test("is malformed where it is BER and not DER")
    func ber() throws {
        let tree = try Self.tree()
        let encodings = [
            tree.encoded { $0.isEmpty ? .indefinite : .definite },
            tree.encoded { $0 == [0, 0, 0, 0, 1] ? .chunked(8) : .definite },
        ]
        for encoded in encodings {
            let error = #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: encoded) }
            #expect(error?.code == .malformed)
        }
    }

    @Test("cut short or longer is not read")
    func truncated() throws {
        let encoded = try Self.tree().der
        for count in 0..<encoded.count {
            #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: Array(encoded.prefix(count))) }
        }
        #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: encoded + [0]) }
    }

    @Test("with any byte changed never traps, and is never half read")
    func mutated() throws {
        let encoded = try Self.tree().der
        for index in encoded.indices {
            for value in UInt8.min...UInt8.max {
                var changed = encoded
                changed[index] = value
                guard let request = try? OCSPRequest(derEncoded: changed) else { continue }
                #expect(request.certificates.count == 1)
                #expect(changed.firstRange(of: request.certificates[0].encoded) != nil)
            }
        }
    }

    @Test("nested deeply is refused without being followed")
    func deep() {
        var bytes: [UInt8] = []
        for _ in 0..<5000 { bytes = [0x30] + ASN1Tree.length(bytes.count) + bytes }
        let error = #expect(throws: CMSError.self) { try OCSPRequest(derEncoded: bytes) }
        #expect(error?.code == .tooComplex)
    }
}
