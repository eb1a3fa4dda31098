import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// A client believes only the answer of its server to its own request.
@Suite struct VerifiedCertRepTests {
    private static let nonce = [UInt8](repeating: 4, count: 16)

    private static func attributes(status: String = "3") -> [Attribute] {
        [
            .printable(.SCEP.messageType, "3".utf8), .printable(.SCEP.transactionID, Exchange.transactionID.utf8),
            .printable(.SCEP.pkiStatus, status.utf8), .octets(.SCEP.recipientNonce, Self.nonce),
            .octets(.SCEP.senderNonce, [1]),
        ]
    }

    /// An answer by the server with any attributes and content.
    private static func answer(_ attributes: [Attribute], content: [UInt8] = []) throws -> [UInt8] {
        let server = try Exchange.server.get()
        return try SignedData.sign(
            content,
            attributes: attributes,
            key: server.key,
            signer: server.certificate.identifier,
            digest: .sha256,
            certificates: [server.certificate.encoded]
        ).derEncoded()
    }

    private static func verified(_ answer: [UInt8]) throws -> VerifiedCertRep {
        try Exchange.verified(answer, answering: try Exchange.pkiRequest(senderNonce: Self.nonce))
    }

    @Test func `what is right is believed`() throws {
        #expect(try Self.verified(try Self.answer(Self.attributes())).answer == .pending)
    }

    @Test(arguments: [
        ("a recipientNonce of another request", 3, Attribute.octets(.SCEP.recipientNonce, [4, 4])),
        ("a recipientNonce that is text", 3, .printable(.SCEP.recipientNonce, "4".utf8)),
        ("another transactionID", 1, .printable(.SCEP.transactionID, "transaction 1".utf8)),
        ("a transactionID of another type", 1, .octets(.SCEP.transactionID, Array(Exchange.transactionID.utf8))),
        ("a request for an answer", 0, .printable(.SCEP.messageType, "19".utf8)),
        ("an unknown pkiStatus", 2, .printable(.SCEP.pkiStatus, "1".utf8)),
        ("a pkiStatus that is no number", 2, .printable(.SCEP.pkiStatus, "ok".utf8)),
        ("a pkiStatus with a sign", 2, .printable(.SCEP.pkiStatus, "+3".utf8)),
        ("a pkiStatus with a zero in front", 2, .printable(.SCEP.pkiStatus, "03".utf8)),
        ("FAILURE without failInfo", 2, .printable(.SCEP.pkiStatus, "2".utf8)),
    ])
    func `an answer to something else is a mismatch`(what: String, position: Int, attribute: Attribute) throws {
        var attributes = Self.attributes()
        attributes[position] = attribute
        let answer = try Self.answer(attributes)
        let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
        #expect(error?.code == .mismatch)
    }

    @Test(arguments: [0, 1, 2])
    func `an answer without a needed attribute is a mismatch`(position: Int) throws {
        var attributes = Self.attributes()
        attributes.remove(at: position)
        let answer = try Self.answer(attributes)
        let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
        #expect(error?.code == .mismatch)
    }

    @Test func `an answer without a nonce, or with two, is not believed`() throws {
        var without = Self.attributes()
        without.remove(at: 3)
        let twice = Self.attributes() + [Self.attributes()[3]]
        for attributes in [without, twice] {
            let answer = try Self.answer(attributes)
            let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
            #expect(error?.code == .integrity)
        }
    }

    @Test func `an unknown failInfo is a mismatch`() throws {
        let attributes = Self.attributes(status: "2") + [.printable(.SCEP.failInfo, "5".utf8)]
        let answer = try Self.answer(attributes)
        let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
        #expect(error?.code == .mismatch)
    }

