import Enrollment
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import SCEP

@Suite("A message that is too little for a signed answer")
struct UnanswerableTests {
    /// The error that a message meets before anything can be signed, which becomes an HTTP error.
    static func error(_ message: [UInt8], at authority: TestAuthority) async -> SCEPError.Code? {
        do {
            _ = try await authority.answer(message)
            return nil
        } catch {
            return (error as? SCEPError)?.code
        }
    }

    static let noMessages: [(String, [UInt8])] = [
        ("nothing", []),
        ("one byte", [0x30]),
        ("text", Array("hello".utf8)),
        ("HTML", Array("<!DOCTYPE html><html></html>".utf8)),
        ("zeros", [UInt8](repeating: 0, count: 4096)),
        ("NULL", [0x05, 0x00]),
        ("an empty SEQUENCE", [0x30, 0x00]),
        ("an empty SET", [0x31, 0x00]),
        ("indefinite length without end", [0x30, 0x80]),
        ("a length of four gigabytes", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        ("a length of 127 bytes", [0x30, 0xff] + [UInt8](repeating: 0xff, count: 200)),
        ("a tag without end", [UInt8](repeating: 0xbf, count: 100)),
    ]

    @Test("is no CMS at all", arguments: noMessages)
    func noMessage(_ what: String, message: [UInt8]) async throws {
        try await withAuthority { #expect(await Self.error(message, at: $0) == .notAPKIMessage) }
    }

    @Test("is cut off at any byte")
    func truncated() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: authority.raCertificate)
            for count in 0..<message.count {
                let code = await Self.error(Array(message.prefix(count)), at: authority)
                #expect(code == .notAPKIMessage, "\(count) of \(message.count) bytes")
            }
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
        }
    }

    @Test("nests or spreads without bounds", arguments: DepthBomb.all.indices)
    func depthBomb(_ index: Int) async throws {
        try await withAuthority { #expect(await Self.error(DepthBomb.all[index], at: $0) == .notAPKIMessage) }
    }

    @Test("nests without bounds inside", arguments: DepthBomb.all.indices, [0, 1, 2])
    func depthBombInside(_ index: Int, place: Int) async throws {
        let bomb = DepthBomb.all[index]
        try await withAuthority { authority in
            var forgery = try Forgery(try TestEnrolment(), for: authority.raCertificate)
            switch place {
            case 0: forgery.attributes.append(Attribute([1, 2, 3], values: [bomb]))
            case 1: forgery.attributes.replace(.SCEP.transactionID, by: Attribute(.SCEP.transactionID, values: [bomb]))
            default: forgery.certificates = [bomb]
            }
            #expect(await Self.error(try forgery.signed { _ in }.derEncoded(), at: authority) == .notAPKIMessage)
        }
    }

    @Test("is another kind of CMS, or what is inside one")
    func otherStructures() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let forgery = try Forgery(enrolment, for: authority.raCertificate)
            let messages = try [
                forgery.envelope().derEncoded(), enrolment.certificationRequest().encoded,
                enrolment.client.certificate.encoded,
                SignedData(certificates: [enrolment.client.certificate.encoded]).derEncoded(),
            ]
            for message in messages { #expect(await Self.error(message, at: authority) == .notAPKIMessage) }
        }
    }

    @Test("has not one signer with its certificate")
    func signers() async throws {
        try await withAuthority { authority in
            let message = try Forgery(try TestEnrolment(), for: authority.raCertificate).signed { _ in }
            var none = message
            none.signerInfos = []
            var two = message
            two.signerInfos += try Forgery(try TestEnrolment(key: TestKeys.otherDevice), for: authority.raCertificate)
                .signed { _ in }.signerInfos
            var same = message
            same.signerInfos += message.signerInfos
            var noCertificate = message
            noCertificate.certificates = []
            var wrongCertificate = message
            wrongCertificate.certificates = [authority.raCertificate.encoded]
            var brokenCertificate = message
            brokenCertificate.certificates = [[0x30, 0x03, 0x02, 0x01, 0x05]]
            for message in [none, two, same, noCertificate, wrongCertificate, brokenCertificate] {
                #expect(await Self.error(message.derEncoded(), at: authority) == .notAPKIMessage)
            }
        }
    }

    typealias Change = @Sendable (inout [Attribute]) throws -> Void

    static let attributes: [(String, Change)] = [
        ("transactionID missing", { $0.remove(.SCEP.transactionID) }),
        ("transactionID twice", { $0.double(.SCEP.transactionID) }),
        ("transactionID empty", { $0.replace(.SCEP.transactionID, by: .printable(.SCEP.transactionID, [])) }),
        (
            "transactionID of 256 bytes",
            {
                $0.replace(
                    .SCEP.transactionID, by: .printable(.SCEP.transactionID, [UInt8](repeating: 0x41, count: 256)))
            }
        ),
        (
            "transactionID with a newline",
            { $0.replace(.SCEP.transactionID, by: .printable(.SCEP.transactionID, [0x0a])) }
        ),
        (
            "transactionID with NUL",
            { $0.replace(.SCEP.transactionID, by: .printable(.SCEP.transactionID, [0x41, 0])) }
        ),
        (
            "transactionID as octets",
            { $0.replace(.SCEP.transactionID, by: try .octetString(.SCEP.transactionID, [0x41])) }
        ),
        (
            "transactionID without value",
            { $0.replace(.SCEP.transactionID, by: Attribute(.SCEP.transactionID, values: [])) }
        ),
        ("messageType missing", { $0.remove(.SCEP.messageType) }),
        ("messageType twice", { $0.double(.SCEP.messageType) }),
        (
            "messageType that is a word",
            { $0.replace(.SCEP.messageType, by: .printable(.SCEP.messageType, "PKCSReq".utf8)) }
        ),
        ("messageType empty", { $0.replace(.SCEP.messageType, by: .printable(.SCEP.messageType, [])) }),
        (
            "messageType beyond any number",
            { $0.replace(.SCEP.messageType, by: .printable(.SCEP.messageType, "99999999999999999999".utf8)) }
        ),
        ("messageType as INTEGER", { $0.replace(.SCEP.messageType, by: try Attribute(.SCEP.messageType, value: 19)) }),
        ("senderNonce twice", { $0.double(.SCEP.senderNonce) }),
        ("senderNonce as text", { $0.replace(.SCEP.senderNonce, by: .printable(.SCEP.senderNonce, "n".utf8)) }),
        (
            "senderNonce of 65 bytes",
            { $0.replace(.SCEP.senderNonce, by: try .octetString(.SCEP.senderNonce, [UInt8](repeating: 1, count: 65))) }
        ),
        ("no attribute at all", { $0.removeAll() }),
    ]

    @Test("has wrong attributes", arguments: attributes.indices)
    func wrongAttributes(_ index: Int) async throws {
        let (what, change) = Self.attributes[index]
        try await withAuthority { authority in
            let message = try Forgery(try TestEnrolment(), for: authority.raCertificate).signed(change).derEncoded()
            #expect(await Self.error(message, at: authority) == .notAPKIMessage, "\(what)")
        }
    }
}
