import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// The content of a CertPoll (RFC 8894 §3.3.3).
@Suite struct IssuerAndSubjectTests {
    private static func names() throws -> IssuerAndSubject {
        IssuerAndSubject(issuer: try TestClient.encoded("CN=CA"), subject: try TestClient.encoded("CN=device"))
    }

    private static func encoded(_ names: IssuerAndSubject) -> [UInt8] {
        DERWriter.encode { names.serialize(into: &$0) }
    }

    @Test func `what is written is read again`() throws {
        let names = try Self.names()
        #expect(try IssuerAndSubject(berEncoded: Self.encoded(names)) == names)
    }

    @Test func `the encoding is a SEQUENCE of two Names`() {
        let names = IssuerAndSubject(issuer: [0x30, 0x00], subject: [0x30, 0x00])
        #expect(Self.encoded(names) == [0x30, 0x04, 0x30, 0x00, 0x30, 0x00])
    }

    @Test(
        arguments: [
            [], [0x30, 0x00], [0x30, 0x02, 0x30, 0x00], [0x31, 0x04, 0x30, 0x00, 0x30, 0x00],
            [0x30, 0x04, 0x31, 0x00, 0x30, 0x00], [0x30, 0x05, 0x30, 0x00, 0x02, 0x01, 0x01], [0x30, 0x80, 0x30, 0x00],
        ] as [[UInt8]])
    func `anything else is refused`(bytes: [UInt8]) {
        #expect(throws: CMSError.self) { try IssuerAndSubject(berEncoded: bytes) }
    }

    @Test func `cut at any byte it is refused, with a byte changed it never traps`() throws {
        let bytes = Self.encoded(try Self.names())
        for count in bytes.indices {
            #expect(throws: CMSError.self) { try IssuerAndSubject(berEncoded: Array(bytes.prefix(count))) }
        }
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << UInt8(bit)
                _ = try? IssuerAndSubject(berEncoded: changed)
            }
        }
    }
}
