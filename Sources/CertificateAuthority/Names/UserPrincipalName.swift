import CryptographicMessageSyntax
import SwiftASN1

/// The name of a user or computer in a Windows domain, as it stands in an otherName.
///
/// ```
/// OtherName ::= SEQUENCE {
///     type-id  OBJECT IDENTIFIER,
///     value    [0] EXPLICIT ANY DEFINED BY type-id }
/// ```
/// RFC 5280 §4.2.1.6. Microsoft's type 1.3.6.1.4.1.311.20.2.3 has a UTF8String for value.
struct UserPrincipalName {
    /// The name; nil where the value is no UTF8String.
    let text: String?

    /// Reads what is inside an otherName; nil where that has another type.
    init?(_ nodes: ASN1NodeCollection) {
        var fields = nodes.makeIterator()
        guard let type = fields.next(), let identifier = try? ASN1ObjectIdentifier(berEncoded: type),
            identifier == Self.identifier
        else { return nil }
        let wrapper = try? fields.require("value").children(tagged: .context(0), of: "value")
        guard var wrapper, let value = wrapper.next(), value.identifier == .utf8String, wrapper.next() == nil,
            fields.next() == nil
        else {
            self.text = nil
            return
        }
        self.text = DirectoryString.text(of: value)
    }

    private static let identifier: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2, 3]
}
