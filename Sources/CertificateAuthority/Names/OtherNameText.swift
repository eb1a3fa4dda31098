import CryptographicMessageSyntax
import SwiftASN1

/// The text of an otherName of a type that has a UTF8String for value.
///
/// ```
/// OtherName ::= SEQUENCE {
///     type-id  OBJECT IDENTIFIER,
///     value    [0] EXPLICIT ANY DEFINED BY type-id }
/// ```
/// RFC 5280 §4.2.1.6.
struct OtherNameText {
    /// The text; nil where the value is no UTF8String.
    let text: String?

    /// The name of a user or computer in a Windows domain, by Microsoft's type.
    static let userPrincipalName: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2, 3]

    /// A mail address whose part before the @ is not ASCII: id-on-SmtpUTF8Mailbox (RFC 9598 §3).
    static let internationalMailbox: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 9]

    /// Reads what is inside an otherName.
    ///
    /// - Parameters:
    ///   - nodes: What is inside.
    ///   - identifier: The type that is meant; nil is returned where the name has another one.
    init?(_ nodes: ASN1NodeCollection, type identifier: ASN1ObjectIdentifier) {
        var fields = nodes.makeIterator()
        guard let type = fields.next(), (try? ASN1ObjectIdentifier(berEncoded: type)) == identifier else { return nil }
        let wrapper = try? fields.require("value").children(tagged: .context(0), of: "value")
        guard var wrapper, let value = wrapper.next(), value.identifier == .utf8String, wrapper.next() == nil,
            fields.next() == nil
        else {
            self.text = nil
            return
        }
        self.text = DirectoryString.text(of: value)
    }
}
