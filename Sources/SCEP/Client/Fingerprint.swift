import Crypto

/// The SHA-256 of a certificate, which a person compares with what the CA's operator told (RFC 8894 §2.2).
public struct Fingerprint: Hashable, Sendable {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The fingerprint of an encoded certificate.
    public init(of certificate: [UInt8]) {
        self.bytes = Array(SHA256.hash(data: certificate))
    }

    /// Reads a fingerprint in hexadecimal digits of either case, with colons, dashes or blanks or without, and with the
    /// name of the digest that some programs write in front.
    ///
    /// - Throws: ``SCEPError`` with code `encoding`.
    public init(_ text: String) throws(SCEPError) {
        var digits = text.lowercased().filter { !$0.isWhitespace && $0 != ":" && $0 != "-" }[...]
        for prefix in ["sha256fingerprint=", "sha256=", "sha256"] where digits.hasPrefix(prefix) {
            digits = digits.dropFirst(prefix.count)
            break
        }
        let values = digits.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard values.count == digits.utf8.count, !values.isEmpty else {
            throw SCEPError(.encoding, "the fingerprint is not written in hexadecimal digits")
        }
        guard values.count == 64 else {
            let looksLike = [32: ", which looks like MD5", 40: ", which looks like SHA-1"][values.count] ?? ""
            throw SCEPError(
                .encoding,
                "the fingerprint has \(values.count) hexadecimal digits\(looksLike): the SHA-256 of the CA certificate, "
                    + "64 digits, is needed"
            )
        }
        self.bytes = stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}

extension Fingerprint: CustomStringConvertible {
    /// The usual notation: upper-case digits with colons.
    public var description: String {
        let digits = Array("0123456789ABCDEF")
        return self.bytes.map { String([digits[Int($0 >> 4)], digits[Int($0 & 0xf)]]) }.joined(separator: ":")
    }
}
