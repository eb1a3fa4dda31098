import Foundation
import Testing

@testable import CertificateAuthority

@Suite("A text that is compared with patterns")
struct UnambiguousTextTests {
    @Test(
        "may be what people can read",
        arguments: [
            "", " ", "device-17.example.com", "~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}", "Müller & Söhne", "株式会社", "㈱",
            "Ελλάς", "مثال", "e\u{301}", "😀", "a\u{a0}b", "l·l",
        ]
    )
    func readable(text: String) {
        #expect(UnambiguousText.isUnambiguous(text))
    }

    @Test(
        "has nothing that cannot be seen or is taken for something else",
        arguments: [
            // controls
            "\0", "\t", "\n", "\r", "\u{1b}", "\u{7f}", "\u{85}", "\u{9f}",
            // format characters, directions among them, and ends of lines
            "\u{ad}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{202a}", "\u{202e}", "\u{2060}",
            "\u{2066}", "\u{2069}", "\u{feff}", "\u{061c}", "\u{2028}", "\u{2029}", "\u{e0041}",
            // what is drawn as nothing
            "\u{34f}", "\u{115f}", "\u{17b4}", "\u{180b}", "\u{2800}", "\u{3164}", "\u{fe0f}", "\u{ffa0}", "\u{e0100}",
            // private, unassigned and replaced
            "\u{e000}", "\u{f8ff}", "\u{10fffd}", "\u{0378}", "\u{fffe}", "\u{fffc}", "\u{fffd}",
            // dots, at signs and asterisks that are none
            "。", "｡", "．", "․", "‥", "…", "⒈", "㏂", "︒", "﹒", "۔", "ꓸ", "🄀", "＠", "﹫", "＊", "﹡",
        ]
    )
    func unreadable(text: String) {
        #expect(!UnambiguousText.isUnambiguous(text))
        #expect(!UnambiguousText.isUnambiguous("a.example" + text))
        #expect(!UnambiguousText.isUnambiguous(text + "a.example"))
    }

    @Test("has no more accents than can be read")
    func marks() {
        let marks = String(repeating: "\u{301}\u{316}", count: 15)
        #expect(UnambiguousText.isUnambiguous("a" + marks + "b" + marks))
        #expect(!UnambiguousText.isUnambiguous("a" + marks + "\u{301}"))
    }

    @Test("has no character that normalisation makes into a dot, an at sign or an asterisk")
    func normalised() {
        for value in UInt32(0x80)...0x10_ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            guard text.precomposedStringWithCompatibilityMapping.utf8.contains(where: { ".@*".utf8.contains($0) })
            else { continue }
            #expect(!UnambiguousText.isUnambiguous(text), "U+\(String(value, radix: 16))")
        }
    }
}
