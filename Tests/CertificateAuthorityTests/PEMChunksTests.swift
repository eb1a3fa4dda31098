import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The PEM text of something large")
struct PEMChunksTests {
    static func text(_ bytes: [UInt8]) -> String {
        let base64 = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN X509 CRL-----\n\(base64)\(base64.isEmpty ? "" : "\n")-----END X509 CRL-----\n"
    }

    @Test(
        "is the same in pieces as in one, and its length is known",
        arguments: [0, 1, 2, 3, 47, 48, 49, 49_151, 49_152, 49_153, 98_304, 200_000]
    )
    func pieces(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let chunks = PEMChunks(bytes, label: "X509 CRL")
        let pieces = Array(chunks)
        #expect(pieces.map { String(decoding: $0, as: UTF8.self) }.joined() == Self.text(bytes))
        #expect(pieces.reduce(0) { $0 + $1.count } == chunks.byteCount)
        #expect(pieces.count == max(1, (count + 49_151) / 49_152))
        #expect(pieces.allSatisfy { $0.count < 70_000 })
        #expect(PEMChunks.text(bytes, label: "X509 CRL") == Self.text(bytes))
    }
}
