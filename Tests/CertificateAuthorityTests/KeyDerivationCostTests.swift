import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("How much a password may cost")
struct KeyDerivationCostTests {
    static func number(_ value: Int) -> ASN1Tree {
        let octets = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        return ASN1Tree(
            tag: 0x02,
            octets: Array(
                octets.drop { $0 == 0 }.first.map { $0 >= 0x80 } ?? true
                    ? [0] + octets.drop { $0 == 0 } : Array(octets.drop { $0 == 0 })))
    }

    static func algorithm(_ identifier: [UInt8], _ parameters: [ASN1Tree]) -> ASN1Tree {
        ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x06, octets: identifier), ASN1Tree(tag: 0x30, children: parameters),
            ])
    }

    static let salt = ASN1Tree(tag: 0x04, octets: [1, 2, 3, 4, 5, 6, 7, 8])
    static let pbes2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]
    static let pbkdf2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]
    static let pbes1: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03]
    static let scrypt: [UInt8] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]

    static func code(_ algorithm: ASN1Tree) -> KeyFileError.Code? {
        do throws(KeyFileError) {
            try KeyDerivationCost.check(algorithm.der)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "is so many iterations",
        arguments: [
            (1, nil), (10_000_000, nil), (10_000_001, .tooLarge), (Int.max, .tooLarge),
        ] as [(Int, KeyFileError.Code?)])
    func iterations(count: Int, code: KeyFileError.Code?) {
        let parameters = [Self.salt, Self.number(count)]
        #expect(Self.code(Self.algorithm(Self.pbes1, parameters)) == code)
        let function = Self.algorithm(Self.pbkdf2, parameters)
        #expect(Self.code(Self.algorithm(Self.pbes2, [function, function])) == code)
    }

    @Test(
        "is so much of scrypt",
        arguments: [
            ([1 << 14, 8, 1], nil), ([1 << 20, 8, 8], nil), ([1 << 20, 8, 9], .tooLarge), ([Int.max, 2, 1], .tooLarge),
            ([0, 8, 1], .tooLarge), ([-1, 8, 1], .unreadable), ([1 << 14, 8], .unreadable),
        ] as [([Int], KeyFileError.Code?)])
    func scrypt(numbers: [Int], code: KeyFileError.Code?) {
        let function = Self.algorithm(Self.scrypt, [Self.salt] + numbers.map(Self.number))
        #expect(Self.code(Self.algorithm(Self.pbes2, [function, function])) == code)
    }

    @Test("is not known where the parameters are none")
    func damaged() {
        #expect(Self.code(Self.algorithm(Self.pbes1, [Self.salt])) == .unreadable)
        #expect(Self.code(Self.algorithm(Self.pbes2, [])) == .unreadable)
        #expect(Self.code(Self.algorithm(Self.pbes2, []).removing([1])) == .unreadable)
        #expect(Self.code(Self.algorithm(Self.pbes1, []).removing([1])) == nil)
        #expect(Self.code(ASN1Tree(tag: 0x04, octets: [])) == .unreadable)
    }
}
