import SwiftASN1

/// The content-encryption key, encrypted with a key that is derived from a password.
///
/// ```
/// PasswordRecipientInfo ::= SEQUENCE {
///     version                 CMSVersion,  -- always 0
///     keyDerivationAlgorithm  [0] KeyDerivationAlgorithmIdentifier OPTIONAL,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     encryptedKey            EncryptedKey }
/// ```
/// RFC 5652 §6.2.4, where it has the implicit tag `[3]`. RFC 8894 §3.1 has it for recipients whose key cannot decrypt:
/// the password is the challenge.
public struct PasswordRecipientInfo: Hashable, Sendable {
    /// How the key is derived from the password; nil where the recipient has to know.
    public var keyDerivationAlgorithm: AlgorithmIdentifier?
    /// How the key was encrypted.
    public var keyEncryptionAlgorithm: AlgorithmIdentifier
    /// The encrypted key.
    public var encryptedKey: [UInt8]

    init(
        keyDerivationAlgorithm: AlgorithmIdentifier?,
        keyEncryptionAlgorithm: AlgorithmIdentifier,
        encryptedKey: [UInt8]
    ) {
        self.keyDerivationAlgorithm = keyDerivationAlgorithm
        self.keyEncryptionAlgorithm = keyEncryptionAlgorithm
        self.encryptedKey = encryptedKey
    }

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .context(Self.tag), of: "PasswordRecipientInfo")
        _ = try nodes.require("version")
        self.keyDerivationAlgorithm = try nodes.next(tagged: .context(0)).map {
            try AlgorithmIdentifier(node: $0, tagged: .context(0))
        }
        self.keyEncryptionAlgorithm = try AlgorithmIdentifier(node: try nodes.require("keyEncryptionAlgorithm"))
        self.encryptedKey = Array(try ASN1OctetString(berEncoded: try nodes.require("encryptedKey")).bytes)
    }

    /// The number of its tag among the choices of RecipientInfo.
    static let tag: UInt = 3
}

extension PasswordRecipientInfo: DEREncodable {
    /// Writes the RecipientInfo as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.context(UInt8(Self.tag))) { coder in
            coder.serialize(0)
            self.keyDerivationAlgorithm?.serialize(into: &coder, tagged: .context(0))
            coder.serialize(self.keyEncryptionAlgorithm)
            coder.appendOctetString(self.encryptedKey)
        }
    }
}
