import Foundation

/// Brings a string into the form in which strings that mean the same are equal.
///
/// RFC 4518 §2 with the case folding and the white space compression that RFC 5280 §7.1 asks for. The step that
/// prohibits code points is left out: it would only make names incomparable.
package enum StringPreparation {
    /// How many code points are normalised.
    ///
    /// Normalising takes time with the square of a run of combining marks. X.520 bounds the values of a Name to 64 or
    /// 128 characters, some to 256.
    static let maximumLength = 1024

    /// Prepares a string.
    ///
    /// - Returns: The prepared string; nil where it is too long for any Name.
    package static func prepared(_ text: String) -> String? {
        if Self.isPlain(text) { return text.lowercased() }
        guard let mapped = Self.mapped(text, upTo: Self.maximumLength) else { return nil }
        guard !mapped.utf8.allSatisfy({ $0 < 0x80 }) else { return mapped }
        // Normalisation brings forth capitals (U+2121, "TEL") and spaces (U+00A8) of its own.
        return Self.mapped(mapped.precomposedStringWithCompatibilityMapping, upTo: .max)
            .flatMap { Self.mapped($0.precomposedStringWithCompatibilityMapping, upTo: .max) }
    }

    /// Whether it is what most names are, words in ASCII with one space between them.
    ///
    /// Then only its case is folded.
    private static func isPlain(_ text: String) -> Bool {
        guard text.utf8.count <= Self.maximumLength, text.utf8.last != 0x20 else { return false }
        var last: UInt8 = 0x20
        return text.utf8.allSatisfy { octet in
            defer { last = octet }
            return (0x21...0x7e).contains(octet) || octet == 0x20 && last != 0x20
        }
    }

    /// Folds case, drops what is invisible, and leaves one space of every run of white space between words.
    ///
    /// - Returns: What is left; nil as soon as it is longer than a limit.
    private static func mapped(_ text: String, upTo limit: Int) -> String? {
        var mapped: [Unicode.Scalar] = []
        var isSpacePending = false
        for scalar in text.unicodeScalars {
            switch Self.mapping(of: scalar) {
            case .nothing: continue
            case .space: isSpacePending = !mapped.isEmpty
            case .folded:
                if isSpacePending { mapped.append(" ") }
                isSpacePending = false
                Self.fold(scalar, into: &mapped)
                guard mapped.count <= limit else { return nil }
            }
        }
        return String(String.UnicodeScalarView(mapped))
    }

    private enum Mapping {
        case nothing
        case space
        case folded
    }

    /// RFC 4518 §2.2.
    private static func mapping(of scalar: Unicode.Scalar) -> Mapping {
        switch scalar.value {
        case 0x21...0x7e: return .folded
        case 0x20, 0x09...0x0d, 0x85: return .space
        // Zero width space, soft hyphens, combining grapheme joiner, variation selectors, object replacement character.
        case 0x200b, 0xad, 0x1806, 0x034f, 0x180b...0x180d, 0xfe00...0xfe0f, 0xfffc: return .nothing
        default:
            switch scalar.properties.generalCategory {
            case .control, .format: return .nothing
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
            default: return .folded
            }
        }
    }

    /// Case folding (RFC 3454 §B.2) by what the standard library has: the small form of the capital form of the small
    /// form is the same for all letters that differ only in case, final sigma and sharp s among them.
    private static func fold(_ scalar: Unicode.Scalar, into scalars: inout [Unicode.Scalar]) {
        switch scalar.value {
        case 0x41...0x5a:
            scalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value | 0x20)))
        case ..<0x80, 0x131:
            // The dotless i has the capital of the dotted one but is another letter.
            scalars.append(scalar)
        default:
            for small in scalar.properties.lowercaseMapping.unicodeScalars {
                for capital in small.properties.uppercaseMapping.unicodeScalars {
                    scalars.append(contentsOf: capital.properties.lowercaseMapping.unicodeScalars)
                }
            }
        }
    }
}
