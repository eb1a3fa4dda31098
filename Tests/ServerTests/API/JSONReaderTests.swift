import Foundation
import TestSupport
import Testing

@testable import AdministrationAPI
@testable import Server

@Suite("JSON")
struct JSONReaderTests {
    private static func read(_ text: String) throws(JSONError) -> JSONValue {
        try JSONValue(json: Array(text.utf8))
    }

    static let values: [(text: String, value: JSONValue)] = [
        ("null", .null), (" true\n", .bool(true)), ("\t\rfalse", .bool(false)), ("0", .integer(0)), ("-0", .integer(0)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .number(1)), ("1e2", .number(100)),
        ("-1.5E-3", .number(-0.0015)), ("1E+2", .number(100)), ("1e-400", .number(0)), ("\"\"", ""), ("[]", []),
        ("{}", [:]), ("[ 1 , [2] ]", [1, [2]]), ("{\"b\":1,\"a\":{\"c\":null}}", ["b": 1, "a": ["c": .null]]),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\ude48""#, "🙈"), (#""\u0000""#, "\u{0}"), ("\"é🙈\u{7f}\u{2028}\"", "é🙈\u{7f}\u{2028}"),
    ]

    @Test("is read as RFC 8259 has it", arguments: values.indices)
    func reads(index: Int) throws {
        #expect(try Self.read(Self.values[index].text) == Self.values[index].value)
    }

    @Test("keeps the order of members")
    func order() throws {
        let text = #"{"zebra":1,"ape":{"y":1,"x":2},"Ä":[],"a":null}"#
        #expect(try Self.read(text).compactText == text)
    }

    static let refused: [(text: String, offset: Int)] = [
        ("", 0), (" ", 1), ("{", 1), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
        ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{1:1}", 1),
        ("{\"a\":1,\"a\":2}", 7), ("{\"\\u0061\":1,\"a\":2}", 12), ("[{\"x\":{\"b\":1,\"b\":1}}]", 13),
        ("1 2", 2), ("{}{}", 2), ("nul", 0), ("nulll", 4), ("True", 0), ("'a'", 0), ("NaN", 0), ("Infinity", 0),
        ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1e", 2), ("1e+", 3), ("--1", 1), ("0x10", 1),
        ("1e400", 0), ("-1e400", 0), ("\"", 0), ("\"a", 0), ("\"\n\"", 1), ("\"\u{0}\"", 1), ("\"\\x\"", 2),
        ("\"\\", 2),
        ("\"\\u12\"", 2), ("\"\\u+123\"", 2), ("\"\\ud800\"", 2), ("\"\\ud800x\"", 2), ("\"\\udc00\"", 2),
        ("\"\\ud800\\u0041\"", 2), ("\u{feff}1", 0), ("/* */1", 0), ("1//", 1),
    ]

    @Test("that is none is refused, and where it goes wrong is said", arguments: refused.indices)
    func refuses(index: Int) throws {
        let (text, offset) = Self.refused[index]
        let error = try #require(throws: JSONError.self) { try Self.read(text) }
        #expect(error.offset == offset, "\(error)")
    }

    @Test(
        "has texts of UTF-8 only",
        arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])
    func encoding(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(json: [0x22] + bytes + [0x22]) }
    }

    @Test("ends at a depth that nobody needs", arguments: ["[", "{\"a\":"])
    func depth(opening: String) throws {
        func nested(_ count: Int) -> String {
            String(repeating: opening, count: count) + "1"
                + String(repeating: opening == "[" ? "]" : "}", count: count)
        }
        #expect(throws: Never.self) { try Self.read(nested(JSONReader.maximumDepth - 1)) }
        for count in [JSONReader.maximumDepth, 100_000] {
            #expect(throws: JSONError.self) { try Self.read(nested(count)) }
            #expect(throws: JSONError.self) { try Self.read(String(repeating: opening, count: count)) }
        }
    }

    @Test("comes back as it was written, whatever is in it")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 8259)
        for _ in 0..<500 {
            let value = Self.randomValue(depth: 0, using: &random)
            #expect(try Self.read(value.compactText) == value)
            #expect(try Self.read(value.prettyText) == value)
        }
    }

    private static func randomValue(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        func text() -> String {
            let scalars = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7f : 0x10_ffff), using: &random))
            }
            return String(String.UnicodeScalarView(scalars))
        }
        switch Int.random(in: 0...(depth > 4 ? 4 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .number(Double.random(in: -1e9...1e9, using: &random) + 0.5)
        case 4: return .string(text())
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    Self.randomValue(depth: depth + 1, using: &random)
                })
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map {
                ("\($0)" + text(), Self.randomValue(depth: depth + 1, using: &random))
            }
            return .object(JSONObject(members))
        }
    }

    @Test("that is damaged never stops the program")
    func damaged() throws {
        var random = SeededGenerator(seed: 8259)
        let original = Array(#"{"a":[1,-2.5e3,"é\ud83d\ude48",{"b":null,"c":true}],"d":"\u0041","e":false}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(original[Int.random(in: original.indices, using: &random)], at: index)
                default: bytes.remove(at: index)
                }
            }
            guard let value = try? JSONValue(json: bytes) else { continue }
            #expect(try Self.read(value.compactText) == value)
        }
    }
}
