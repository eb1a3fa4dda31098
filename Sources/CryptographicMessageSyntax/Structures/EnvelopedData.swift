public import SwiftASN1

/// Encrypted content together with its key, encrypted for each recipient.
///
/// ```
/// EnvelopedData ::= SEQUENCE {
///     version               CMSVersion,
///     originatorInfo        [0] IMPLICIT OriginatorInfo OPTIONAL,
///     recipientInfos        RecipientInfos,
///     encryptedContentInfo  EncryptedContentInfo,
///     unprotectedAttrs      [1] IMPLICIT UnprotectedAttributes OPTIONAL }
///
/// EncryptedContentInfo ::= SEQUENCE {
///     contentType                 ContentType,
///     contentEncryptionAlgorithm  ContentEncryptionAlgorithmIdentifier,
///     encryptedContent            [0] IMPLICIT EncryptedContent OPTIONAL }
/// ```
/// RFC 5652 §6.1.
public struct EnvelopedData: Hashable, Sendable {
    /// For whom the content is.
    public var recipientInfos: [RecipientInfo]
    /// The type of the encrypted content.
    public var contentType: ASN1ObjectIdentifier
    /// How the content is encrypted.
    public var contentEncryptionAlgorithm: AlgorithmIdentifier
    /// The encrypted content.
    public var encryptedContent: [UInt8]

    /// Reads a ContentInfo that holds EnvelopedData.
    ///
    /// - Parameter bytes: BER: indefinite lengths and a constructed `[0]` encryptedContent are what Apple, Android and
    ///   Go clients send.
    /// - Throws: ``CMSError``: `malformed`, `tooComplex` or `unexpectedContent`.
    public init(berEncoded bytes: [UInt8]) throws(CMSError) {
        self = try ContentInfo.read(bytes, expecting: .CMS.envelopedData, named: "envelopedData") {
            try EnvelopedData(node: $0)
        }
    }

    init(
        recipientInfos: [RecipientInfo],
        contentType: ASN1ObjectIdentifier,
        contentEncryptionAlgorithm: AlgorithmIdentifier,
        encryptedContent: [UInt8]
    ) {
        self.recipientInfos = recipientInfos
        self.contentType = contentType
        self.contentEncryptionAlgorithm = contentEncryptionAlgorithm
        self.encryptedContent = encryptedContent
    }

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "EnvelopedData")
        _ = try nodes.require("version")
        _ = nodes.next(tagged: .context(0))
        let recipients = try nodes.require("recipientInfos").children(tagged: .set, of: "recipientInfos")
        self.recipientInfos = try IteratorSequence(recipients).map(RecipientInfo.init(node:))
        var encrypted = try nodes.require("encryptedContentInfo").children(
            tagged: .sequence,
            of: "encryptedContentInfo"
        )
        self.contentType = try ASN1ObjectIdentifier(berEncoded: try encrypted.require("contentType"))
        self.contentEncryptionAlgorithm = try AlgorithmIdentifier(
            node: try encrypted.require("contentEncryptionAlgorithm")
        )
        self.encryptedContent = Array(
            try ASN1OctetString(berEncoded: try encrypted.require("encryptedContent"), withIdentifier: .context(0))
                .bytes
        )
    }

    /// The version (RFC 5652 §6.1).
    private var version: Int {
        if self.recipientInfos.contains(where: { $0.version == nil }) { return 3 }
        return self.recipientInfos.allSatisfy { $0.version == 0 } ? 0 : 2
    }

    /// The message as DER, in a ContentInfo.
    ///
    /// - Throws: ``CMSError`` where a recipientInfo cannot be encoded.
    public func derEncoded() throws -> [UInt8] {
        let recipientInfos = try self.recipientInfos.map { try $0.derEncoded() }
        return ContentInfo.encode(.CMS.envelopedData) { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(self.version)
                coder.appendSetOf(encoded: recipientInfos)
                coder.appendConstructed(.sequence) { coder in
                    coder.append(self.contentType)
                    coder.serialize(self.contentEncryptionAlgorithm)
                    coder.append(.primitive(0), self.encryptedContent)
                }
            }
        }
    }
}
