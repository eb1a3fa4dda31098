import CryptographicMessageSyntax

/// Whether two Names are the same, however they are written.
///
/// RFC 5280 §7.1: two Names match if they have the same number of RDNs and these match pairwise, in order. An RDN is a
/// set: its attributes match in any order. Types have to be equal; strings are compared without regard to the string
/// type, to case and to the amount of white space, after normalisation (``StringPreparation``), all other values byte
/// for byte.
public enum NameComparison {
    /// Compares two encoded Names.
    ///
    /// - Parameters:
    ///   - one: A Name as BER.
    ///   - other: Another one.
    /// - Returns: Whether they are the same; what is no Name is only the same as the same bytes.
    public static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one != other else { return true }
        guard let one = try? ParsedName(encoded: one), let other = try? ParsedName(encoded: other) else { return false }
        // The shape costs nothing to compare; strings are prepared only where it is the same.
        guard one.shape == other.shape else { return false }
        return PreparedName(one) == PreparedName(other)
    }
}

/// A Name that many others are compared with, so it is taken apart only once.
struct ComparedName: Sendable {
    private let encoded: [UInt8]
    /// nil where it is no Name.
    private let parts: (shape: [Int], prepared: PreparedName)?

    init(encoded: [UInt8]) {
        self.encoded = encoded
        self.parts = (try? ParsedName(encoded: encoded)).map { ($0.shape, PreparedName($0)) }
    }

    /// Whether another Name is the same, as ``NameComparison`` says.
    func isSame(as other: [UInt8]) -> Bool {
        guard other != self.encoded else { return true }
        guard let parts, let other = try? ParsedName(encoded: other), other.shape == parts.shape else { return false }
        return PreparedName(other) == parts.prepared
    }
}

/// A Name in the form in which the same Names are equal.
struct PreparedName: Hashable {
    private struct Attribute: Hashable {
        var type: [UInt8]
        var value: Value
    }

    private enum Value: Hashable {
        /// A string, prepared, as UTF-8.
        case text([UInt8])
        /// Anything else, as it is.
        case encoded([UInt8])
    }

    /// For each RDN its attributes, and how often each is there.
    private let relativeNames: [[Attribute: Int]]

    /// Whether another Name begins with the RDNs of this one.
    func isPrefix(of other: PreparedName) -> Bool { other.relativeNames.starts(with: self.relativeNames) }

    init(_ name: ParsedName) {
        self.relativeNames = name.relativeNames.map { attributes in
            attributes.reduce(into: [:]) { counts, attribute in
                let text = DirectoryString.text(of: attribute.value).flatMap(StringPreparation.prepared)
                let value = text.map { Value.text(Array($0.utf8)) } ?? .encoded(attribute.value.canonicalBytes)
                counts[Attribute(type: attribute.type.canonicalBytes, value: value), default: 0] += 1
            }
        }
    }
}
