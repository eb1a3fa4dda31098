import Crypto

/// Computes the digest that links an entry of the audit log to the one before it.
///
/// It is the SHA-256 of the digest before it and the entry's members: chain, sequence, and the columns in the order of
/// ``EventRecord/content``. A member is its number (one octet, from 1), its type (1 for an integer, 2 for a text, 3 for
/// bytes), its length (8 octets) and its content; integers have 8 octets, all numbers the most significant octet first. What
/// is not there is left out, so that columns which later versions add change nothing about older entries.
enum AuditDigest {
    /// The digest of an entry.
    ///
    /// - Parameters:
    ///   - previous: The digest of the entry before it.
    ///   - chain: Its chain.
    ///   - sequence: Its number there.
    ///   - content: Its columns in the order of ``EventRecord/content``, as they are stored.
    /// - Returns: The digest.
    static func digest(after previous: [UInt8], chain: Int64, sequence: Int64, _ content: [SQLValue]) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(1024)
        Self.append(.integer(chain), number: 1, to: &bytes)
        Self.append(.integer(sequence), number: 2, to: &bytes)
        var number: UInt8 = 3
        for value in content {
            Self.append(value, number: number, to: &bytes)
            number += 1
        }
        return Array(SHA256.hash(data: bytes))
    }

    private static func append(_ value: SQLValue, number: UInt8, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .integer(let integer):
            bytes += [number, 1]
            Self.append(8, to: &bytes)
            Self.append(UInt64(bitPattern: integer), to: &bytes)
        case .text(let text):
            var text = text.storable
            text.withUTF8 { utf8 in
                bytes += [number, 2]
                Self.append(UInt64(utf8.count), to: &bytes)
                bytes += utf8
            }
        case .bytes(let content):
            bytes += [number, 3]
            Self.append(UInt64(content.count), to: &bytes)
            bytes += content
        }
    }

    private static func append(_ integer: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.bigEndian) { bytes += $0 }
    }
}

extension EventRecord {
    /// What its digest has to be where the entry before it has this one; nil where it has no place in the audit log.
    func digest(after previous: [UInt8]) -> [UInt8]? {
        self.link.map {
            AuditDigest.digest(after: previous, chain: $0.chain, sequence: $0.sequence, self.contentValues)
        }
    }
}
