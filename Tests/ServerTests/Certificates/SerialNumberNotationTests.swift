import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("A serial number as people write it")
struct SerialNumberNotationTests {
    static let table: [(text: String, octets: [UInt8]?)] = [
        ("3fa0", [0x3f, 0xa0]), ("3F:A0", [0x3f, 0xa0]), ("3f a0", [0x3f, 0xa0]), ("0x3FA0", [0x3f, 0xa0]),
        ("0X3fa0", [0x3f, 0xa0]), ("3:f:a:0", [0x3f, 0xa0]), (" 3fa0 ", [0x3f, 0xa0]), ("fa0", [0x0f, 0xa0]),
        ("03fa0", [0x3f, 0xa0]), ("00003fa0", [0x3f, 0xa0]), ("0", [0]), ("00", [0]), ("0x0", [0]), ("7f", [0x7f]),
        ("80", [0, 0x80]), ("0080", [0, 0x80]), ("00:80", [0, 0x80]), ("FF:FF", [0, 0xff, 0xff]), ("1", [1]),
        (String(repeating: "01", count: 64), [UInt8](repeating: 1, count: 64)), ("", nil), (" ", nil), (":", nil),
        ("0x", nil), ("0x0x1", nil), ("x1", nil), ("-1", nil), ("+1", nil), ("3g", nil), ("3fa0h", nil), ("12.5", nil),
        ("3fa0\n", nil), ("3fa0\u{0}", nil), ("３ｆ", nil), ("٣", nil), ("é", nil),
        ("1'; DROP TABLE certificate; --", nil),
        (String(repeating: "01", count: 64) + "1", nil), (String(repeating: "f", count: 1_000_000), nil), ("..", nil),
        ("%33", nil),
    ]

    @Test("is its octets, or refused with its text", arguments: Self.table.indices)
    func notation(row: Int) {
        let (text, octets) = Self.table[row]
        do throws(AdministrationError) {
            let read = try Administration.serialNumber(text)
            #expect(read == octets, "\(text)")
        } catch {
            #expect(octets == nil, "\(text.prefix(40))")
            #expect(error.description.contains("no serial number"))
        }
    }

    @Test("finds its certificate in each of them")
    func lookUp() async throws {
        try await LiveInstallation.run { live in
            let certificate = try await live.issue()
            let plain = certificate.serialNumber.filter(\.isHexDigit)
            for text in [plain, plain.uppercased(), "0x" + plain, "00" + plain, certificate.serialNumber, " " + plain] {
                let found = try await live.administration.certificate(text)
                #expect(found.encoded == certificate.certificate)
                #expect(found.chain == certificate.chain)
            }
            for text in [plain + "0", "nonsense", ""] {
                let sentence = await refusal { try await live.administration.certificate(text) }
                #expect(sentence.contains("serial number"), "\(sentence)")
            }
        }
    }
}
