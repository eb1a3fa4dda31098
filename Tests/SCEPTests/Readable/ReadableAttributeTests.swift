import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What the attributes of requests say, in words.
@Suite struct ReadableAttributeTests {
    private static let known: [(ASN1ObjectIdentifier, name: String, values: [String], texts: [String])] = [
        (.PKCS.challengePassword, "challengePassword", ["1303 616263"], ["present, not shown"]),
        (.PKCS.challengePassword, "challengePassword", [], ["present, not shown"]),
        (.PKCS.challengePassword, "challengePassword", ["0403 616263", "616263"], ["present, not shown"]),
        (.PKCS.extensionRequest, "extensionRequest", ["3000"], ["see extensions"]),
        (.PKCS.microsoftExtensionRequest, "Microsoft extensionRequest", ["3000"], ["see extensions"]),
        ([1, 2, 840, 113549, 1, 9, 2], "unstructuredName", ["1303 616263", "0c01 78"], ["abc", "x"]),
        ([1, 2, 840, 113549, 1, 9, 2], "unstructuredName", ["0500"], ["not readable: #0500"]),
        ([1, 2, 840, 113549, 1, 9, 8], "unstructuredAddress", ["1603 312e32"], ["1.2"]),
        ([1, 3, 6, 1, 4, 1, 311, 13, 2, 3], "Microsoft OS version", ["1606 362e312e3736"], ["6.1.76"]),
        (
            [1, 3, 6, 1, 4, 1, 311, 13, 2, 2], "Microsoft key provider", ["300d 020101 1e04 00430053 0302 0000"], ["CS"]
        ),
        (
            [1, 3, 6, 1, 4, 1, 311, 21, 20], "Microsoft client", ["300f 020109 0c02 5043 0c01 75 0c03 612e62"],
            ["machine PC, user u, process a.b"]
        ),
        ([1, 3, 6, 1, 4, 1, 311, 21, 20], "Microsoft client", ["3003 020109"], ["not readable: #3003020109"]),
        ([1, 3, 6, 1, 4, 1, 311, 13, 2, 1], "Microsoft name and value", ["3008 1e02 0061 1e02 0062"], ["a: b"]),
        (
            [1, 3, 6, 1, 4, 1, 311, 13, 2, 1], "Microsoft name and value",
            ["3018 1e12 004300680061006c006c0065006e00670065 1e02 0062"], ["Challenge: present, not shown"]
        ),
        ([1, 2, 3, 4], "1.2.3.4", ["0c0161", "0500"], ["#0c0161", "#0500"]),
        ([1, 2, 3, 4], "1.2.3.4", [], ["empty"]),
        ([2, 5, 4, 3], "CN", ["0c0161"], ["#0c0161"]),
    ]

    @Test(arguments: known.indices)
    func `by its kind`(_ index: Int) {
        let (type, name, values, texts) = Self.known[index]
        let readable = ReadableAttribute(Attribute(type, values: values.map { [UInt8](hex: $0) }))
        #expect(readable.name == name)
        #expect(readable.identifier == type.dotted)
        #expect(readable.values == texts)
    }

    @Test func `every mutation is read or said to be unreadable`() {
        for (type, _, values, _) in Self.known {
            for bytes in values.map({ [UInt8](hex: $0) }) {
                for position in bytes.indices {
                    _ = ReadableAttribute(Attribute(type, values: [Array(bytes.prefix(position))]))
                    let read = (UInt8.min ... .max).map { byte in
                        var changed = bytes
                        changed[position] = byte
                        return ReadableAttribute(Attribute(type, values: [changed])).values
                    }
                    #expect(read.allSatisfy { !$0.isEmpty }, "\(type), byte \(position)")
                }
            }
        }
    }

    @Test(.enabled(if: VectorFiles.areHere))
    func `of a request by Internet Explorer`() throws {
        let request = try CertificationRequest(encoded: try VectorFiles.bytes("csr/iep10.der"))
        let readable = request.attributes.map(ReadableAttribute.init)
        #expect(
            readable.map(\.name) == ["Microsoft OS version", "Microsoft extensionRequest", "Microsoft key provider"])
        #expect(readable.map(\.values).first == ["5.0.2195.2"])
        #expect(readable.last?.values == ["Microsoft Enhanced Cryptographic Provider v1.0"])
        let usage = ReadableExtension(try #require(try request.requestedExtensions.first))
        #expect(usage.isCritical)
        #expect(usage.values == ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"])
    }
}
