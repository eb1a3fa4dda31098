/// A text in the form in which patterns are compared with it: without regard to case, to the amount of white space and
/// to how its characters are composed, as Names are compared (RFC 5280 §7.1).
package struct PreparedText: Hashable, Sendable {
    /// How many code points a text that matches anything can have.
    package static let maximumLength = 1000

    /// The text in UTF-8.
    let octets: [UInt8]

    /// Prepares a text; nil where it is too long.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength * 4, text.unicodeScalars.count <= Self.maximumLength,
            let prepared = StringPreparation.prepared(text)
        else { return nil }
        self.octets = Array(prepared.utf8)
    }
}
