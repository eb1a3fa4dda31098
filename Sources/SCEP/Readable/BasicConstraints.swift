import CryptographicMessageSyntax
import SwiftASN1

/// Whether a certificate is a CA's.
///
/// ```
/// BasicConstraints ::= SEQUENCE {
///     cA                 BOOLEAN DEFAULT FALSE,
///     pathLenConstraint  INTEGER (0..MAX) OPTIONAL }
/// ```
/// RFC 5280 §4.2.1.9.
struct BasicConstraints {
    /// Whether it is.
    let isAuthority: Bool
    /// How many CAs may be below it, for people; nil where it does not say.
    let pathLength: String?
    /// Whether there is nothing else behind them, as there should be.
    let isWhole: Bool

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "basicConstraints")
        self.isAuthority = try nodes.next(tagged: .boolean).map { try Bool(berEncoded: $0) } ?? false
        self.pathLength = nodes.next(tagged: .integer).map { node in
            (try? Int(berEncoded: node)).map { "\($0)" } ?? Readable.octets(node.encodedBytes)
        }
        self.isWhole = nodes.next() == nil
    }
}
