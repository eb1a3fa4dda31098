import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A key with the ROCA flaw (CVE-2017-15361)")
struct ROCATests {
    /// The primes modulo which a vulnerable modulus is a power of 65537.
    static let primes: [UInt128] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]

    /// A modulus of random bytes, moved to the next number that is 65537^`power` modulo all the primes.
    static func modulus(power: Int) -> [UInt8] {
        let product = Self.primes.reduce(1, *)
        let target = (0..<power).reduce(UInt128(1)) { power, _ in power * 65_537 % product }
        var modulus = [UInt8].random(count: 256)
        modulus[0] = 0xc0
        let remainder = modulus.reduce(UInt128(0)) { ($0 * 256 + UInt128($1)) % product }
        modulus.add((target + product - remainder) % product)
        // The product is odd, so one more of it makes an even number odd.
        if modulus[255] % 2 == 0 { modulus.add(product) }
        return modulus
    }

    @Test("is refused", arguments: [0, 1, 2, 17, 1000])
    func isRefused(power: Int) throws {
        let modulus = Self.modulus(power: power)
        #expect(ROCA.isVulnerable(modulus: modulus))
        #expect(try KeyPolicyTests.refusal(try .rsa(modulus: modulus, exponent: [1, 0, 1])) == .weakKey)
    }

    @Test("has it modulo every one of the primes", arguments: primes)
    func everyPrimeCounts(prime: UInt128) {
        // A multiple of the prime is no power of anything modulo it.
        var modulus = Self.modulus(power: 5)
        let product = Self.primes.reduce(1, *)
        let others = product / prime
        while modulus.reduce(UInt128(0), { ($0 * 256 + UInt128($1)) % prime }) != 0 { modulus.add(others) }
        #expect(!ROCA.isVulnerable(modulus: modulus))
    }

    @Test("is not one that an honest library makes")
    func honestKeys() throws {
        let keys = [
            TestKeys.device.publicKey, TestKeys.otherDevice.publicKey, TestKeys.smallDevice.publicKey,
            TestKeys.certificateAuthority.publicKey, TestKeys.registrationAuthority.publicKey,
        ]
        for key in keys { #expect(!ROCA.isVulnerable(modulus: try #require(key.rsaModulus))) }
        #expect(try KeyPolicyTests.refusal(TestKeys.device.publicKey) == nil)
    }
}

extension [UInt8] {
    /// Adds a number to this big-endian one; what does not fit is lost.
    fileprivate mutating func add(_ number: UInt128) {
        var carry = number
        for index in self.indices.reversed() {
            carry += UInt128(self[index])
            self[index] = UInt8(carry & 0xff)
            carry >>= 8
        }
    }
}
