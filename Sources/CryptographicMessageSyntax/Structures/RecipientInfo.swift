import SwiftASN1

/// The content-encryption key, encrypted for one recipient's RSA key.
///
/// ```
/// KeyTransRecipientInfo ::= SEQUENCE {
///     version                 CMSVersion,  -- 0 or 2
///     rid                     RecipientIdentifier,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     encryptedKey            EncryptedKey }
/// ```
/// RFC 5652 §6.2.1.
public struct KeyTransRecipientInfo: Hashable, Sendable {
    /// Which certificate's key the recipient has.
    public var recipient: CertificateIdentifier
    /// How the key was encrypted.
    public var keyEncryptionAlgorithm: AlgorithmIdentifier
    /// The encrypted key.
    public var encryptedKey: [UInt8]

    init(
        recipient: CertificateIdentifier,
        keyEncryptionAlgorithm: AlgorithmIdentifier,
        encryptedKey: [UInt8]
    ) {
        self.recipient = recipient
        self.keyEncryptionAlgorithm = keyEncryptionAlgorithm
        self.encryptedKey = encryptedKey
    }

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "KeyTransRecipientInfo")
        _ = try nodes.require("version")
        self.recipient = try CertificateIdentifier(node: try nodes.require("rid"))
        self.keyEncryptionAlgorithm = try AlgorithmIdentifier(node: try nodes.require("keyEncryptionAlgorithm"))
        self.encryptedKey = Array(try ASN1OctetString(berEncoded: try nodes.require("encryptedKey")).bytes)
    }
}

extension KeyTransRecipientInfo: DEREncodable {
    /// The version (RFC 5652 §6.2.1).
    var version: Int {
        switch self.recipient {
        case .issuerAndSerialNumber: 0
        case .subjectKeyIdentifier: 2
        }
    }

    /// Writes the RecipientInfo as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.serialize(self.version)
            switch self.recipient {
            case .issuerAndSerialNumber(let identifier):
                coder.serialize(identifier)
            case .subjectKeyIdentifier(let identifier):
                coder.append(.primitive(0), identifier)
            }
            coder.serialize(self.keyEncryptionAlgorithm)
            coder.appendOctetString(self.encryptedKey)
        }
    }
}

/// One of the ways in which the content-encryption key reaches a recipient.
///
/// ```
/// RecipientInfo ::= CHOICE {
///     ktri  KeyTransRecipientInfo,
///     kari  [1] KeyAgreeRecipientInfo,
///     kekri [2] KEKRecipientInfo,
///     pwri  [3] PasswordRecipientInfo,
///     ori   [4] OtherRecipientInfo }
/// ```
/// RFC 5652 §6.2.
public enum RecipientInfo: Hashable, Sendable {
    /// By the recipient's RSA key.
    case keyTransport(KeyTransRecipientInfo)
    /// By a password.
    case password(PasswordRecipientInfo)
    /// Another choice, by its tag number; it survives decoding and is refused where it is used.
    case other(UInt)

    init(node: ASN1Node) throws {
        if node.identifier == .sequence {
            self = .keyTransport(try KeyTransRecipientInfo(node: node))
        } else if node.identifier == .context(PasswordRecipientInfo.tag) {
            self = .password(try PasswordRecipientInfo(node: node))
        } else {
            self = .other(node.identifier.tagNumber)
        }
    }

    /// The version of a choice that PKCS#7 had, by which the version of the EnvelopedData goes; nil for those that
    /// came later.
    var version: Int? {
        if case .keyTransport(let info) = self { info.version } else { nil }
    }
}

extension RecipientInfo {
    /// The RecipientInfo as DER.
    ///
    /// - Throws: ``CMSError`` with code `unexpectedContent` where it is of a kind that was read past.
    func derEncoded() throws(CMSError) -> [UInt8] {
        switch self {
        case .keyTransport(let info): return DERWriter.encode { $0.serialize(info) }
        case .password(let info): return DERWriter.encode { $0.serialize(info) }
        case .other(let number):
            throw CMSError(.unexpectedContent, "a RecipientInfo with the tag [\(number)] cannot be written")
        }
    }
}
