import SwiftASN1
import Testing

@testable import CertificateAuthority

@Suite("The type of an attribute")
struct AttributeTypeNameTests {
    @Test(
        "has a short name, however it is written",
        arguments: [
            ("CN", "CN"), ("cn", "CN"), ("commonName", "CN"), ("2.5.4.3", "CN"), ("O", "O"), ("ou", "OU"), ("c", "C"),
            ("L", "L"), ("ST", "ST"), ("S", "ST"), ("street", "STREET"), ("DC", "DC"), ("dc", "DC"),
            ("0.9.2342.19200300.100.1.25", "DC"), ("uid", "UID"), ("UserID", "UID"), ("E", "E"), ("Email", "E"),
            ("emailAddress", "E"), ("1.2.840.113549.1.9.1", "E"), ("serialNumber", "SERIALNUMBER"),
            ("GN", "GIVENNAME"), ("givenName", "GIVENNAME"), ("surname", "SURNAME"), ("title", "TITLE"),
            ("1.2.3", "1.2.3"), ("0.39", "0.39"), ("2.999.7", "2.999.7"), ("2.5.4.999", "2.5.4.999"),
        ]
    )
    func canonical(text: String, name: String) {
        #expect(AttributeTypeName.canonical(text) == name)
    }

    @Test(
        "is no other text",
        arguments: [
            "", " ", "CN ", "SN", "XY", "1", "1.", ".1", "1..2", "3.1", "0.40", "1.40", "01.2", "1.02", "1.-2", "1.2.x",
            "1.2.99999999999999999999", "1.2.٣", "2.5.4.3 ", "*", "OID.2.5.4.3",
        ]
    )
    func none(text: String) {
        #expect(AttributeTypeName.canonical(text) == nil)
    }

    @Test(
        "is named by its OID where it has no short name",
        arguments: [
            ([2, 5, 4, 3], "CN"), ([1, 2, 840, 113549, 1, 9, 1], "E"), ([0, 9, 2342, 19_200_300, 100, 1, 1], "UID"),
            ([1, 2, 3], "1.2.3"), ([0, 0], "0.0"), ([1, 39, 1], "1.39.1"), ([2, 40], "2.40"), ([2, 999, 3], "2.999.3"),
        ] as [([UInt], String)]
    )
    func name(components: [UInt], name: String) throws {
        #expect(AttributeTypeName.name(of: try ASN1ObjectIdentifier(elements: components)) == name)
    }
}
