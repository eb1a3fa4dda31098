import CryptographicMessageSyntax
import Testing

@testable import CertificateAuthority

@Suite("A serial number (RFC 5280 §4.1.2.2)")
struct SerialNumberTests {
    @Test("is positive, minimal, at most 20 octets, and never the same twice")
    func random() {
        var seen: Set<[UInt8]> = []
        for _ in 0..<10_000 {
            let serial = Issuer.serialNumber(from: .random(count: 20))
            #expect((1...20).contains(serial.count))
            #expect(serial[0] < 0x80, "negative")
            #expect(serial.count == 1 || serial[0] != 0 || serial[1] >= 0x80, "not minimal")
            #expect(serial != [0])
            #expect(seen.insert(serial).inserted, "there twice")
        }
    }

    @Test(
        "is made from its random bytes",
        arguments: [
            ([UInt8](repeating: 0xff, count: 20), [0x7f] + [UInt8](repeating: 0xff, count: 19)),
            ([0x80, 0x80] + [UInt8](repeating: 1, count: 18), [0x00, 0x80] + [UInt8](repeating: 1, count: 18)),
            ([0x80, 0x7f] + [UInt8](repeating: 1, count: 18), [0x7f] + [UInt8](repeating: 1, count: 18)),
            ([UInt8](repeating: 0, count: 19) + [0x05], [0x05]),
            ([UInt8](repeating: 0, count: 19) + [0x85], [0x00, 0x85]),
        ] as [([UInt8], [UInt8])]
    )
    func derivation(random: [UInt8], serial: [UInt8]) {
        #expect(Issuer.serialNumber(from: random) == serial)
    }
}
