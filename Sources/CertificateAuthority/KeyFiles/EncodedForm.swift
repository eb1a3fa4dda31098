import CryptographicMessageSyntax
import SwiftASN1

/// What a file in DER, or in BER, is, by the outermost elements.
enum EncodedForm: Hashable, Sendable {
    /// `SEQUENCE { SEQUENCE, SEQUENCE, BIT STRING }` that is no request (RFC 5280 §4.1).
    case certificate
    /// The same, where the inner one has version, name and key (RFC 2986 §4).
    case request
    /// `SEQUENCE { OBJECT IDENTIFIER, … }` (RFC 5652 §3).
    case signedData
    /// `SEQUENCE { INTEGER 3, SEQUENCE, … }` (RFC 7292 §4).
    case pkcs12
    /// `SEQUENCE { INTEGER 0 or 1, … }`: PKCS#8 (RFC 5958 §2) and the older forms.
    case privateKey
    /// `SEQUENCE { SEQUENCE, OCTET STRING }` (RFC 5958 §3).
    case encryptedPrivateKey

    /// Finds out; nil where it is none of these.
    init?(of bytes: [UInt8]) {
        guard bytes.first == 0x30 else { return nil }
        let form = try? decodeBER(bytes[...], as: "file") { root -> EncodedForm? in
            var nodes = try root.children(tagged: .sequence, of: "file")
            let first = try nodes.require("first element")
            let second = try nodes.require("second element")
            switch (first.identifier, second.identifier) {
            case (.objectIdentifier, _): return .signedData
            case (.integer, .sequence) where try Int(berEncoded: first) == 3: return .pkcs12
            case (.integer, _): return .privateKey
            case (.sequence, .octetString): return .encryptedPrivateKey
            case (.sequence, .sequence):
                return (try? CertificationRequest(encoded: bytes)) == nil ? .certificate : .request
            default: return nil
            }
        }
        guard let form = form.flatMap({ $0 }) else { return nil }
        self = form
    }
}
