import Testing

@testable import CertificateAuthority

@Suite("A line of text from outside")
struct ReadableTextTests {
    @Test(
        "has no controls and nothing that cannot be seen",
        arguments: [
            ("", ""), ("a b", "a b"), ("a\tb\r\n", #"a\u{9}b…"#), ("\0", #"\u{0}"#), ("\u{202e}x", #"\u{202e}x"#),
            ("é\u{85}", #"é\u{85}"#), (#"a\u{a}"#, #"a\u{a}"#), ("a\u{3164}", #"a\u{3164}"#), ("a\u{a0}", #"a\u{a0}"#),
            ("😀", "😀"), ("0123456789", "0123456789"),
            ("0123456789x", "0123456789…"), ("012345678é", "012345678é"), ("é01234567\n", "é01234567…"),
            ("012345678éé", "012345678é…"),
        ]
    )
    func line(text: String, shown: String) {
        #expect(ReadableText.line(text, upTo: 10) == shown)
    }

    @Test(
        "stays as it is when it is read again",
        arguments: [
            String(repeating: "\0", count: 50), String(repeating: "é", count: 50), "abcdefgh\u{202e}\u{202e}",
            "…………………………",
            "abcdefghij…", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        ]
    )
    func again(text: String) {
        let line = ReadableText.line(text, upTo: 10)
        #expect(ReadableText.line(line, upTo: 10) == line)
        #expect(line.unicodeScalars.count <= 11)
    }
}
