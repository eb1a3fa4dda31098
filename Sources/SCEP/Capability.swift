/// What a server can do, as GetCACaps tells it (RFC 8894 §3.5.2).
public enum Capability: String, Hashable, Sendable, CaseIterable, Codable {
    /// AES-128 in CBC mode for content encryption.
    case aes = "AES"
    /// Triple DES for content encryption.
    case tripleDES = "DES3"
    /// GetNextCACert is answered.
    case getNextCACert = "GetNextCACert"
    /// PKIOperation may be sent by POST.
    case postPKIOperation = "POSTPKIOperation"
    /// RenewalReq is accepted.
    case renewal = "Renewal"
    /// SHA-1.
    case sha1 = "SHA-1"
    /// SHA-256.
    case sha256 = "SHA-256"
    /// SHA-384; strongSwan's AES default looks for it.
    case sha384 = "SHA-384"
    /// SHA-512.
    case sha512 = "SHA-512"
    /// AES, POSTPKIOperation and SHA-256, all of them mandatory.
    case scepStandard = "SCEPStandard"

    /// The capabilities in a server's answer; lines end with LF or CRLF, unknown words are passed over, and case is
    /// ignored.
    public static func parse(_ text: String) -> Set<Capability> {
        let words = text.split(whereSeparator: \.isNewline).map { $0.lowercased().filter { !$0.isWhitespace } }
        return Set(words.compactMap { word in Self.allCases.first { $0.rawValue.lowercased() == word } })
    }
}

extension [Capability] {
    /// The answer to GetCACaps: one capability a line.
    public var text: String {
        self.map { $0.rawValue + "\n" }.joined()
    }
}
