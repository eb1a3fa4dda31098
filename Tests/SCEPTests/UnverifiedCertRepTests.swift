import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import SCEP

/// What an answer says that it is, whoever has written it.
@Suite struct UnverifiedCertRepTests {
    private static func answer(_ attributes: [Attribute]) throws -> [UInt8] {
        let server = try Exchange.server.get()
        return try SignedData.sign(
            [],
            attributes: attributes,
            key: server.key,
            signer: server.certificate.identifier,
            digest: .sha256,
            certificates: []
        ).derEncoded()
    }

    private static func attributes(_ status: String, failInfo: String? = nil) -> [Attribute] {
        [.printable(.SCEP.messageType, "3".utf8), .printable(.SCEP.pkiStatus, status.utf8)]
            + (failInfo.map { [.printable(.SCEP.failInfo, $0.utf8)] } ?? [])
    }

    @Test(arguments: [
        ("0", nil, PKIStatus.success, nil), ("3", nil, .pending, nil), ("2", "2", .failure, FailInfo.badRequest),
        ("2", "0", .failure, .badAlg), ("0", "2", .success, nil),
    ])
    func `status and failInfo are read`(status: String, failInfo: String?, read: PKIStatus, cause: FailInfo?) throws {
        let claim = try UnverifiedCertRep(berEncoded: try Self.answer(Self.attributes(status, failInfo: failInfo)))
        #expect(claim.status == read)
        #expect(claim.failInfo == cause)
    }

    @Test(arguments: [
        Self.attributes("1"), Self.attributes("00"), Self.attributes("x"), Self.attributes("2"),
        Self.attributes("2", failInfo: "9"), [.printable(.SCEP.pkiStatus, "0".utf8)],
        [.printable(.SCEP.messageType, "19".utf8), .printable(.SCEP.pkiStatus, "0".utf8)],
    ])
    func `what is no CertRep is a mismatch`(attributes: [Attribute]) throws {
        let answer = try Self.answer(attributes)
        let error = #expect(throws: SCEPError.self) { try UnverifiedCertRep(berEncoded: answer) }
        #expect(error?.code == .mismatch)
    }

    @Test func `cut or damaged anywhere it throws or is read, and never traps`() throws {
        let bytes = try Self.answer(Self.attributes("2", failInfo: "2"))
        for count in 0..<bytes.count {
            #expect(throws: SCEPError.self) { try UnverifiedCertRep(berEncoded: Array(bytes.prefix(count))) }
        }
        for position in bytes.indices {
            for value in [0, 0x7f, 0x80, 0xff, bytes[position] ^ 1, bytes[position] ^ 0x20] as [UInt8] {
                var changed = bytes
                changed[position] = value
                _ = try? UnverifiedCertRep(berEncoded: changed)
            }
        }
    }
}
