import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A Name that people write")
struct DirectoryNameTests {
    @Test("is encoded in the order in which it is written")
    func order() throws {
        let name = try DirectoryName(parsing: "cn=router-1, O=Example")
        #expect(name.encoded == TestName([.commonName("router-1")], [.organization("Example")]).encoded)
        #expect(name.description == "CN=router-1, O=Example")
        #expect(try DirectoryName(encoded: name.encoded) == name)
    }

    @Test(
        "is read from its encoding as it was written",
        arguments: ["C=DE, ST=Köln, O=a\\, b, OU=\\#1, CN=x\\ ", "DC=com, DC=example, E=a@b.example", "1.2.3.4=a"]
    )
    func roundTrip(text: String) throws {
        let name = try DirectoryName(parsing: text)
        #expect(try DirectoryName(encoded: name.encoded) == name)
        #expect(try DirectoryName(parsing: name.description) == name)
    }

    @Test("has no placeholders", arguments: ["CN={CN}", "", "CN=", "requested"])
    func placeholders(text: String) {
        #expect(throws: PolicySyntaxError.self) { try DirectoryName(parsing: text) }
    }

    @Test("that is no text in a certificate is shown all the same")
    func noText() throws {
        let name = try DirectoryName(encoded: TestName(octets: [0x01], tag: 0x02).encoded)
        #expect(name.description == "CN=#020101")
    }
}

@Suite("An OID with dots")
struct ObjectIdentifierTextTests {
    @Test(
        "is read and written",
        arguments: ["1.2", "0.39", "2.999.1", "2.5.29.37.0", "1.3.6.1.4.1.311.21.7", "2.4294967295"])
    func roundTrip(text: String) throws {
        let identifier = try #require(ASN1ObjectIdentifier(dotNotation: text))
        #expect(identifier.dotNotation == text)
        let encoded = try DERWriter.encode { try $0.serialize(identifier) }
        #expect(try ASN1ObjectIdentifier(derEncoded: DER.parse(encoded)).dotNotation == text)
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "", "1", "1.", ".1", "1..2", "3.1", "0.40", "1.40", "1.02", "1.-2", "1.+2", "a.b", "1.2 ", "1.2.4294967296",
            "1.2.18446744073709551616", "2.18446744073709551615", "1.٢",
            "1.2" + String(repeating: ".1", count: 63),
        ]
    )
    func refused(text: String) {
        #expect(ASN1ObjectIdentifier(dotNotation: text) == nil)
    }
}
