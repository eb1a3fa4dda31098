import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// The files that people have.
@Suite struct PEMTests {
    private static let text = PEM("THING", Array(0..<100)).text

    @Test func `what is written is read again, line ends and what is around it aside`() throws {
        for text in [
            Self.text, Self.text.replacing("\n", with: "\r\n"), "subject=x\n\(Self.text)bye", "  \(Self.text)",
        ] {
            #expect(try PEM.blocks(in: text) == [PEM("THING", Array(0..<100))])
        }
        #expect(try PEM.blocks(in: Self.text + Self.text).count == 2)
        #expect(try PEM.blocks(in: "nothing").isEmpty)
    }

    @Test func `lines may be of any length`() throws {
        let long = "-----BEGIN THING-----\n\(Data(0..<100).base64EncodedString())\n-----END THING-----\n"
        #expect(try PEM.blocks(in: long) == [PEM("THING", Array(0..<100))])
    }

    @Test(arguments: [
        "-----BEGIN THING-----\nAAAA\n", "-----BEGIN THING-----\n*\n-----END THING-----",
        "-----BEGIN THING-----\n-----END THING-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    ])
    func `a damaged or protected block is refused`(text: String) {
        let error = #expect(throws: SCEPClientError.self) { try PEM.blocks(in: text) }
        #expect(error?.code == .input)
    }

    @Test func `a file is PEM with the right label, or DER`() throws {
        #expect(try PEM.contents(of: Array(Self.text.utf8), labelled: ["THING"]) == [Array(0..<100)])
        #expect(try PEM.contents(of: [0x30, 0x00], labelled: ["THING"]) == [[0x30, 0x00]])
        let error = #expect(throws: SCEPClientError.self) {
            try PEM.contents(of: Array(Self.text.utf8), labelled: ["CERTIFICATE"])
        }
        #expect(error?.reason.contains("THING") == true)
    }

    @Test func `a key is read as it was written`() throws {
        let key = try Device.key.get()
        #expect(try ClientKey(file: Array(key.pem.utf8)).pkcs8 == key.pkcs8)
        #expect(try ClientKey(file: key.pkcs8).pkcs8 == key.pkcs8)
        let withCertificate = PEM("CERTIFICATE", TestPKI.authority.certificate.encoded).text + key.pem
        #expect(try ClientKey(file: Array(withCertificate.utf8)).pkcs8 == key.pkcs8)
    }

    @Test(arguments: [
        PEM("ENCRYPTED PRIVATE KEY", [0x30, 0x00]), PEM("CERTIFICATE", [0x30, 0x00]), PEM("PRIVATE KEY", [0x30, 0x00]),
    ])
    func `what is no key is refused, and never shown`(block: PEM) {
        let error = #expect(throws: SCEPClientError.self) { try ClientKey(file: Array(block.text.utf8)) }
        #expect(error?.code == .input)
    }
}
