import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import TestSupport
import Testing

@Suite("A requirement for keys")
struct KeyRequirementTests {
    @Test(
        "takes the keys of its kind",
        arguments: [
            ("rsa", ["rsa1024", "rsa2048", "rsa3072"]), ("rsa2048", ["rsa2048", "rsa3072"]), ("RSA3072", ["rsa3072"]),
            ("rsa4096", []), ("p256", ["p256"]), ("P384", ["p384"]), ("p521", ["p521"]),
            ("ec", ["p256", "p384", "p521"]),
        ]
    )
    func allows(text: String, allowed: [String]) throws {
        let requirement = try KeyRequirement(parsing: text)
        let keys: [(String, SubjectPublicKeyInfo)] = [
            ("rsa1024", try .rsa(bits: 1024)), ("rsa2048", TestKeys.device.publicKey),
            ("rsa3072", try .rsa(bits: 3072)),
            ("p256", TestKeys.onCurve(.p256).publicKey), ("p384", TestKeys.onCurve(.p384).publicKey),
            ("p521", TestKeys.onCurve(.p521).publicKey), ("ed25519", try .ed25519()), ("other", try .otherCurve()),
        ]
        #expect(keys.filter { requirement.allows($0.1) }.map(\.0) == allowed)
    }

    @Test(
        "that is none is refused with its place",
        arguments: [
            ("", 0), ("dsa", 0), ("ecdsa", 0), ("p-256", 0), ("p257", 0), (" rsa", 0), ("rsa ", 3), ("rsa512", 3),
            ("rsa1023", 3), ("rsa16385", 3), ("rsa-2048", 3), ("rsa02048", 3), ("rsa2048+", 3),
            ("rsa99999999999999999999", 3), ("rsa٢٠٤٨", 3),
        ]
    )
    func syntax(text: String, offset: Int) {
        let error = #expect(throws: PolicySyntaxError.self) { try KeyRequirement(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }

    @Test(
        "is stored as it is written",
        arguments: ["rsa", "rsa1024", "rsa3072", "rsa16384", "p256", "p384", "p521", "ec"])
    func stored(text: String) throws {
        let requirement = try KeyRequirement(parsing: text.uppercased())
        #expect(requirement.description == text)
        let json = try JSONEncoder().encode([requirement])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([KeyRequirement].self, from: json) == [requirement])
    }
}
