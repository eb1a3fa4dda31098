import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A hostile Name")
struct HostileNameTests {
    static let name = TestName(
        [.commonName("Example"), .organization("Müller", tag: 0x14)],
        [.commonName("ab", tag: 0x1e), .commonName("abcd", tag: 0x1c)]
    )

    @Test("cut short is no Name")
    func truncated() {
        let encoded = Self.name.encoded
        for count in 0..<encoded.count {
            let cut = Array(encoded.prefix(count))
            #expect(!NameComparison.isSame(cut, encoded))
            #expect(!NameComparison.isSame(encoded, cut))
        }
        #expect(!NameComparison.isSame(encoded + [0x00], encoded))
    }

    @Test("with one byte changed is compared without a trap, and is the same only by the case of a letter")
    func mutated() {
        let encoded = Self.name.encoded
        for index in encoded.indices {
            for value in UInt8.min...UInt8.max where value != encoded[index] {
                var other = encoded
                other[index] = value
                let isSame = NameComparison.isSame(encoded, other)
                let isLetter = encoded[index] ^ value == 0x20 && value | 0x20 >= 0x61
                let isStringType = [0x0c, 0x13, 0x14, 0x16, 0x12].contains(value)
                #expect(!isSame || isLetter || isStringType, "byte \(index) is \(value)")
            }
        }
    }

    @Test(
        "that is none is the same as itself only",
        arguments: [
            [], [0x30], [0x31, 0x00], [0x30, 0x02, 0x31, 0x00, 0x00], [0x30, 0x02, 0x05, 0x00],
            [0x30, 0x04, 0x31, 0x02, 0x30, 0x00],
            // an attribute of three parts
            [0x30, 0x0e, 0x31, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 0x61, 0x05, 0x00],
            // a type that is no OBJECT IDENTIFIER
            [0x30, 0x0b, 0x31, 0x09, 0x30, 0x07, 0x0c, 0x02, 0x55, 0x04, 0x0c, 0x01, 0x61],
        ] as [[UInt8]]
    )
    func noName(bytes: [UInt8]) {
        #expect(NameComparison.isSame(bytes, bytes))
        #expect(!NameComparison.isSame(bytes, [0x30, 0x00]))
        #expect(!NameComparison.isSame(bytes, Self.name.encoded))
    }

    @Test(
        "of a hundred thousand spaces or invisible characters is still recognised",
        arguments: [" ", "\u{200b}", "\u{ad}"])
    func filled(with filling: String) {
        let name = TestName("Example" + String(repeating: filling, count: 100_000) + " CA")
        #expect(NameComparison.isSame(name.encoded, TestName("Example CA").encoded))
    }

    @Test("of more text than any Name has is compared byte for byte", .timeLimit(.minutes(1)))
    func tooLong() {
        // A run of combining marks takes time with its square to normalise.
        let marks = String(repeating: "\u{301}\u{316}", count: 100_000)
        #expect(!NameComparison.isSame(TestName("a" + marks).encoded, TestName("A" + marks).encoded))
        #expect(!NameComparison.isSame(TestName("a" + marks).encoded, TestName("a").encoded))
        let longest = String(repeating: "a", count: StringPreparation.maximumLength)
        #expect(NameComparison.isSame(TestName(longest).encoded, TestName(longest.uppercased()).encoded))
        #expect(!NameComparison.isSame(TestName(longest + "a").encoded, TestName(longest + "A").encoded))
    }

    @Test("nested deeper, or of more attributes, than any Name is none")
    func tooComplex() {
        let deep = [UInt8](repeating: 0x30, count: 100).flatMap { [$0, 0x80] } + [UInt8](repeating: 0, count: 200)
        #expect(!NameComparison.isSame(deep, Self.name.encoded))
        var many = TestName()
        many.relativeNames = (0..<6000).map { _ in [.commonName("a")] }
        var others = many
        others.relativeNames[17] = [.commonName("A")]
        #expect(!NameComparison.isSame(many.encoded, others.encoded))
    }
}
