import SCEP
import Testing

/// Fingerprints as people paste them.
@Suite struct FingerprintTests {
    private static let digits = "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"

    @Test(arguments: [
        digits, digits.lowercased(), digits.uppercased(), " \(digits)\n", "SHA256:\(digits)",
        "sha256 Fingerprint=00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
        "00112233 44556677 8899AABB CCDDEEFF 00112233 44556677 8899AABB CCDDEEFF",
    ])
    func `however it is written`(text: String) throws {
        #expect(try Fingerprint(text).bytes == (0..<32).map { UInt8($0 % 16 * 17) })
    }

    @Test func `it is written with colons`() throws {
        #expect(try Fingerprint(Self.digits).description.hasPrefix("00:11:22:33:"))
        #expect(try Fingerprint(Fingerprint(Self.digits).description) == Fingerprint(Self.digits))
    }

    @Test(arguments: [
        ("", "hexadecimal"), ("zz", "hexadecimal"), (String(repeating: "0", count: 40), "SHA-1"),
        (String(repeating: "0", count: 32), "MD5"), (String(digits.dropLast()), "63"), (digits + "00", "66"),
    ])
    func `what is no SHA-256 is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: SCEPError.self) { try Fingerprint(text) }
        #expect(error?.code == .encoding)
        #expect(error?.reason.contains(reason) == true)
    }
}
