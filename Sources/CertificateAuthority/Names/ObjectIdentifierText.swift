package import SwiftASN1

extension ASN1ObjectIdentifier {
    /// Reads an OID with dots between its numbers; nil where it is none, or has a number that nobody uses.
    package init?(dotNotation text: String) {
        let numbers = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { part -> UInt? in
                guard part.allSatisfy({ (0x30...0x39).contains($0) }), part.count == 1 || part.first != 0x30 else {
                    return nil
                }
                return UInt(String(Substring(part))).flatMap { $0 <= Self.maximumNumber ? $0 : nil }
            }
        let known = numbers.compactMap(\.self)
        guard known.count == numbers.count, (2...Self.maximumNumbers).contains(known.count),
            known[0] < 2 ? known[1] < 40 : known[0] == 2
        else { return nil }
        guard let identifier = try? ASN1ObjectIdentifier(elements: known) else { return nil }
        self = identifier
    }

    /// The OID with dots between its numbers.
    package var dotNotation: String {
        let components = self.oidComponents
        guard components.count >= 2 else { return "\(self)" }
        // The first two numbers are encoded as one, and below the arc 2 the second one may be 40 and more (X.690 §8.19.4).
        let start = components[0] * 40 + components[1]
        let first = min(start / 40, 2)
        return ([first, start - first * 40] + components.dropFirst(2)).map { "\($0)" }.joined(separator: ".")
    }

    /// The largest number that is read: no OID in use has more than 32 bits in one.
    private static let maximumNumber = UInt(UInt32.max)
    /// How many numbers are read.
    private static let maximumNumbers = 64
}
