import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A Name that many are compared with")
struct ComparedNameTests {
    @Test("is the same as itself in another spelling", arguments: NameComparisonTests.spellings)
    func same(one: TestName, other: TestName) {
        #expect(ComparedName(encoded: one.encoded).isSame(as: other.encoded))
        #expect(ComparedName(encoded: other.encoded).isSame(as: one.encoded))
    }

    @Test("is not the same as another one", arguments: NameComparisonTests.differences)
    func different(one: TestName, other: TestName) {
        #expect(!ComparedName(encoded: one.encoded).isSame(as: other.encoded))
        #expect(!ComparedName(encoded: other.encoded).isSame(as: one.encoded))
    }

    @Test(
        "is only the same as the same bytes where it is no Name",
        arguments: [[], [0x30], [0x30, 0x02, 0x31, 0x01]] as [[UInt8]])
    func unreadable(encoded: [UInt8]) {
        #expect(ComparedName(encoded: encoded).isSame(as: encoded))
        #expect(!ComparedName(encoded: encoded).isSame(as: TestName("Example CA").encoded))
        #expect(!ComparedName(encoded: TestName("Example CA").encoded).isSame(as: encoded))
    }
}
