import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import SCEP

/// Names as people write them and read them.
@Suite struct NameTests {
    @Test(arguments: [
        ("CN=router-1", "CN=router-1"),
        ("C=DE,O=Example,CN=router-1", "C=DE, O=Example, CN=router-1"),
        (" c = DE , o = Example Inc , cn = a b ", "C=DE, O=Example Inc, CN=a b"),
        (#"O=Example\, Inc.,CN=a\+b"#, #"O=Example\, Inc., CN=a\+b"#),
        (#"O="Example, Inc.",CN=x"#, #"O=Example\, Inc., CN=x"#),
        (#"CN=a\"b\\c"#, #"CN=a\"b\\c"#),
        (#"CN=L\C3\BCbeck"#, "CN=Lübeck"),
        (#"CN=\ x\ "#, "CN= x "),
        ("CN=a+OU=b,O=c", "CN=a + OU=b, O=c"),
        ("CN=a=b", "CN=a=b"),
        ("DC=example,DC=org,UID=7", "DC=example, DC=org, UID=7"),
        ("E=a@b.example", "emailAddress=a@b.example"),
        ("serialNumber=12,2.5.4.3=x,1.2.3.4=y", "serialNumber=12, CN=x, 1.2.3.4=y"),
        ("", "(empty)"), ("  ", "(empty)"),
    ])
    func `a subject keeps its order`(written: String, shown: String) throws {
        #expect(NameText.text(try SubjectName.encoded(written)) == shown)
    }

    @Test func `the encoding is what other programs make of it`() throws {
        #expect(try SubjectName.encoded("CN=device.example") == TestClient.encoded("CN=device.example"))
        let expected = [UInt8](
            hex: "301f 310b 3009 0603550406 13024445 3110 300e 06092a864886f70d010901 1601 61"
        )
        #expect(try SubjectName.encoded("C=DE,emailAddress=a") == expected)
    }

    @Test(arguments: [
        "router-1", "CN", "=x", "CN=", "CN=,O=x", "XY=1", "CN=a,,O=b", "CN=a,", "CN=\"a", "CN=\"a\"b", "CN=a\\",
        "/CN=a/O=b",
        "C=Dé", "serialNumber=a*b", "emailAddress=ü@b", "CN=\\ff", "1.=x", "CN=a++O=b", "1=x", "3.1=x", "1.40=x",
        "1.+2=x",
        "1.2.99999999999=x", "461168601842738791.3=x", "18446744073709551615.18446744073709551615=x",
        "CN=\(String(repeating: "x", count: 16_384))",
    ])
    func `what is no subject is refused`(text: String) {
        let error = #expect(throws: SCEPError.self) { try SubjectName.encoded(text) }
        #expect(error?.code == .encoding)
    }

    @Test func `what a Name says cannot touch the terminal`() throws {
        let name = try SubjectName.encoded("CN=a\\1b[31m\\E2\\80\\AEb")
        #expect(NameText.text(name) == #"CN=a\u{1b}[31m\u{202e}b"#)
    }

    @Test(arguments: [
        ("a\u{7}b", #"a\u{7}b"#), ("a\u{2066}b", #"a\u{2066}b"#), ("a\u{a0}b", #"a\u{a0}b"#),
        ("a\u{3164}b", #"a\u{3164}b"#),
        ("a\u{fe0f}b", #"a\u{fe0f}b"#), ("a\u{2800}b", #"a\u{2800}b"#), ("a\u{e0041}b", #"a\u{e0041}b"#),
        ("Lübeck €", "Lübeck €"),
        ("a\r\nb", #"a\u{d}\u{a}b"#),
    ])
    func `what nobody sees is shown by its number`(text: String, shown: String) {
        #expect(text.printable == shown)
        #expect((text + text).printable(upTo: text.unicodeScalars.count) == shown + "…")
        #expect(text.printable(upTo: text.unicodeScalars.count) == shown)
    }

    @Test func `damaged subjects and Names never trap`() throws {
        var generator = SeededGenerator(seed: 21)
        let text = Array(#"C=DE,O="Example, Inc."+OU=\C3\BC\ ,2.5.4.3=x"#.utf8)
        let name = try SubjectName.encoded(String(decoding: text, as: UTF8.self))
        for _ in 0..<2000 {
            var (changedText, changedName) = (text, name)
            for _ in 0..<3 {
                changedText[Int.random(in: text.indices, using: &generator)] = .random(in: 1...0x7f, using: &generator)
                changedName[Int.random(in: name.indices, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            _ = try? SubjectName.encoded(String(decoding: changedText, as: UTF8.self))
            _ = NameText.text(changedName)
            _ = AlternativeName.texts(changedName)
        }
    }

    @Test(
        arguments: [
            ([0x30, 0x03, 0x31, 0x01, 0x00], "#3003310100"), ([], "#"), ([0x02, 0x01, 0x05], "#020105"),
            ([0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x14, 0x01, 0xfc], "CN=ü"),
            ([0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x1e, 0x02, 0x20, 0xac], "CN=€"),
            ([0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x03, 0x01, 0x00], "CN=#030100"),
        ] as [([UInt8], String)])
    func `old string types are read, all else is shown as it is`(name: [UInt8], text: String) {
        #expect(NameText.text(name) == text)
    }

    @Test(arguments: [
        ("DNS:router-1.example", "DNS:router-1.example"), ("dns:x", "DNS:x"),
        ("email:a@b.example", "email:a@b.example"),
        ("ip:192.0.2.7", "IP:192.0.2.7"), ("ip:2001:db8::1", "IP:2001:db8::1"),
        ("uri:https://a.example/b?c", "URI:https://a.example/b?c"), ("URI:urn:x:1", "URI:urn:x:1"),
    ])
    func `alternative names`(written: String, shown: String) throws {
        let value = AlternativeName.certificateExtension([try AlternativeName(written)]).value
        #expect(AlternativeName.texts(value) == [shown])
    }

    @Test(arguments: [
        "router-1", "dns:", "dns:a b", "dns:lübeck.example", "ip:300.1.1.1", "ip:a.example", "other:x", "",
    ])
    func `what is no alternative name is refused`(text: String) {
        let error = #expect(throws: SCEPError.self) { try AlternativeName(text) }
        #expect(error?.code == .encoding)
    }

    @Test func `alternative names that nobody wrote here are shown as they are`() {
        #expect(AlternativeName.texts([0x30, 0x03, 0x88, 0x01, 0x2a]) == ["registered ID:1.2"])
        #expect(AlternativeName.texts([0x30, 0x03, 0x87, 0x01, 0x2a]) == ["IP:#2a"])
        #expect(AlternativeName.texts([0x31]) == ["not readable: #31"])
    }
}
