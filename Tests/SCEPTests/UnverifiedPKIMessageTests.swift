import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What it takes to be answered by a signed CertRep, and not by an HTTP error.
@Suite struct UnverifiedPKIMessageTests {
    @Test func `what is needed is read`() throws {
        let message = try UnverifiedPKIMessage(berEncoded: try Exchange.signed(Exchange.attributes()))
        #expect(message.messageType == .pkcsReq)
        #expect(message.transactionID.description == Exchange.transactionID)
        #expect(message.senderNonce == [UInt8](repeating: 1, count: 16))
        #expect(message.signer.certificate == (try Exchange.device.get().certificate))
        #expect(message.attributes.count == 5)
    }

    @Test(arguments: [0, 1, 8, 16, 64])
    func `a nonce of up to 64 bytes is kept`(length: Int) throws {
        let nonce = [UInt8](repeating: 0xab, count: length)
        let bytes = try Exchange.signed(Exchange.attributes(senderNonce: nonce))
        #expect(try UnverifiedPKIMessage(berEncoded: bytes).senderNonce == nonce)
    }

    @Test func `a nonce may be missing`() throws {
        let bytes = try Exchange.signed(Exchange.attributes(senderNonce: nil))
        #expect(try UnverifiedPKIMessage(berEncoded: bytes).senderNonce == nil)
    }

    @Test(arguments: [("3", 3), ("17", 17), ("18", 18), ("0", 0), ("019", 19), ("123456789", 123_456_789)])
    func `every number is a message type`(text: String, number: Int) throws {
        var attributes = Exchange.attributes()
        attributes[0] = .printable(.SCEP.messageType, text.utf8)
        let bytes = try Exchange.signed(attributes)
        #expect(try UnverifiedPKIMessage(berEncoded: bytes).messageType.rawValue == number)
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout [Attribute]) throws -> Void

        init(_ description: String, _ change: @escaping @Sendable (inout [Attribute]) throws -> Void) {
            self.testDescription = description
            self.change = change
        }
    }

    @Test(arguments: [
        Fault("no messageType") { $0.remove(at: 0) },
        Fault("messageType twice") { $0.append($0[0]) },
        Fault("messageType with two values") { $0[0].values += $0[0].values },
        Fault("messageType without value") { $0[0].values = [] },
        Fault("messageType an INTEGER") { $0[0] = try Attribute(.SCEP.messageType, value: 19) },
        Fault("messageType a UTF8String") {
            $0[0] = try Attribute(.SCEP.messageType, value: ASN1UTF8String("19"))
        },
        Fault("messageType empty") { $0[0] = .printable(.SCEP.messageType, "".utf8) },
        Fault("messageType a word") { $0[0] = .printable(.SCEP.messageType, "PKCSReq".utf8) },
        Fault("messageType with a space") { $0[0] = .printable(.SCEP.messageType, " 19".utf8) },
        Fault("messageType with a sign") { $0[0] = .printable(.SCEP.messageType, "+19".utf8) },
        Fault("messageType negative") { $0[0] = .printable(.SCEP.messageType, "-19".utf8) },
        Fault("messageType of ten digits") { $0[0] = .printable(.SCEP.messageType, "1234567890".utf8) },
        Fault("no transactionID") { $0.remove(at: 1) },
        Fault("transactionID twice") { $0.append($0[1]) },
        Fault("transactionID with two values") { $0[1].values += $0[1].values },
        Fault("transactionID an OCTET STRING") { $0[1] = .octets(.SCEP.transactionID, [0x41]) },
        Fault("transactionID a UTF8String") {
            $0[1] = try Attribute(.SCEP.transactionID, value: ASN1UTF8String("A"))
        },
        Fault("transactionID empty") { $0[1] = .printable(.SCEP.transactionID, "".utf8) },
        Fault("transactionID of 256 bytes") {
            $0[1] = .printable(.SCEP.transactionID, [UInt8](repeating: 0x41, count: 256))
        },
        Fault("transactionID with a line end") { $0[1] = .printable(.SCEP.transactionID, "a\nb".utf8) },
        Fault("senderNonce twice") { $0.append($0[2]) },
        Fault("senderNonce with two values") { $0[2].values += [[0x04, 0x00]] },
        Fault("senderNonce of 65 bytes") {
            $0[2] = .octets(.SCEP.senderNonce, [UInt8](repeating: 1, count: 65))
        },
        Fault("senderNonce a PrintableString") { $0[2] = .printable(.SCEP.senderNonce, "nonce".utf8) },
        Fault("no attributes of SCEP") { $0 = [] },
    ])
    func `what lacks something is no pkiMessage`(fault: Fault) throws {
        var attributes = Exchange.attributes()
        try fault.change(&attributes)
        let bytes = try Exchange.signed(attributes)
        let error = #expect(throws: SCEPError.self) { try UnverifiedPKIMessage(berEncoded: bytes) }
        #expect(error?.code == .notAPKIMessage)
    }

    /// 255 is our limit; the characters come back as they were, whatever a PrintableString should have.
    @Test func `a transactionID of 255 bytes is read`() throws {
        var attributes = Exchange.attributes()
        attributes[1] = .printable(.SCEP.transactionID, [UInt8](repeating: 0x7e, count: 255))
        let message = try UnverifiedPKIMessage(berEncoded: try Exchange.signed(attributes))
        #expect(message.transactionID.bytes == [UInt8](repeating: 0x7e, count: 255))
    }

    @Test func `what is no message with one signer is no pkiMessage`() throws {
        let whole = try ASN1Tree(try Exchange.signed(Exchange.attributes()))
        var unsigned = whole
        unsigned[1, 0, 4].children = []
        var twice = whole
        twice[1, 0, 4].children += twice[1, 0, 4].children
        var bare = whole
        bare[1, 0].children.remove(at: 3)
        var foreign = whole
        foreign[1, 0, 3].children = [try ASN1Tree(try Exchange.server.get().certificate.encoded)]
        let enveloped = try EnvelopedData.seal(
            [1],
            for: [try Exchange.server.get().certificate],
            cipher: .aes128
        ).derEncoded()
        let request = try Exchange.request().encoded
        for bytes in [
            [], [0x30], Array("GET /".utf8), unsigned.der, twice.der, bare.der, foreign.der, enveloped, request,
        ] {
            let error = #expect(throws: SCEPError.self) { try UnverifiedPKIMessage(berEncoded: bytes) }
            #expect(error?.code == .notAPKIMessage)
        }
    }
}
