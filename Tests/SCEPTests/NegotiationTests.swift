import CryptographicMessageSyntax
import Testing

@testable import SCEP

/// Capabilities, algorithm levels and the small values that travel as text.
@Suite struct NegotiationTests {
    @Test(
        arguments: [
            ("AES\nPOSTPKIOperation\nSHA-256\n", [.aes, .postPKIOperation, .sha256]),
            ("AES\r\nSHA-1\r\nDES3", [.aes, .sha1, .tripleDES]),
            ("aes\nsha-512\nscepSTANDARD\n", [.aes, .sha512, .scepStandard]),
            (" Renewal \n\tGetNextCACert\n", [.renewal, .getNextCACert]),
            ("AES\nQuantumSafe\n\n\nSHA-384", [.aes, .sha384]),
            ("AES SHA-256", []),
            ("<html>404</html>", []),
            ("", []),
        ] as [(String, Set<Capability>)])
    func `capabilities are read leniently`(text: String, capabilities: Set<Capability>) {
        #expect(Capability.parse(text) == capabilities)
    }

    @Test func `capabilities are written one a line with LF`() {
        #expect([Capability.aes, .scepStandard].text == "AES\nSCEPStandard\n")
        #expect([Capability]().text.isEmpty)
        #expect(Capability.parse(Capability.allCases.text) == Set(Capability.allCases))
    }

    @Test(arguments: [
        (DigestAlgorithm.md5, AlgorithmLevel.legacy), (.sha1, .compatible), (.sha224, .modern), (.sha256, .modern),
        (.sha384, .modern), (.sha512, .modern),
    ])
    func `a digest is accepted from its level on`(digest: DigestAlgorithm, from: AlgorithmLevel) {
        Self.expectAccepted(from: from) { level throws(SCEPError) in try level.check(digest) }
    }

    @Test(arguments: [
        (ContentEncryptionAlgorithm.des, AlgorithmLevel.legacy), (.tripleDES, .compatible), (.aes128, .modern),
        (.aes192, .modern), (.aes256, .modern),
    ])
    func `a cipher is accepted from its level on`(cipher: ContentEncryptionAlgorithm, from: AlgorithmLevel) {
        Self.expectAccepted(from: from) { level throws(SCEPError) in try level.check(cipher) }
    }

    private static func expectAccepted(
        from first: AlgorithmLevel,
        check: (AlgorithmLevel) throws(SCEPError) -> Void
    ) {
        for level in AlgorithmLevel.allCases {
            do throws(SCEPError) {
                try check(level)
                #expect(level >= first)
            } catch {
                #expect(error.code == .algorithm)
                #expect(level < first)
            }
        }
    }

    @Test func `levels are ordered by how much they accept`() {
        #expect(AlgorithmLevel.allCases.sorted() == [.modern, .compatible, .legacy])
        #expect(AlgorithmLevel.legacy.rsaBits == 1024...8192)
        #expect(AlgorithmLevel.compatible.rsaBits == 2048...8192)
        #expect(AlgorithmLevel.modern.rsaBits == 2048...8192)
    }

    @Test(arguments: [
        ("", false), ("a", true), (" ", true), ("SSCEP transactionId", true), ("~!@#$%^&*_", true), ("a\u{7f}", false),
        ("a\n", false), ("a\u{0}", false), ("é", false), (String(repeating: "7", count: 78), true),
        (String(repeating: "x", count: 255), true), (String(repeating: "x", count: 256), false),
    ])
    func `a transactionID is 1 to 255 visible characters`(text: String, isOne: Bool) {
        let transactionID = TransactionID(bytes: Array(text.utf8))
        #expect((transactionID != nil) == isOne)
        #expect(transactionID.map { $0.description == text } ?? true)
        #expect(transactionID.map { $0.bytes == Array(text.utf8) } ?? true)
    }

    @Test func `a transactionID keeps its case`() {
        #expect(TransactionID(bytes: Array("AB".utf8)) != TransactionID(bytes: Array("ab".utf8)))
    }

    @Test(arguments: [
        (MessageType.certRep, 3, "CertRep"), (.renewalReq, 17, "RenewalReq"), (.pkcsReq, 19, "PKCSReq"),
        (.certPoll, 20, "CertPoll"), (.getCert, 21, "GetCert"), (.getCRL, 22, "GetCRL"),
        (MessageType(rawValue: 18), 18, "messageType 18"), (MessageType(rawValue: 999), 999, "messageType 999"),
    ])
    func `a message type is its number`(type: MessageType, number: Int, name: String) {
        #expect(type.rawValue == number)
        #expect(type.description == name)
    }

    @Test func `status and failInfo have the numbers of RFC 8894`() {
        #expect([PKIStatus.success, .failure, .pending].map(\.rawValue) == [0, 2, 3])
        #expect(FailInfo.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
        #expect(
            FailInfo.allCases.map(\.name) == ["badAlg", "badMessageCheck", "badRequest", "badTime", "badCertId"]
        )
    }
}
