/// Where an entry stands in the audit log.
///
/// Its digest covers the entry and the digest of the one before it, so nothing before it can be changed without every
/// digest since then being another one.
public struct AuditLink: Hashable, Sendable {
    /// The chain: each server that writes to one database will have its own.
    public var chain: Int64
    /// The number in the chain; the first entry's is 1, and none is left out.
    public var sequence: Int64
    /// The SHA-256 of the digest before it and the entry.
    public var digest: [UInt8]

    /// Makes a link.
    public init(chain: Int64, sequence: Int64, digest: [UInt8]) {
        self.chain = chain
        self.sequence = sequence
        self.digest = digest
    }

    /// What is in the place of a digest before the first entry.
    static let start = [UInt8](repeating: 0, count: 32)
}

extension AuditLink: CustomStringConvertible {
    /// The number and the digest, as `ucm audit verify --head` takes it: `17:9f86…`, with `2/` in front for the second chain.
    public var description: String {
        (self.chain == 1 ? "" : "\(self.chain)/") + "\(self.sequence):\(self.digestText)"
    }

    /// The digest in hexadecimal.
    public var digestText: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: self.digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }, as: UTF8.self)
    }

    /// Reads what ``description`` gave, in either case; nil where it is something else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let digest = Self.digest(String(parts[1])), digest.count == 32 else { return nil }
        let numbers = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count <= 2, let number = numbers.last, let sequence = Int64(number), sequence > 0 else {
            return nil
        }
        guard let chain = numbers.count == 2 ? Int64(numbers[0]) : 1, chain > 0 else { return nil }
        self.init(chain: chain, sequence: sequence, digest: digest)
    }

    /// Reads a digest in hexadecimal; nil where it is none.
    public static func digest(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.count <= 128 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
