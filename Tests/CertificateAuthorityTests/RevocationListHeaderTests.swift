import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("What a CRL says of itself")
struct RevocationListHeaderTests {
    static func entries(_ count: Int) -> [RevokedCertificate] {
        (0..<count).map { number in
            let octets = withUnsafeBytes(of: Int64(number).bigEndian) { Array($0) }
            return RevokedCertificate(serialNumber: [0x01] + octets, revokedAt: TestIssuer.now, reason: .superseded)
        }
    }

    @Test(
        "is read however many entries there are",
        arguments: [(0, 0), (1, 127), (2, 128), (3, 1 << 32), (25_000, Int64.max)] as [(Int, Int64)]
    )
    func header(count: Int, number: Int64) throws {
        let encoded = try RevocationListTests.make(Self.entries(count), number: number)
        let list = try CertificateRevocationList(derEncoded: encoded)
        #expect(list.issuer == (try TestIssuer.make().certificate.subject))
        #expect(list.number == number)
        #expect(list.thisUpdate == TestIssuer.now)
        #expect(list.nextUpdate == TestIssuer.now.addingTimeInterval(RevocationListTests.week))
    }

    @Test("is read in years from 2050")
    func late() throws {
        let late = Date(timeIntervalSince1970: 2_524_607_999)
        let encoded = try RevocationListTests.make([], thisUpdate: late, nextUpdate: late.addingTimeInterval(1))
        let list = try CertificateRevocationList(derEncoded: encoded)
        #expect(list.thisUpdate == late)
        #expect(list.nextUpdate == late.addingTimeInterval(1))
    }

    static func tree() throws -> ASN1Tree { try ASN1Tree(try RevocationListTests.make(Self.entries(2))) }

    @Test("need not have version, nextUpdate, entries or extensions")
    func optional() throws {
        let tree = try Self.tree()
        let bare = tree.removing([0, 6]).removing([0, 5]).removing([0, 4]).removing([0, 0])
        let list = try CertificateRevocationList(derEncoded: bare.der)
        #expect(list.number == nil)
        #expect(list.nextUpdate == nil)
        #expect(list.thisUpdate == TestIssuer.now)
    }

    @Test(
        "is not read where something is missing",
        arguments: [[0], [1], [2], [0, 1], [0, 2], [0, 6, 0], [0, 6, 0, 1, 1], [0, 6, 0, 1, 0]] as [[Int]]
    )
    func missing(path: [Int]) throws {
        let cut = try Self.tree().removing(path)
        let error = #expect(throws: CMSError.self) { try CertificateRevocationList(derEncoded: cut.der) }
        #expect(error?.code == .malformed)
    }

    static let wrong: [(String, @Sendable (inout ASN1Tree) -> Void)] = [
        ("the tag of the document", { $0.tag = 0x31 }),
        ("the tag of the list", { $0[0].tag = 0x31 }),
        ("version 1", { $0[0, 0].octets = [0] }),
        ("version 3", { $0[0, 0].octets = [2] }),
        ("the tag of the algorithm", { $0[0, 1].tag = 0x31 }),
        ("the tag of the issuer", { $0[0, 2].tag = 0x31 }),
        ("an issuer that is no Name", { $0[0, 2, 0].tag = 0x30 }),
        ("the tag of thisUpdate", { $0[0, 3].tag = 0x13 }),
        ("a thirteenth month", { $0[0, 3].octets = Array("271315080000Z".utf8) }),
        ("a time without zone", { $0[0, 3].octets = Array("270115080000".utf8) }),
        ("an empty time", { $0[0, 4].octets = [] }),
        ("the tag of nextUpdate", { $0[0, 4].tag = 0x13 }),
        ("no times", { $0 = $0.removing([0, 4]).removing([0, 3]) }),
        ("the tag of the entries", { $0[0, 5].tag = 0x31 }),
        ("the tag of the extensions", { $0[0, 6].tag = 0xa1 }),
        ("extensions that are none", { $0[0, 6, 0].tag = 0x31 }),
        ("a number that is none", { $0[0, 6, 0, 1, 1].octets = [0x04, 0x01, 0x01] }),
        ("a negative number", { $0[0, 6, 0, 1, 1].octets = [0x02, 0x01, 0xff] }),
        ("a number of nine octets", { $0[0, 6, 0, 1, 1].octets = [0x02, 0x09] + [UInt8](repeating: 0x11, count: 9) }),
        ("the tag of the second algorithm", { $0[1].tag = 0x31 }),
        ("the tag of the signature", { $0[2].tag = 0x04 }),
        ("something behind the signature", { $0.children.append(ASN1Tree(tag: 0x05, octets: [])) }),
        ("something behind the extensions", { $0[0].children.append(ASN1Tree(tag: 0x05, octets: [])) }),
    ]

    @Test("is not read where something is wrong", arguments: wrong.indices)
    func wrongParts(index: Int) throws {
        var tree = try Self.tree()
        Self.wrong[index].1(&tree)
        let error = #expect(throws: CMSError.self, "\(Self.wrong[index].0)") {
            try CertificateRevocationList(derEncoded: tree.der)
        }
        #expect(error?.code == .malformed, "\(Self.wrong[index].0)")
    }

    @Test(
        "is not read from what is no DER",
        arguments: [
            [], [0x30], [0x30, 0x80], [0x30, 0x80, 0x00, 0x00], [0x30, 0x81, 0x05], [0x30, 0x82, 0x00, 0x80],
            [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00], [0x30, 0xff],
            [0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x30, 0x03, 0x30, 0x03, 0x02],
        ] as [[UInt8]]
    )
    func noDER(bytes: [UInt8]) {
        let error = #expect(throws: CMSError.self) { try CertificateRevocationList(derEncoded: bytes) }
        #expect(error?.code == .malformed)
    }

    @Test("cut short or longer is not read")
    func truncated() throws {
        let encoded = try RevocationListTests.make(Self.entries(2))
        for count in 0..<encoded.count {
            #expect(throws: CMSError.self) { try CertificateRevocationList(derEncoded: Array(encoded.prefix(count))) }
        }
        #expect(throws: CMSError.self) { try CertificateRevocationList(derEncoded: encoded + [0]) }
    }

    @Test("with any byte changed never traps")
    func mutated() throws {
        let encoded = try RevocationListTests.make(Self.entries(1))
        for index in encoded.indices {
            for value in UInt8.min...UInt8.max {
                var changed = encoded
                changed[index] = value
                _ = try? CertificateRevocationList(derEncoded: changed)
            }
        }
    }
}
