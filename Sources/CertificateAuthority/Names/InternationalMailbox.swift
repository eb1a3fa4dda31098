import CryptographicMessageSyntax
import SwiftASN1

/// A mail address whose part before the @ is not ASCII, as it stands in an otherName.
///
/// ```
/// id-on-SmtpUTF8Mailbox OBJECT IDENTIFIER ::= { id-on 9 }
///
/// SmtpUTF8Mailbox ::= UTF8String (SIZE (1..MAX))
/// ```
/// RFC 9598 §3.
struct InternationalMailbox {
    /// The address; nil where the value is no UTF8String.
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

    private static let identifier: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 9]
}
