import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// The walk that runs before the real parser: it has to find the end of what is whole and refuse the rest cheaply.
@Suite struct BERBoundsTests {
    @Test(arguments: [
        ("an empty SEQUENCE", "30 00", 2),
        ("a primitive element", "04 03 01 02 03", 5),
        ("bytes behind the element", "05 00 ff ff ff", 2),
        ("zeros behind the element", "05 00 00 00", 2),
        ("an indefinite length", "30 80 05 00 00 00", 6),
        ("an indefinite length with nothing in it", "30 80 00 00", 4),
        ("indefinite in indefinite", "a0 80 30 80 05 00 00 00 00 00", 10),
        ("definite in indefinite", "30 80 30 02 05 00 00 00", 8),
        ("indefinite in definite", "30 06 30 80 05 00 00 00", 8),
        ("an empty SEQUENCE at the end of another", "30 04 05 00 30 00", 6),
        ("two levels that end together", "30 06 30 04 30 02 05 00", 8),
        ("a tag of two bytes", "9f 1f 01 aa", 4),
        ("a tag of five bytes", "9f 8f 8f 8f 0f 01 aa", 7),
        ("a length of more bytes than needed", "04 84 00 00 00 01 aa", 7),
        ("a length with many zeros in front", "04 8a 00 00 00 00 00 00 00 00 00 01 aa", 13),
    ])
    func `what is whole is measured`(what: String, hex: String, length: Int) throws {
        #expect(try BERBounds.lengthOfFirstElement(in: [UInt8](hex: hex)[...]) == length)
    }

    @Test(arguments: [
        ("nothing", ""),
        ("a tag alone", "30"),
        ("a long tag that does not end", "9f 8f"),
        ("a tag of six bytes", "9f 8f 8f 8f 8f 0f 01 aa"),
        ("a length that does not end", "04 82 01"),
        ("content that does not end", "04 03 01 02"),
        ("an indefinite length that does not end", "30 80 05 00"),
        ("half an end-of-contents", "30 80 05 00 00"),
        ("an inner element longer than the outer", "30 02 04 01 ff"),
        ("a header cut by the outer element's end", "30 01 05 00"),
        ("an indefinite element cut by the outer element's end", "30 04 30 80 05 00 00 00"),
        ("end-of-contents alone", "00 00"),
        ("end-of-contents in a definite element", "30 02 00 00"),
        ("end-of-contents in a definite element in an indefinite one", "30 80 30 04 05 00 00 00 00 00"),
        ("a primitive element of indefinite length", "04 80 01 00 00"),
        ("a length of 2^40", "04 86 01 00 00 00 00 00 aa"),
        ("a length of 2^63", "04 88 80 00 00 00 00 00 00 00 aa"),
        ("a length of 2^64 and more", "04 89 ff ff ff ff ff ff ff ff ff aa"),
        ("a length of 127 bytes", "04 ff" + String(repeating: "ff", count: 127)),
    ])
    func `what is not whole is malformed`(what: String, hex: String) throws {
        let error = #expect(throws: CMSError.self) {
            try BERBounds.lengthOfFirstElement(in: [UInt8](hex: hex)[...])
        }
        #expect(error?.code == .malformed)
    }

    /// Indices of a slice do not start at zero; the result counts from its start all the same.
    @Test func `a slice is measured from its start`() throws {
        let bytes = [UInt8](hex: "ff ff ff 30 80 30 02 05 00 00 00 ff")
        #expect(try BERBounds.lengthOfFirstElement(in: bytes[3...]) == 8)
    }

    @Test(arguments: [ASN1Tree.Form.definite, .indefinite])
    func `every truncation is malformed`(form: ASN1Tree.Form) throws {
        let bytes = try Examples.signed().encoded { $0.count < 4 ? form : .definite }
        #expect(try BERBounds.lengthOfFirstElement(in: bytes[...]) == bytes.count)
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) {
                try BERBounds.lengthOfFirstElement(in: bytes.prefix(count))
            }
            #expect(error?.code == .malformed, "cut after \(count) bytes")
        }
    }
}
