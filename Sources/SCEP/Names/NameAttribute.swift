import SwiftASN1

/// An attribute type of a Name: how it is written by people, and which string type it has.
struct NameAttribute: Sendable {
    /// The string types that RFC 5280 §A.1 gives to attributes.
    enum StringType: Sendable {
        case utf8
        case printable
        case ia5
    }

    let identifier: ASN1ObjectIdentifier
    /// The names that are read; the first one is written.
    let names: [String]
    let stringType: StringType

    private init(_ identifier: ASN1ObjectIdentifier, _ names: String..., as stringType: StringType = .utf8) {
        self.identifier = identifier
        self.names = names
        self.stringType = stringType
    }

    /// Those that have a name; any other is written with its object identifier.
    static let all: [NameAttribute] = [
        NameAttribute([2, 5, 4, 3], "CN", "commonName"),
        NameAttribute([2, 5, 4, 6], "C", "countryName", as: .printable),
        NameAttribute([2, 5, 4, 7], "L", "localityName"),
        NameAttribute([2, 5, 4, 8], "ST", "S", "stateOrProvinceName"),
        NameAttribute([2, 5, 4, 9], "STREET", "streetAddress"),
        NameAttribute([2, 5, 4, 10], "O", "organizationName"),
        NameAttribute([2, 5, 4, 11], "OU", "organizationalUnitName"),
        NameAttribute([2, 5, 4, 4], "SN", "surname"),
        NameAttribute([2, 5, 4, 42], "GN", "givenName"),
        NameAttribute([2, 5, 4, 5], "serialNumber", as: .printable),
        NameAttribute([2, 5, 4, 12], "title", "T"),
        NameAttribute([2, 5, 4, 17], "postalCode"),
        NameAttribute([2, 5, 4, 46], "dnQualifier", as: .printable),
        NameAttribute([2, 5, 4, 65], "pseudonym"),
        NameAttribute([2, 5, 4, 97], "organizationIdentifier"),
        NameAttribute([0, 9, 2342, 19_200_300, 100, 1, 25], "DC", "domainComponent", as: .ia5),
        NameAttribute([0, 9, 2342, 19_200_300, 100, 1, 1], "UID", "userId"),
        NameAttribute([1, 2, 840, 113549, 1, 9, 1], "emailAddress", "E", "EMAIL", as: .ia5),
        NameAttribute([1, 2, 840, 113549, 1, 9, 2], "unstructuredName"),
        NameAttribute([1, 2, 840, 113549, 1, 9, 8], "unstructuredAddress"),
    ]

    /// The attribute with a name, in any case.
    static func named(_ name: String) -> NameAttribute? {
        self.all.first { $0.names.contains { $0.lowercased() == name.lowercased() } }
    }

    /// What an attribute type is called: its name, or its object identifier.
    static func name(of identifier: ASN1ObjectIdentifier) -> String {
        self.all.first { $0.identifier == identifier }?.names.first ?? identifier.dotted
    }
}

extension NameAttribute {
    /// An attribute without a name, as a UTF8String.
    init(_ identifier: ASN1ObjectIdentifier) {
        self.init(identifier, "\(identifier)")
    }
}