    /// Some servers write a PrintableString; what cannot be read is as good as absent.
    @Test(arguments: [
        (Attribute.printable([1, 3, 6, 1, 5, 5, 7, 24, 1], "no such thing".utf8), "no such thing"),
        (.octets([1, 3, 6, 1, 5, 5, 7, 24, 1], [1, 2]), ""),
    ])
    func `the text of a FAILURE may be written in another way`(attribute: Attribute, text: String) throws {
        let attributes = Self.attributes(status: "2") + [.printable(.SCEP.failInfo, "4".utf8), attribute]
        #expect(try Self.verified(try Self.answer(attributes)).answer == .failure(.badCertId, text: text))
    }

    @Test func `FAILURE needs no text`() throws {
        let attributes = Self.attributes(status: "2") + [.printable(.SCEP.failInfo, "4".utf8)]
        #expect(try Self.verified(try Self.answer(attributes)).answer == .failure(.badCertId, text: ""))
    }

    @Test func `a stranger's answer is not believed, even under the server's name`() throws {
        let device = try Exchange.device.get()
        let message = try Exchange.encoded(try Exchange.pkiRequest(senderNonce: Self.nonce))
        let stranger = try Exchange.answer(.pending, to: message, signer: device)
        let impostor = try CertRep.pending.encoded(
            answering: UnverifiedPKIMessage(berEncoded: message),
            digest: .sha256,
            cipher: .aes128,
            signer: CertRepSigner(certificate: try Exchange.server.get().certificate, key: device.key),
            senderNonce: [1]
        )
        for answer in [stranger, impostor] {
            let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
            #expect(error?.code == .integrity)
        }
    }

    /// The certificate that an answer brings along decides nothing: GetCACert's does.
    @Test func `the answer need not bring its certificate`() throws {
        var tree = try ASN1Tree(try Self.answer(Self.attributes()))
        tree[1, 0].children.remove(at: 3)
        #expect(try Self.verified(tree.der).answer == .pending)
    }

    @Test func `an answer with two signers, or none, is a mismatch`() throws {
        var tree = try ASN1Tree(try Self.answer(Self.attributes()))
        tree[1, 0, 4].children += tree[1, 0, 4].children
        let twice = tree.der
        tree[1, 0, 4].children = []
        for answer in [twice, tree.der] {
            let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
            #expect(error?.code == .mismatch)
        }
    }

    @Test(arguments: [[], [0x30, 0x00], Array("<html>502 Bad Gateway".utf8)] as [[UInt8]])
    func `what is no CMS is not believed`(bytes: [UInt8]) throws {
        let error = #expect(throws: SCEPError.self) { try Self.verified(bytes) }
        #expect(error?.code == .integrity)
    }

    @Test func `SUCCESS for another recipient does not open`() throws {
        let server = try Exchange.server.get()
        let inner = SignedData(certificates: [server.certificate.encoded]).derEncoded()
        let envelope = try EnvelopedData.seal(inner, for: [server.certificate], cipher: .aes128).derEncoded()
        let answer = try Self.answer(Self.attributes(status: "0"), content: envelope)
        let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
        #expect(error?.code == .envelope)
    }

    @Test func `SUCCESS without an envelope is not believed`() throws {
        let answer = try Self.answer(Self.attributes(status: "0"))
        let error = #expect(throws: SCEPError.self) { try Self.verified(answer) }
        #expect(error?.code == .integrity)
    }

    /// Bits that carry no meaning may flip unseen (the copied certificate, versions); no flip may change the answer.
    @Test func `no flipped bit changes what is believed`() throws {
        let request = try Exchange.pkiRequest(senderNonce: Self.nonce)
        let right = CertRep.success(certificates: [try Exchange.device.get().certificate.encoded], crls: [])
        let answer = try Exchange.answer(right, to: try Exchange.encoded(request))
        var refused = 0
        for position in answer.indices {
            var changed = answer
            changed[position] ^= 1 << UInt8(position % 8)
            do throws(SCEPError) {
                #expect(try Exchange.verified(changed, answering: request).answer == right)
            } catch {
                refused += 1
            }
        }
        #expect(refused > answer.count / 2)
    }
}
