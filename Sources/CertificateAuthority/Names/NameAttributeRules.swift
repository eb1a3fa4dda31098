import CryptographicMessageSyntax

/// What the value of an attribute of a Name may be, and how it is written.
///
/// RFC 5280 §A.1: the string types and upper bounds of X.520; RFC 4524 and RFC 2985 have some more.
enum NameAttributeRules {
    private static let upperBounds: [String: Int] = [
        "CN": 64, "O": 64, "OU": 64, "TITLE": 64, "SERIALNUMBER": 64, "L": 128, "ST": 128, "STREET": 128,
        "POSTALCODE": 40, "PSEUDONYM": 128, "E": 255, "DC": 63, "UID": 256, "UNSTRUCTUREDNAME": 255,
        "DESCRIPTION": 1024,
    ]

    /// What is longer stands in no Name, whatever the attribute.
    private static let upperBound = 1024

    /// What keeps a text from being the value of an attribute, as the rest of a sentence; nil where nothing does.
    static func flaw(in text: String, of type: String) -> String? {
        let bound = Self.upperBounds[type] ?? Self.upperBound
        let count = text.unicodeScalars.count
        if text.isEmpty { return "is empty" }
        if count > bound { return "has \(count) characters, and \(bound) are allowed" }
        switch Self.tag(of: type) {
        case .printableString where !text.utf8.allSatisfy(Self.printable.contains):
            return "may only have letters, digits, spaces and '()+,-./:=?"
        case .ia5String where !text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }):
            return "has to be ASCII: write an international host name in its xn-- form"
        default: break
        }
        if type == "C", count != 2 || !OctetSet.letters.containsAll(of: text) {
            return "has to be a country's two letters (ISO 3166), like DE"
        }
        return nil
    }

    /// The string type of an attribute's values.
    static func tag(of type: String) -> DERTag {
        switch type {
        case "C", "SERIALNUMBER", "DNQUALIFIER": .printableString
        case "DC", "E": .ia5String
        default: .utf8String
        }
    }

    /// The characters of a PrintableString (X.680 §41.4).
    private static let printable = OctetSet.letters + .digits + OctetSet(" '()+,-./:=?")
}
