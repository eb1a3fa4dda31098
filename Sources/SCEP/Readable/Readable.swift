import SwiftASN1

/// How what came from outside is written for people: so that it does no harm, and not without end.
package enum Readable {
    /// How many characters of a text are shown: a URL of Active Directory has some 300.
    static let maximumLength = 1000
    /// How many bytes are shown of what is not understood.
    static let maximumOctets = 64
    /// How many parts of a list are shown.
    static let maximumParts = 100

    /// A text.
    static func text(_ text: String) -> String { text.printable(upTo: Self.maximumLength) }

    /// Bytes that are no text.
    package static func octets(_ bytes: some Collection<UInt8>) -> String {
        let start = "#\(bytes.prefix(Self.maximumOctets).hexadecimal)"
        return bytes.count > Self.maximumOctets ? "\(start)… (\(bytes.count) bytes)" : start
    }

    /// Something that should be readable and is not.
    package static func unreadable(_ bytes: some Collection<UInt8>) -> String { "not readable: \(Self.octets(bytes))" }

    /// A list, shortened where it is too long.
    ///
    /// - Parameters:
    ///   - elements: The elements.
    ///   - text: Describes one.
    /// - Returns: The text of each, and at the end how many there are besides.
    /// - Throws: What the closure throws.
    static func list<Element>(
        _ elements: some Sequence<Element>,
        _ text: (Element) throws -> String
    ) rethrows -> [String] {
        var texts: [String] = []
        var further = 0
        for element in elements {
            if texts.count < Self.maximumParts { texts.append(try text(element)) } else { further += 1 }
        }
        return further == 0 ? texts : texts + ["… and \(further) more"]
    }
}

extension ASN1ObjectIdentifier {
    /// The identifier with points between its numbers.
    ///
    /// SwiftASN1's own text splits the first number by 40, which is wrong below 2, where the second one may be 40 and
    /// more (X.690 §8.19.4).
    package var dotted: String {
        var numbers = self.oidComponents
        if numbers.count >= 2, numbers[0] > 2 {
            numbers[1] += (numbers[0] - 2) * 40
            numbers[0] = 2
        }
        return Readable.text(numbers.map(String.init).joined(separator: "."))
    }
}
