import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What extensions say, in words.
@Suite struct ReadableExtensionTests {
    private static func readable(_ identifier: ASN1ObjectIdentifier, _ hex: String) -> ReadableExtension {
        ReadableExtension(CertificateExtension(identifier, value: [UInt8](hex: hex)))
    }

    private static let known: [(ASN1ObjectIdentifier, name: String, hex: String, values: [String])] = [
        ([2, 5, 29, 14], "subject key id", "0403 0a0b0c", ["0a0b0c"]),
        ([2, 5, 29, 15], "key usage", "0302 05a0", ["digitalSignature", "keyEncipherment"]),
        ([2, 5, 29, 15], "key usage", "0303 06 00c0", ["decipherOnly", "bit 9"]),
        ([2, 5, 29, 15], "key usage", "0301 00", ["empty"]),
        ([2, 5, 29, 15], "key usage", "0500", ["not readable: #0500"]),
        ([2, 5, 29, 17], "alternative names", "3008 8201 61 8703 010203", ["DNS:a", "IP:#010203"]),
        ([2, 5, 29, 17], "alternative names", "3006 8704 c0000207", ["IP:192.0.2.7"]),
        ([2, 5, 29, 17], "alternative names", "3003 8201 ff", ["DNS:#ff"]),
        ([2, 5, 29, 17], "alternative names", "3004 8302 aabb", ["[3] #aabb"]),
        ([2, 5, 29, 17], "alternative names", "3004 8802 8837", ["registered ID:2.999"]),
        ([2, 5, 29, 17], "alternative names", "3003 8801 80", ["registered ID:#80"]),
        ([2, 5, 29, 17], "alternative names", "3004 a402 3000", ["directory name:(empty)"]),
        ([2, 5, 29, 17], "alternative names", "3002 a400", ["[4] #a400"]),
        ([2, 5, 29, 17], "alternative names", "3002 a000", ["[0] #a000"]),
        ([2, 5, 29, 17], "alternative names", "3000", ["empty"]),
        ([2, 5, 29, 17], "alternative names", "3003 8205 61", ["not readable: #3003820561"]),
        ([2, 5, 29, 19], "basic constraints", "3000", ["not a CA"]),
        ([2, 5, 29, 19], "basic constraints", "3003 0101ff", ["CA"]),
        ([2, 5, 29, 19], "basic constraints", "3006 0101ff 020103", ["CA", "path length 3"]),
        ([2, 5, 29, 19], "basic constraints", "3003 0c0161", ["not readable: #30030c0161"]),
        (
            [2, 5, 29, 31], "CRL", "3019 3010 a00e a00c 860a 687474703a2f2f612f62 3005 a203 820161",
            ["URI:http://a/b", "a point without a name of its own"]
        ),
        ([2, 5, 29, 32], "policies", "300e 3006 0604 551d2000 3004 0602 2a03", ["anyPolicy", "1.2.3"]),
        ([2, 5, 29, 35], "authority key id", "3004 8002 0a0b", ["0a0b"]),
        ([2, 5, 29, 35], "authority key id", "300b 8001 0a a103 820161 8201 05", ["0a", "DNS:a", "serial number 05"]),
        ([2, 5, 29, 35], "authority key id", "3000", ["empty"]),
        ([2, 5, 29, 35], "authority key id", "3003 8501 0a", ["not readable: #300385010a"]),
        ([2, 5, 29, 37], "extended key usage", "300e 06082b06010505070302 0602 2a03", ["clientAuth", "1.2.3"]),
        (
            [1, 3, 6, 1, 5, 5, 7, 1, 1], "authority info", "3019 3017 06082b06010505073001 860b 687474703a2f2f6f637370",
            ["OCSP URI:http://ocsp"]
        ),
        ([1, 3, 6, 1, 5, 5, 7, 1, 24], "TLS feature", "3006 020105 020107", ["status_request", "7"]),
        ([1, 2, 840, 113549, 1, 9, 15], "S/MIME capabilities", "300c 300a 06082a864886f70d0307", ["3DES-CBC"]),
        ([1, 3, 6, 1, 4, 1, 311, 20, 2], "template name", "1e08 0055007300650072", ["User"]),
        ([1, 3, 6, 1, 4, 1, 311, 20, 2], "template name", "0c04 55736572", ["User"]),
        ([1, 3, 6, 1, 4, 1, 311, 20, 2], "template name", "1e01 00", ["not readable: #1e0100"]),
        ([1, 3, 6, 1, 4, 1, 311, 21, 7], "template", "3007 0602 2a03 020164", ["1.2.3", "version 100"]),
        ([1, 3, 6, 1, 4, 1, 311, 21, 7], "template", "300a 0602 2a03 020164 020105", ["1.2.3", "version 100.5"]),
        ([1, 3, 6, 1, 4, 1, 311, 21, 7], "template", "3004 0602 2a03", ["1.2.3"]),
        ([1, 3, 6, 1, 4, 1, 311, 21, 10], "application policies", "300c 300a 06082b06010505070302", ["clientAuth"]),
        (
            [1, 3, 6, 1, 4, 1, 311, 25, 2], "SID", "301b a019 060a2b060104018237190201 a00b 0409 532d312d352d32312d",
            ["SID:S-1-5-21-"]
        ),
        ([2, 5, 29, 30], "name constraints", "3000", ["#3000"]),
        ([1, 2, 3, 4], "1.2.3.4", "", ["#"]),
    ]

    @Test(arguments: known.indices)
    func `by its kind`(_ index: Int) {
        let (identifier, name, hex, values) = Self.known[index]
        let readable = Self.readable(identifier, hex)
        #expect(readable.name == name)
        #expect(readable.identifier == identifier.dotted)
        #expect(readable.values == values)
    }

    @Test func `long ones are shortened`() throws {
        let bytes = Self.readable([1, 2, 3], String(repeating: "ab", count: 65)).values
        #expect(bytes == ["#\(String(repeating: "ab", count: 64))… (65 bytes)"])
        let names = AlternativeName.certificateExtension([AlternativeName](repeating: .dns("a"), count: 150))
        let values = ReadableExtension(names).values
        #expect(values.count == 101)
        #expect(values.last == "… and 50 more")
        let long = AlternativeName.certificateExtension([.uri("http:" + String(repeating: "x", count: 2000))])
        #expect(ReadableExtension(long).values.first?.unicodeScalars.count == 1005)
    }

    @Test func `every mutation is read or said to be unreadable`() {
        for (identifier, _, hex, _) in Self.known {
            let bytes = [UInt8](hex: hex)
            for count in bytes.indices {
                _ = ReadableExtension(CertificateExtension(identifier, value: Array(bytes.prefix(count))))
            }
            for position in bytes.indices {
                let read = (UInt8.min ... .max).map { byte in
                    var changed = bytes
                    changed[position] = byte
                    return ReadableExtension(CertificateExtension(identifier, value: changed)).values
                }
                #expect(read.allSatisfy { !$0.isEmpty }, "\(identifier), byte \(position)")
            }
        }
    }

    @Test func `a list of extensions is read one by one`() {
        let encoded = [UInt8](hex: "3012 3009 0603551d13 04023000 3003 020105 3000")
        let list = ReadableExtension.list(encoded, upTo: 10)
        #expect(list.map(\.values) == [["not a CA"], ["not readable: #3003020105"], ["not readable: #3000"]])
        #expect(ReadableExtension.list(encoded, upTo: 2) == Array(list.prefix(2)))
        #expect(ReadableExtension.list([0x05, 0x00], upTo: 10).map(\.values) == [["not readable: #0500"]])
    }
}
