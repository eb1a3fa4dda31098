/// A set of ASCII characters; what is not ASCII is never in it.
struct OctetSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Makes a set of the characters of a text.
    init(_ characters: String) {
        for octet in characters.utf8 { self.insert(octet) }
    }

    private mutating func insert(_ octet: UInt8) {
        switch octet {
        case ..<64: self.low |= 1 << UInt64(octet)
        case ..<128: self.high |= 1 << UInt64(octet - 64)
        default: break
        }
    }

    /// Whether a character, or an octet of one in UTF-8, is in the set.
    func contains(_ octet: UInt8) -> Bool {
        switch octet {
        case ..<64: self.low & 1 << UInt64(octet) != 0
        case ..<128: self.high & 1 << UInt64(octet - 64) != 0
        default: false
        }
    }

    /// Whether all characters of a text are in the set.
    func containsAll(of text: some StringProtocol) -> Bool { text.utf8.allSatisfy(self.contains) }

    static func + (one: OctetSet, other: OctetSet) -> OctetSet {
        var sum = one
        sum.low |= other.low
        sum.high |= other.high
        return sum
    }

    static let letters = OctetSet("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    static let digits = OctetSet("0123456789")
    /// What a label of a host name consists of.
    static let label = Self.letters + Self.digits + OctetSet("-_")
    /// What names of hosts consist of; an asterisk is the first label of one for many hosts.
    static let host = Self.letters + Self.digits + OctetSet("-_.*")
    /// What stands before the @ of an address that needs no quotes (RFC 5322 §3.2.3: dot-atom).
    static let mailbox = Self.letters + Self.digits + OctetSet("!#$%&'*+-/=?^_`{|}~.")
    /// What URIs consist of (RFC 3986 §2).
    static let uri = Self.letters + Self.digits + OctetSet("-._~:/?#[]@!$&'()*+,;=%")
}
