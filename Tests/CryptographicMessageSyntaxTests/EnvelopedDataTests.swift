import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct EnvelopedDataTests {
    @Test(arguments: ContentEncryptionAlgorithm.allCases, KeyTransportAlgorithm.allCases)
    func `what is sealed opens`(cipher: ContentEncryptionAlgorithm, transport: KeyTransportAlgorithm) throws {
        let device = try Examples.device.get()
        // Every length of padding, and none but padding.
        for length in [0, 1, 7, 8, 9, 15, 16, 17, 1000] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let sealed = try Examples.enveloped(content, cipher: cipher, transport: transport)
            let read = try EnvelopedData(berEncoded: try sealed.derEncoded())
            #expect(read == sealed)
            #expect(read.contentType == .CMS.data)
            #expect(try read.contentEncryption == cipher)
            #expect(read.encryptedContent.count == (length / cipher.blockLength + 1) * cipher.blockLength)
            let recipient = try read.recipient(for: device.certificate)
            #expect(try KeyTransportAlgorithm(recipient.keyEncryptionAlgorithm) == transport)
            #expect(try read.open(recipient, with: device.key) == content)
        }
    }

    @Test func `key and vector are new every time`() throws {
        let one = try Examples.enveloped()
        let other = try Examples.enveloped()
        #expect(one.encryptedContent != other.encryptedContent)
        #expect(one.contentEncryptionAlgorithm.parameters != other.contentEncryptionAlgorithm.parameters)
        #expect(one.recipientInfos != other.recipientInfos)
    }

    /// Apple and Android write everything with indefinite lengths, Go clients a constructed [0].
    @Test(arguments: [1, 7, 16, 1000], [false, true])
    func `BER with encryptedContent in pieces is read`(chunk: Int, isIndefinite: Bool) throws {
        let device = try Examples.device.get()
        let content = [UInt8](repeating: 0x5a, count: 100)
        let tree = try ASN1Tree(try Examples.enveloped(content).derEncoded())
        let inPieces: Set<[Int]> = [[1, 0, 2, 2], [1, 0, 1, 0, 3], [1, 0, 2, 1, 1]]
        let bytes = tree.encoded { path in
            if inPieces.contains(path) { return .chunked(chunk) }
            // The name of the recipient is compared as it comes, and nobody writes that in BER.
            return isIndefinite && !path.starts(with: [1, 0, 1, 0, 1]) ? .indefinite : .definite
        }
        #expect(bytes.contains([0x24, 0x80]))
        let read = try EnvelopedData(berEncoded: bytes)
        #expect(try read.open(try read.recipient(for: device.certificate), with: device.key) == content)
    }

    /// OAEP too: whoever names keys by identifier may well be modern otherwise.
    @Test(arguments: KeyTransportAlgorithm.allCases)
    func `a recipient is found by its key identifier`(transport: KeyTransportAlgorithm) throws {
        let device = try Examples.device.get()
        var sealed = try Examples.enveloped(transport: transport)
        guard case .keyTransport(var info) = sealed.recipientInfos[0] else { throw CMSError(.recipient, "none") }
        info.recipient = .subjectKeyIdentifier([1, 2, 3])
        sealed.recipientInfos = [.keyTransport(info)]
        let read = try EnvelopedData(berEncoded: try sealed.derEncoded())
        let certificate = try SignerCertificate(encoded: try Examples.certificate(keyIdentifier: [1, 2, 3]))
        // RFC 5652 §6.1: version 2 of the message goes with version 2 of its recipient.
        let tree = try ASN1Tree(try sealed.derEncoded())
        #expect(tree[1, 0, 0].octets == [2] && tree[1, 0, 1, 0, 0].octets == [2])
        #expect(try read.open(try read.recipient(for: certificate), with: device.key) == Examples.content)
        let error = #expect(throws: CMSError.self) { try read.recipient(for: device.certificate) }
        #expect(error?.code == .recipient)
    }

    /// micromdm's client makes a RecipientInfo for every certificate of GetCACert.
    @Test func `each of several recipients can open`() throws {
        let clients = [try Examples.device.get(), try Examples.other.get()]
        let sealed = try EnvelopedData.seal(Examples.content, for: clients.map(\.certificate), cipher: .aes256)
        let read = try EnvelopedData(berEncoded: try sealed.derEncoded())
        for client in clients {
            #expect(try read.open(try read.recipient(for: client.certificate), with: client.key) == Examples.content)
        }
    }

    /// kari [1], kekri [2] and ori [4] are read past, so that the error can say what is missing.
    @Test(arguments: [UInt(1), 2, 4])
    func `other kinds of recipients survive decoding`(number: UInt) throws {
        let device = try Examples.device.get()
        var tree = try ASN1Tree(try Examples.enveloped().derEncoded())
        let other = ASN1Tree(tag: 0xa0 | UInt8(number), children: [ASN1Tree(tag: 0x02, octets: [0])])
        tree[1, 0, 1].children.append(other)
        let both = try EnvelopedData(berEncoded: tree.der)
        #expect(both.recipientInfos.contains(.other(number)))
        #expect(try both.open(try both.recipient(for: device.certificate), with: device.key) == Examples.content)
        tree[1, 0, 1].children = [other]
        let alone = try EnvelopedData(berEncoded: tree.der)
        let error = #expect(throws: CMSError.self) { try alone.recipient(for: device.certificate) }
        #expect(error?.code == .recipient)
        let writing = #expect(throws: CMSError.self) { try alone.derEncoded() }
        #expect(writing?.code == .unexpectedContent)
    }

    @Test func `originatorInfo and unprotectedAttrs are read past`() throws {
        let device = try Examples.device.get()
        var tree = try ASN1Tree(try Examples.enveloped().derEncoded())
        tree[1, 0].children.insert(ASN1Tree(tag: 0xa0, children: []), at: 1)
        tree[1, 0].children.append(ASN1Tree(tag: 0xa1, children: []))
        let read = try EnvelopedData(berEncoded: tree.der)
        #expect(try read.open(try read.recipient(for: device.certificate), with: device.key) == Examples.content)
    }

    @Test func `every truncation is malformed`() throws {
        let bytes = try Examples.enveloped().derEncoded()
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) { try EnvelopedData(berEncoded: Array(bytes.prefix(count))) }
            #expect(error?.code == .malformed, "cut after \(count) bytes")
        }
    }
}
