import Foundation
import Testing

@testable import Server

@Suite("A value in the log")
struct LogTextTests {
    @Test("is as it is where nothing can be misread", arguments: ["a", "CN:x", "10.0.0.1", "kE/9+Z-_.~", "!#$%&'()*"])
    func plain(value: String) {
        #expect(LineLogHandler.quoted(value) == value)
    }

    @Test(
        "is quoted where it could be",
        arguments: [
            ("", #""""#), (" ", #"" ""#), ("a b", #""a b""#), ("CN=a", #""CN=a""#), (#"a"b"#, #""a\"b""#),
            (#"a\b"#, #""a\\b""#), ("a\nb", #""a\nb""#), ("Gerät", #""Gerät""#),
        ]
    )
    func quoted(value: String, quoted: String) {
        #expect(LineLogHandler.quoted(value) == quoted)
    }

    /// What a stranger could put into a subject or a transactionID.
    static let hostile: [(String, String)] = [
        ("line feed", "a\n2026-01-01 NOTICE SCEP outcome=issued"),
        ("carriage return", "a\rb"),
        ("both", "a\r\nb"),
        ("NUL", "a\u{0}b"),
        ("ANSI colour", "a\u{1b}[31mred\u{1b}[0m"),
        ("CSI of one character", "a\u{9b}31m"),
        ("bell and backspace", "a\u{7}\u{8}"),
        ("DEL", "a\u{7f}"),
        ("right-to-left override", "a\u{202e}cba"),
        ("isolates", "\u{2066}a\u{2069}"),
        ("zero width", "a\u{200b}b\u{feff}"),
        ("line and paragraph separators", "a\u{2028}b\u{2029}c"),
        ("next line", "a\u{85}b"),
        ("soft hyphen", "a\u{ad}b"),
        ("tag characters", "a\u{e0041}"),
        ("private use", "a\u{e000}\u{10ffff}"),
        ("noncharacter", "a\u{fffe}"),
        ("replacement of invalid UTF-8", String(decoding: [0x61, 0xff, 0xfe] as [UInt8], as: UTF8.self)),
        ("quotes and fields", #"" outcome="issued" x=""#),
        ("backslashes", #"\\\" \n"#),
    ]

    @Test("cannot end its line, colour a terminal or hide", arguments: hostile.indices)
    func hostileValues(_ index: Int) throws {
        let value = Self.hostile[index].1
        for written in [LineLogHandler.quoted(value), LineLogHandler.json(value)] {
            #expect(written.hasPrefix("\"") && written.hasSuffix("\""))
            for scalar in written.unicodeScalars {
                let category = scalar.properties.generalCategory
                #expect(
                    ![.control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned].contains(
                        category)
                )
            }
            let parsed = try JSONSerialization.jsonObject(with: Data("[\(written)]".utf8)) as? [String]
            #expect(parsed.map { Array(($0.first ?? "").utf8) } == Array(value.utf8))
        }
    }
}
