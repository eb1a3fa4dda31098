import Foundation
import Testing

@testable import Registry

@Suite("An end of the audit log")
struct AuditLinkTests {
    private static let digest = String(repeating: "0a", count: 31) + "fF"

    @Test("is read as it is written")
    func roundTrip() {
        for (chain, sequence) in [(1, 1), (1, .max), (2, 7), (.max, 1)] as [(Int64, Int64)] {
            let link = AuditLink(chain: chain, sequence: sequence, digest: Array(0..<32))
            #expect(AuditLink("\(link)") == link)
            #expect(AuditLink("\(link)".uppercased()) == link)
        }
        #expect(AuditLink("17:" + Self.digest)?.sequence == 17)
        #expect(AuditLink("2/17:" + Self.digest)?.chain == 2)
        #expect(AuditLink("17:" + Self.digest)?.digest.last == 0xff)
    }

    static let others = [
        "", ":", "17", "17:", ":" + Self.digest, "0:" + Self.digest, "-1:" + Self.digest, "x:" + Self.digest,
        "17:" + Self.digest + "00", "17:" + Self.digest.dropLast(), "17:" + Self.digest.dropLast(2),
        "17:" + Self.digest.dropLast() + "g", "17:17:" + Self.digest, "1/2/17:" + Self.digest, "/17:" + Self.digest,
        "0/17:" + Self.digest, "1/:" + Self.digest, "9223372036854775808:" + Self.digest, " 17:" + Self.digest,
        "17:" + Self.digest + "\n", "17:" + String(repeating: "a", count: 100_000), "１:" + Self.digest,
    ]

    @Test("is nothing else", arguments: others)
    func refused(text: String) {
        #expect(AuditLink(text) == nil)
    }
}
