import CryptographicMessageSyntax
import SwiftASN1

/// Where CRLs are.
///
/// ```
/// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
///
/// DistributionPoint ::= SEQUENCE {
///     distributionPoint  [0] DistributionPointName OPTIONAL,
///     reasons            [1] ReasonFlags OPTIONAL,
///     cRLIssuer          [2] GeneralNames OPTIONAL }
///
/// DistributionPointName ::= CHOICE {
///     fullName                 [0] GeneralNames,
///     nameRelativeToCRLIssuer  [1] RelativeDistinguishedName }
/// ```
/// RFC 5280 §4.2.1.13.
enum DistributionPoints {
    /// The names in fullName of each point; nil for a point that has none, or cannot be read.
    static func fullNames(_ node: ASN1Node) throws -> [[ASN1Node]?] {
        IteratorSequence(try node.children(tagged: .sequence, of: "cRLDistributionPoints")).map { point in
            guard var fields = try? point.children(tagged: .sequence, of: "DistributionPoint"),
                var name = try? fields.next(tagged: .context(0))?.children(
                    tagged: .context(0), of: "distributionPoint"),
                let names = try? name.next(tagged: .context(0))?.children(tagged: .context(0), of: "fullName")
            else { return nil }
            return Array(IteratorSequence(names))
        }
    }
}
