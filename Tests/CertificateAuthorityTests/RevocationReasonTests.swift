import Testing

@testable import CertificateAuthority

@Suite("A reason for a revocation (RFC 5280 §5.3.1)")
struct RevocationReasonTests {
    static let reasons: [(String, UInt8)] = [
        ("unspecified", 0), ("keyCompromise", 1), ("cACompromise", 2), ("affiliationChanged", 3), ("superseded", 4),
        ("cessationOfOperation", 5), ("certificateHold", 6), ("privilegeWithdrawn", 9), ("aACompromise", 10),
    ]

    @Test("has the RFC's name and number", arguments: reasons)
    func names(name: String, number: UInt8) throws {
        let reason = try #require(RevocationReason(name: name))
        #expect(reason.rawValue == number)
        #expect(reason.name == name)
        #expect(RevocationReason(rawValue: number) == reason)
        #expect(RevocationReason(name: name.uppercased()) == reason)
    }

    @Test("is all that there are")
    func all() {
        #expect(RevocationReason.allCases.count == Self.reasons.count)
    }

    @Test("is nothing else", arguments: ["", "key compromise", "keyCompromise ", "removeFromCRL", "1"])
    func others(name: String) {
        #expect(RevocationReason(name: name) == nil)
    }

    @Test("has no other number", arguments: [7, 8, 11, 255] as [UInt8])
    func otherNumbers(number: UInt8) {
        #expect(RevocationReason(rawValue: number) == nil)
    }
}
