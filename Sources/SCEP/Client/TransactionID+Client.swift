import Crypto
public import CryptographicMessageSyntax

/// How a client names its transactions (RFC 8894 §3.2.1.1).
///
/// "The client MUST use a unique string as the transaction identifier, encoded as a PrintableString, which MUST be used
/// for all PKI messages exchanged for a given operation": unique, not random. A hash of what makes the operation what it
/// is says the same after a crash, so a client that lost a reply, or its notes, continues the transaction instead of
/// beginning a second one. And a new key begins a new one by itself.
extension TransactionID {
    /// The transaction in which a key is certified for the first time: the SHA-256 of the public key, in lower-case
    /// hexadecimal digits.
    ///
    /// - Parameter key: The key to be certified.
    public init(enrolling key: SubjectPublicKeyInfo) {
        self.init(hexadecimal: Array(SHA256.hash(data: key.derEncoded)))
    }

    /// The transaction in which a certificate is renewed.
    ///
    /// The certificate is part of it because a renewal may keep the key, and the key alone would name the transaction
    /// in which the first certificate was issued.
    ///
    /// - Parameters:
    ///   - certificate: The certificate that is renewed.
    ///   - key: The key to be certified.
    public init(renewing certificate: SignerCertificate, with key: SubjectPublicKeyInfo) {
        self.init(hexadecimal: Array(SHA256.hash(data: key.derEncoded + certificate.encoded)))
    }

    /// A transaction like no other, for queries, which nobody continues.
    public static func random() -> TransactionID {
        TransactionID(hexadecimal: .random(count: 16))
    }

    private init(hexadecimal bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        self.bytes = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
    }
}
