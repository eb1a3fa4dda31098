import CertificateAuthority
import Testing

@testable import Enrollment

@Suite("A pattern for a name")
struct NamePatternTests {
    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        let pattern = try NamePattern(parsing: pattern)
        return PreparedText(text).map(pattern.matches) ?? false
    }

    @Test(
        "matches",
        arguments: [
            ("device.example.com", "device.example.com"), ("device.example.com", "DEVICE.Example.com"),
            ("*.example.com", "device.example.com"), ("*.example.com", "d.EXAMPLE.COM"),
            ("*.*.example.com", "a.b.example.com"), ("**.example.com", "a.example.com"),
            ("**.example.com", "a.b.c.example.com"), ("device-*.example.com", "device-17.example.com"),
            ("*", "device"), ("**", "device.example.com"), ("**", "."), ("a*c", "abc"), ("a*c", "abcbc"),
            ("a**c", "a.c"),
            ("a*b*c", "a1b2c"), ("a*b*c", "abbbc"), ("a*a", "aaa"), ("*a", "aa"), ("a**a**a", "a.a.a"),
            (#"\*.example.com"#, "*.example.com"), (#"a\\b"#, #"a\b"#), (#"a\,b\=c\+d"#, "a,b=c+d"), ("a=b", "a=b"),
            ("Example GmbH", "  example   gmbh "), ("Example *", "Example GmbH"), ("*GmbH", "Example GmbH"),
            ("Müller", "MU\u{308}LLER"), ("M*ller", "müller"), ("STRASSE", "Straße"), ("株式会社*", "株式会社例"),
            ("Straße *", "strasse 7"), ("e\u{301}*", "éa"), ("*.example.com", "株.example.com"), ("😀*", "😀😀"),
        ]
    )
    func match(pattern: String, text: String) throws {
        #expect(try Self.matches(pattern, text))
    }

    @Test(
        "does not match",
        arguments: [
            // dots
            ("*.example.com", "a.b.example.com"), ("*.example.com", ".example.com"), ("*.example.com", "example.com"),
            ("*", "a.b"), ("*", "."), ("a*c", "a.c"), ("*.*", "a.b.c"), ("**.example.com", ".example.com"),
            ("**.example.com", "example.com"), ("*.example.com", "device．example.com．"),
            // the ends
            ("*.example.com", "device.example.com.evil"), ("*.example.com", "device.example.community"),
            ("device", "devices"), ("device", "mydevice"), ("device", ""), ("a*", "a"), ("*a", "a"), ("a*b", "ab"),
            ("**", ""), ("*", ""), ("**", " "), ("a**a", "aa"), ("a*b*c", "ac"),
            // asterisks, which nobody gets by a wildcard
            ("*.example.com", "*.example.com"), ("**.example.com", "a.*.example.com"), ("**", "a*"), ("*", "＊"),
            // what is another character
            ("*.example.com", "device.ex\u{430}mple.com"), ("*.example.com", "device\u{3002}example.com"),
            ("Muller", "Müller"), ("Example *", "Examples"), ("Example *", "Example"), ("i*", "ıa"), (#"a\\b"#, "ab"),
            ("e*", "éa"),
        ]
    )
    func mismatch(pattern: String, text: String) throws {
        #expect(try !Self.matches(pattern, text))
    }

    @Test("is compared with a thousand characters, and not with more")
    func length() throws {
        for (text, isLongest) in [("a", true), ("é", true), ("aé", false)] {
            let count = PreparedText.maximumLength + (isLongest ? 0 : 1)
            let long = String(repeating: text, count: count)
            #expect(try Self.matches("**", long) == isLongest)
            #expect(try Self.matches("*", long) == isLongest)
        }
        #expect(try !Self.matches("**", String(repeating: "a", count: 5_000_000)))
    }

    @Test("of many wildcards ends with a long text that almost matches", arguments: ["*", "**"])
    func complexity(wildcard: String) throws {
        let pattern = String(repeating: wildcard + "a", count: 500 / (wildcard.count + 1))
        let text = String(repeating: "a", count: PreparedText.maximumLength)
        #expect(try Self.matches(pattern, text))
        #expect(try !Self.matches(pattern, String(text.dropLast()) + "b"))
        #expect(try !Self.matches(String(pattern.dropLast()) + "b", text))
        #expect(try !Self.matches("b" + String(pattern.dropFirst(wildcard.count)), text))
    }

    @Test(
        "that is none is refused with its place",
        arguments: [
            ("", 0), ("***", 2), ("a***", 3), ("a****b", 3), ("*a***", 4), (#"\"#, 0), (#"a\b"#, 1), (#"a\"#, 1),
            (#"\*\"#, 2), (#"**\*\x"#, 4), ("a\nb", 1), ("a\0", 1), ("ab\u{202e}", 2), ("a。b", 1), ("a．b", 1),
            ("\u{e000}", 0), (" ", 0), ("    ", 0), (String(repeating: "a", count: 501), 500),
        ]
    )
    func syntax(text: String, offset: Int) {
        let error = #expect(throws: PolicySyntaxError.self) { try NamePattern(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
        #expect(error?.reason.isEmpty == false)
    }

    @Test("of five hundred characters is one")
    func longest() throws {
        #expect(try Self.matches(String(repeating: "a", count: 500), String(repeating: "A", count: 500)))
    }
}
