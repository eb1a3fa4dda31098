import Testing

@testable import CertificateAuthority

@Suite("An IP address")
struct IPAddressTests {
    private static let zeros = [UInt8](repeating: 0, count: 16)

    @Test(
        "is read and written",
        arguments: [
            ("0.0.0.0", [0, 0, 0, 0], "0.0.0.0"),
            ("192.0.2.1", [192, 0, 2, 1], "192.0.2.1"),
            ("255.255.255.255", [255, 255, 255, 255], "255.255.255.255"),
            ("::", zeros, "::"),
            ("::1", zeros.dropLast() + [1], "::1"),
            ("0:0:0:0:0:0:0:1", zeros.dropLast() + [1], "::1"),
            ("2001:DB8::A", [0x20, 0x01, 0x0d, 0xb8] + zeros.prefix(11) + [0x0a], "2001:db8::a"),
            ("::ffff:192.0.2.1", zeros.prefix(10) + [0xff, 0xff, 192, 0, 2, 1], "::ffff:192.0.2.1"),
        ] as [(String, [UInt8], String)]
    )
    func notation(text: String, bytes: [UInt8], written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.bytes == bytes)
        #expect("\(address)" == written)
        #expect(IPAddress(bytes: bytes) == address)
    }

    @Test(
        "is not what is none",
        arguments: [
            "", " ", "localhost", "ca.example", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.4 ", " 1.2.3.4",
            "[::1]", "::1%lo", ":::", "1::2::3", "12345::", "1.2.3.4/24",
        ]
    )
    func others(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("has 4 or 16 bytes", arguments: [0, 1, 3, 5, 8, 15, 17])
    func lengths(count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
}
