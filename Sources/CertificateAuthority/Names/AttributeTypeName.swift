import SwiftASN1

/// What the types of a Name's attributes are called in rules: `CN`, `O`, or an OID with dots where there is no short name.
///
/// RFC 4514 §3 and RFC 4519 have most of the names, RFC 2985 those of PKCS #9.
public enum AttributeTypeName {
    /// The short names there are, by their OIDs.
    private static let names: [String: String] = [
        "2.5.4.3": "CN", "2.5.4.4": "SURNAME", "2.5.4.5": "SERIALNUMBER", "2.5.4.6": "C", "2.5.4.7": "L",
        "2.5.4.8": "ST", "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "TITLE",
        "2.5.4.13": "DESCRIPTION", "2.5.4.17": "POSTALCODE", "2.5.4.42": "GIVENNAME", "2.5.4.43": "INITIALS",
        "2.5.4.44": "GENERATIONQUALIFIER", "2.5.4.46": "DNQUALIFIER", "2.5.4.65": "PSEUDONYM",
        "2.5.4.97": "ORGANIZATIONIDENTIFIER", "0.9.2342.19200300.100.1.1": "UID",
        "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "E",
        "1.2.840.113549.1.9.2": "UNSTRUCTUREDNAME", "1.2.840.113549.1.9.8": "UNSTRUCTUREDADDRESS",
    ]

    private static let knownNames = Set(Self.names.values)

    private static let identifiers = Dictionary(Self.names.map { ($1, $0) }) { first, _ in first }

    /// What other programs call some of them.
    ///
    /// SN is none: it is SURNAME to some and SERIALNUMBER to others.
    private static let otherNames = [
        "EMAILADDRESS": "E", "EMAIL": "E", "S": "ST", "GN": "GIVENNAME", "USERID": "UID", "COMMONNAME": "CN",
        "DOMAINCOMPONENT": "DC",
    ]

    /// Finds a type by how somebody writes it.
    ///
    /// - Parameter text: A short name, in capitals or not, or an OID with dots.
    /// - Returns: The short name, or the OID where there is none; nil where the text is neither.
    public static func canonical(_ text: String) -> String? {
        let capitals = text.uppercased()
        if Self.knownNames.contains(capitals) { return capitals }
        if let name = Self.otherNames[capitals] { return name }
        return Self.isObjectIdentifier(text) ? Self.names[text] ?? text : nil
    }

    /// What a type is called.
    static func name(of identifier: ASN1ObjectIdentifier) -> String {
        let text = identifier.dotNotation
        return Self.names[text] ?? text
    }

    /// The type that is called so; nil where there is none.
    ///
    /// - Parameter name: What ``canonical(_:)`` returned.
    /// - Returns: The OID.
    static func identifier(of name: String) -> ASN1ObjectIdentifier? {
        ASN1ObjectIdentifier(dotNotation: Self.identifiers[name] ?? name)
    }

    private static func isObjectIdentifier(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> UInt? in
            guard part.allSatisfy({ (0x30...0x39).contains($0) }), part.count == 1 || part.first != 0x30 else {
                return nil
            }
            return UInt(String(Substring(part)))
        }
        guard numbers.count == parts.count, numbers.count >= 2 else { return false }
        return numbers[0] < 2 ? numbers[1] < 40 : numbers[0] == 2
    }
}
