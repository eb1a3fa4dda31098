import CryptographicMessageSyntax
import Testing

import struct Foundation.Data

@testable import SCEP

/// What clients really send, from the raw query.
@Suite struct OperationTests {
    /// Base64 of it has `+`, `/` and padding.
    static let message: [UInt8] = [0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff, 0x30, 0x82]
    static let base64 = "++++////MII="

    @Test func `the example is base64`() {
        #expect(Data(Self.message).base64EncodedString() == Self.base64)
    }

    @Test(arguments: [
        ("as RFC 8894 has it", "%2B%2B%2B%2B%2F%2F%2F%2FMII%3D"),
        ("lower-case escapes", "%2b%2b%2b%2b%2f%2f%2f%2fMII%3d"),
        ("nothing escaped", "++++////MII="),
        ("only = escaped, as macOS does", "++++////MII%3D"),
        ("spaces for plus", "    ////MII="),
        ("escaped spaces for plus", "%20%20%20%20////MII%3D"),
        ("lines folded with LF, as sscep does", "++++%0A////%0AMII%3D%0A"),
        ("lines folded with CRLF", "++++%0D%0A////MII%3D%0D%0A"),
        ("a tab", "++++%09////MII%3D"),
        ("the URL-safe alphabet", "----____MII="),
        ("the URL-safe alphabet without padding", "----____MII"),
        ("both alphabets", "-+-+_/_/MII="),
        ("escaped twice", "%252B%252B%252B%252B%252F%252F%252F%252FMII%253D"),
        ("escaped twice, folded", "%252B%252B%252B%252B%252F%252F%252F%252FMII%253D%250A"),
    ])
    func `base64 is read as clients escape it`(what: String, message: String) throws {
        for query in ["operation=PKIOperation&message=\(message)", "message=\(message)&operation=PKIOperation"] {
            #expect(try Operation(query: query, body: nil) == .pkiOperation(Self.message))
        }
    }

    @Test(arguments: [
        "operation=PKIOperation", "operation=PKIOperation&message=", "operation=PKIOperation&message",
        "operation=PKIOperation&message=A", "operation=PKIOperation&message=MII*",
        "operation=PKIOperation&message=MII=MII=", "operation=PKIOperation&message=%FF%FE",
        "operation=PKIOperation&message=MII%", "operation=PKIOperation&message=MII%3",
        "operation=PKIOperation&message=MII%zz",
    ])
    func `a message that is not base64 is an encoding error`(query: String) {
        let error = #expect(throws: SCEPError.self) { try Operation(query: query, body: nil) }
        #expect(error?.code == .encoding)
    }

    @Test(arguments: [
        ("operation=GetCACaps", Operation.getCACaps(message: nil)),
        ("operation=GetCACaps&message=", .getCACaps(message: "")),
        ("operation=GetCACaps&message=CAIdentifier", .getCACaps(message: "CAIdentifier")),
        ("operation=GetCACaps&message=my%20ca", .getCACaps(message: "my ca")),
        ("message=0&operation=GetCACert", .getCACert(message: "0")),
        ("operation=GetCACert&message=a=b", .getCACert(message: "a=b")),
        ("operation=GetCACert&message=100%", .getCACert(message: "100%")),
        ("operation=GetNextCACert&message=x", .getNextCACert(message: "x")),
        ("operation=getcacaps", .getCACaps(message: nil)),
        ("OPERATION=GETCACERT", .getCACert(message: nil)),
        ("operation=Get%43ACaps", .getCACaps(message: nil)),
        ("&&operation=GetCACaps&&other=1&", .getCACaps(message: nil)),
        ("operation=GetCACaps&operation=GetCACert", .getCACaps(message: nil)),
        ("operation=GetCACaps&message=a&message=b", .getCACaps(message: "a")),
    ])
    func `the other operations keep their message`(query: String, operation: Operation) throws {
        #expect(try Operation(query: query, body: nil) == operation)
    }

    @Test(arguments: ["operation=PKIOperation", "operation=pkioperation", "", "message=ignored", "profile=1"])
    func `a POST is a PKIOperation unless it says otherwise`(query: String) throws {
        #expect(try Operation(query: query, body: [1, 2]) == .pkiOperation([1, 2]))
        #expect(try Operation(query: query, body: []) == .pkiOperation([]))
    }

    @Test func `a POST can ask for something else`() throws {
        #expect(try Operation(query: "operation=GetCACaps", body: []) == .getCACaps(message: nil))
    }

    @Test(arguments: ["", "message=MII", "operation", "operation=", "operation=GetCRL", "operation=GetCACaps%00", "%"])
    func `a GET without a known operation is refused`(query: String) {
        let error = #expect(throws: SCEPError.self) { try Operation(query: query, body: nil) }
        #expect(error?.code == .operation)
    }

    @Test func `a POST with an unknown operation is refused`() {
        let error = #expect(throws: SCEPError.self) { try Operation(query: "operation=Enrol", body: [1]) }
        #expect(error?.code == .operation)
    }

    @Test(
        arguments: [
            ("", [UInt8]()), ("QQ", [0x41]), ("QQ==", [0x41]), ("QQ=", [0x41]), ("QUI", [0x41, 0x42]),
            ("QUI=", [0x41, 0x42]),
            ("QUJD", [0x41, 0x42, 0x43]), ("QU\r\nJD\n", [0x41, 0x42, 0x43]), ("QQ==\r\n", [0x41]), ("====", []),
            ("-_+/", [0xfb, 0xff, 0xbf]), ("A", nil), ("QUJDQ", nil), ("QQ==QQ==", nil), ("Q Q", [0x43, 0xe4]),
            ("Q!", nil), ("Q\u{0}", nil), ("Qé", nil),
        ] as [(String, [UInt8]?)])
    func `base64 is decoded or refused`(text: String, bytes: [UInt8]?) {
        #expect(Base64.decode(text.utf8) == bytes)
    }

    @Test func `every length comes back`() {
        var bytes: [UInt8] = []
        for length in 0..<200 {
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.decode(text.utf8) == bytes)
            #expect(Base64.decode(text.replacing("=", with: "").utf8) == bytes)
            bytes.append(UInt8(truncatingIfNeeded: length &* 37))
        }
    }
}
