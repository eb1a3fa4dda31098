import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("Two Names (RFC 5280 §7.1)")
struct NameComparisonTests {
    static let spellings: [(TestName, TestName)] = [
        (TestName("Example CA"), TestName("Example CA")),
        (TestName("Example CA"), TestName("EXAMPLE ca")),
        (TestName("Example CA"), TestName("Example CA", tag: 0x13)),
        (TestName("Example CA", tag: 0x16), TestName("example ca", tag: 0x13)),
        (TestName("Example CA"), TestName("  Example \t\r\n  CA ")),
        (TestName("Example CA"), TestName("Example\u{a0}\u{2003}\u{3000}CA\u{2028}")),
        (TestName("12 34", tag: 0x12), TestName("12  34")),
        (TestName(""), TestName("  ")),
        // what cannot be seen (RFC 4518 §2.2)
        (TestName("Example CA"), TestName("Ex\u{ad}am\u{200b}ple\u{feff} C\u{200d}A\0\u{7f}\u{fe0f}")),
        // normalisation
        (TestName("Café"), TestName("Cafe\u{301}")),
        (TestName("Example"), TestName("Ｅｘａｍｐｌｅ")),
        (TestName("office"), TestName("o\u{fb03}ce")),
        (TestName("tel 1"), TestName("\u{2121} \u{2460}")),
        (TestName("가"), TestName("\u{1100}\u{1161}")),
        (TestName("a\u{316}\u{301}"), TestName("á\u{316}")),
        // case folding
        (TestName("Straße"), TestName("STRASSE")),
        (TestName("Stra\u{1e9e}e"), TestName("strasse")),
        (TestName("ΣΊΣΥΦΟΣ"), TestName("Σίσυφος")),
        (TestName("ĐURĐA"), TestName("đurđa")),
        (TestName("\u{212a}elvin"), TestName("kelvin")),
        (TestName("ПРИВЕТ"), TestName("привет")),
        (TestName("𐐀"), TestName("𐐨")),
        // string types
        (TestName("Gé"), TestName(octets: [0x47, 0xe9], tag: 0x14)),
        (TestName("G€"), TestName(octets: [0x00, 0x67, 0x20, 0xac], tag: 0x1e)),
        (TestName("😀"), TestName(octets: [0xd8, 0x3d, 0xde, 0x00], tag: 0x1e)),
        (TestName("g😀"), TestName(octets: [0, 0, 0, 0x47, 0, 0x01, 0xf6, 0x00], tag: 0x1c)),
        // the attributes of an RDN in any order
        (
            TestName([.commonName("a"), .organization("b")], [.commonName("c")]),
            TestName([.organization("B"), .commonName("A")], [.commonName("C")])
        ),
        (
            TestName([.commonName("a"), .commonName("b"), .commonName("a")]),
            TestName([.commonName("b"), .commonName("A"), .commonName("a")])
        ),
        (TestName(), TestName()),
    ]

    @Test("are the same in another spelling", arguments: spellings)
    func same(one: TestName, other: TestName) {
        #expect(NameComparison.isSame(one.encoded, other.encoded))
        #expect(NameComparison.isSame(other.encoded, one.encoded))
    }

    static let differences: [(TestName, TestName)] = [
        (TestName("Example CA"), TestName("Example CB")),
        (TestName("Example CA"), TestName("ExampleCA")),
        (TestName("Example CA"), TestName("Example-CA")),
        (TestName("Example CA"), TestName("Example CA 2")),
        (TestName("Example CA"), TestName()),
        (TestName(), TestName("")),
        (TestName("resume"), TestName("résumé")),
        // another letter, though it looks the same: Cyrillic
        (TestName("Example"), TestName("Ехample")),
        // the dotless i
        (TestName("istanbul"), TestName("ıstanbul")),
        (TestName([.commonName("a")]), TestName([.organization("a")])),
        (TestName([.commonName("a")], [.commonName("b")]), TestName([.commonName("b")], [.commonName("a")])),
        (TestName([.commonName("a")], [.commonName("b")]), TestName([.commonName("a"), .commonName("b")])),
        (TestName([.commonName("a")]), TestName([.commonName("a"), .commonName("a")])),
        (
            TestName([.commonName("a"), .commonName("a"), .commonName("b")]),
            TestName([.commonName("a"), .commonName("b"), .commonName("b")])
        ),
        // not valid in their type, so compared byte for byte
        (TestName(octets: [0xff], tag: 0x0c), TestName(octets: [0xfe], tag: 0x0c)),
        (TestName("é", tag: 0x13), TestName("É", tag: 0x13)),
        (TestName(octets: [0x00, 0x61, 0x00], tag: 0x1e), TestName(octets: [0x00, 0x41, 0x00], tag: 0x1e)),
        (TestName(octets: [0xd8, 0x3d], tag: 0x1e), TestName(octets: [0xde, 0x00], tag: 0x1e)),
        (TestName(octets: [0, 0x11, 0, 0], tag: 0x1c), TestName(octets: [0, 0x12, 0, 0], tag: 0x1c)),
        (TestName(octets: [0, 0, 0x41], tag: 0x1c), TestName(octets: [0, 0, 0x61], tag: 0x1c)),
        // other types, byte for byte: VideotexString, BIT STRING, INTEGER
        (TestName("A", tag: 0x15), TestName("a", tag: 0x15)),
        (TestName(octets: [0x00, 0x41], tag: 0x03), TestName(octets: [0x00, 0x61], tag: 0x03)),
        (TestName(octets: [0x41], tag: 0x02), TestName("A")),
    ]

    @Test("differ", arguments: differences)
    func different(one: TestName, other: TestName) {
        #expect(!NameComparison.isSame(one.encoded, other.encoded))
        #expect(!NameComparison.isSame(other.encoded, one.encoded))
        #expect(NameComparison.isSame(one.encoded, one.encoded))
    }

    @Test("are the same where one is written in BER")
    func writtenInBER() {
        let name = TestName("Example CA", tag: 0x1e)
        let tree = TestName([.commonName("Example CA")], [.organization("b")]).tree
        #expect(NameComparison.isSame(tree.der, tree.encoded { _ in .indefinite }))
        #expect(NameComparison.isSame(tree.der, tree.encoded { $0.count == 3 && $0[2] == 1 ? .chunked(3) : .definite }))
        #expect(!NameComparison.isSame(tree.der, name.encoded))
    }

    @Test("with a value of another type are compared byte for byte, however its length is written")
    func longLength() {
        let short = TestName(octets: [0x2a], tag: 0x02).encoded
        let long: [UInt8] = [0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x02, 0x81, 0x01, 0x2a]
        #expect(short != long)
        #expect(NameComparison.isSame(short, long))
    }
}
