import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct SignedDataTests {
    @Test(arguments: [DigestAlgorithm.sha1, .sha256, .sha384, .sha512])
    func `what is signed is read back and verified`(digest: DigestAlgorithm) throws {
        let signedData = try SignedData(berEncoded: try Examples.signed(digest: digest).der)
        #expect(signedData.contentType == .CMS.data)
        #expect(signedData.content == Examples.content)
        let signer = try signedData.soleSigner()
        #expect(signer.certificate == (try Examples.device.get().certificate))
        #expect(try signer.digest == digest)
        #expect(try signer.signatureAlgorithm.digest == digest)
        try signedData.verify(signer)
    }

    @Test(arguments: [DigestAlgorithm.md5, .sha224])
    func `what is only read cannot be signed`(digest: DigestAlgorithm) {
        let error = #expect(throws: CMSError.self) { try Examples.signed(digest: digest) }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    /// strongSwan refuses the combined OID, so the plain one is what every client reads.
    @Test func `the signature algorithm is written as rsaEncryption, the signer by issuer and serial`() throws {
        let signedData = try SignedData(berEncoded: try Examples.signed().der)
        let info = try #require(signedData.signerInfos.first)
        #expect(info.signatureAlgorithm.algorithm == .Algorithm.rsaEncryption)
        #expect(info.signatureAlgorithm.parameters == AlgorithmIdentifier.null)
        #expect(info.signer == .issuerAndSerialNumber(try Examples.device.get().certificate.identifier))
    }

    @Test func `the signed attributes are written sorted`() throws {
        let attributes = try Examples.signed()[1, 0, 4, 0, 3].children.map(\.der)
        #expect(attributes.count == 2)
        #expect(attributes == attributes.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func `absent and empty content are told apart`() throws {
        let device = try Examples.device.get()
        let empty = try SignedData.sign(
            [],
            attributes: [],
            key: device.key,
            signer: device.certificate.identifier,
            digest: .sha256,
            certificates: [device.certificate.encoded]
        )
        let read = try SignedData(berEncoded: empty.derEncoded())
        #expect(read.content == [])
        try read.verify(try read.soleSigner())
        let degenerate = try SignedData(berEncoded: SignedData(certificates: []).derEncoded())
        #expect(degenerate.content == nil)
        #expect(degenerate.signerInfos.isEmpty)
    }

    /// A DER SET would be sorted, and the phone's own certificate would no longer come first.
    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 1, 0]])
    func `certificates and CRLs keep their order`(order: [Int]) throws {
        let pool = [UInt8(1), 2, 3].map { ASN1Tree(tag: 0x30, children: [ASN1Tree(tag: 0x02, octets: [$0])]).der }
        let given = order.map { pool[$0] }
        let read = try SignedData(
            berEncoded: SignedData(certificates: given, crls: given.reversed()).derEncoded()
        )
        #expect(read.certificates == given)
        #expect(read.crls == given.reversed())
    }

    @Test func `other kinds of certificates are passed over`() throws {
        var tree = try Examples.signed()
        // [1] is an attribute certificate of version 1 (RFC 5652 §10.2.2).
        tree[1, 0, 3].children.insert(ASN1Tree(tag: 0xa1, children: []), at: 0)
        let signedData = try SignedData(berEncoded: tree.der)
        #expect(signedData.certificates.count == 1)
        try signedData.verify(try signedData.soleSigner())
    }

    /// Apple and Android write the outer structures with indefinite lengths and the content in pieces.
    @Test(arguments: [1, 5, 100])
    func `BER is read`(chunk: Int) throws {
        let inPieces: Set<[Int]> = [[1, 0, 2, 1, 0], [1, 0, 4, 0, 5]]
        let bytes = try Examples.signed().encoded { path in
            if inPieces.contains(path) { return .chunked(chunk) }
            // Names are compared as they come, and signed attributes have to be DER (RFC 5652 §5.4).
            let isDER = [[1, 0, 3, 0], [1, 0, 4, 0, 1], [1, 0, 4, 0, 3]].contains { path.starts(with: $0) }
            return isDER ? .definite : .indefinite
        }
        let signedData = try SignedData(berEncoded: bytes)
        #expect(signedData.content == Examples.content)
        try signedData.verify(try signedData.soleSigner())
    }

    @Test func `bytes behind the message are ignored`() throws {
        let signedData = try SignedData(berEncoded: try Examples.signed().der + [0, 0, 0x0a])
        try signedData.verify(try signedData.soleSigner())
    }

    @Test func `enveloped data is not taken for signed data`() throws {
        let bytes = try Examples.enveloped().derEncoded()
        let error = #expect(throws: CMSError.self) { try SignedData(berEncoded: bytes) }
        #expect(error?.code == .unexpectedContent)
    }

    @Test func `every truncation is malformed`() throws {
        let bytes = try Examples.signed().der
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) { try SignedData(berEncoded: Array(bytes.prefix(count))) }
            #expect(error?.code == .malformed, "cut after \(count) bytes")
        }
    }

    /// Every element taken away in turn: the message is refused, or it verifies because what is left is one.
    @Test func `a missing element never traps`() throws {
        let tree = try Examples.signed()
        var refused = 0
        for path in tree.paths where !path.isEmpty {
            do throws(CMSError) {
                let signedData = try SignedData(berEncoded: tree.removing(path).der)
                try signedData.verify(try signedData.soleSigner())
            } catch {
                refused += 1
            }
        }
        #expect(refused > 40)
    }
}
