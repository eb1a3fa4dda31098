public import SwiftASN1

extension SignedData {
    /// Signs content by one signer.
    ///
    /// contentType and messageDigest are added to the attributes (RFC 5652 §5.3, §11).
    ///
    /// - Parameters:
    ///   - content: The content; empty where there is none to sign.
    ///   - attributes: The signed attributes besides contentType and messageDigest.
    ///   - key: The signer's key.
    ///   - signer: The signer's certificate.
    ///   - digest: The digest of content and signature.
    ///   - certificates: The certificates to send along, each encoded, in this order.
    /// - Returns: The signed message.
    /// - Throws: What the key throws, or an ASN.1 error.
    public static func sign(
        _ content: [UInt8],
        attributes: [Attribute],
        key: any MessageSigningKey,
        signer: IssuerAndSerialNumber,
        digest: DigestAlgorithm,
        certificates: [[UInt8]]
    ) throws -> SignedData {
        try Self.sign(
            content,
            attributes: attributes,
            signers: [MessageSigner(signer, key: key)],
            digest: digest,
            certificates: certificates
        )
    }

    /// Signs content by several signers, all of whom say the same.
    ///
    /// A client that trusts one of them can verify the message: so a CA and its RA can both sign what some clients
    /// believe only the one, and others only the other.
    ///
    /// - Parameters:
    ///   - content: The content; empty where there is none to sign.
    ///   - contentType: The type of the content.
    ///   - attributes: The signed attributes besides contentType and messageDigest.
    ///   - signers: Who signs, one at least.
    ///   - digest: The digest of content and signatures.
    ///   - certificates: The certificates to send along, each encoded, in this order.
    /// - Returns: The signed message.
    /// - Throws: ``CMSError`` with code `signerCount` where there is no signer; what a key throws, or an ASN.1 error.
    public static func sign(
        _ content: [UInt8],
        contentType: ASN1ObjectIdentifier = .CMS.data,
        attributes: [Attribute] = [],
        signers: [MessageSigner],
        digest: DigestAlgorithm,
        certificates: [[UInt8]]
    ) throws -> SignedData {
        guard !signers.isEmpty else { throw CMSError(.signerCount, "a message without signer is not signed") }
        let signedAttributes =
            attributes + [
                Attribute(.CMS.contentType, values: [DERWriter.encode { $0.append(contentType) }]),
                Attribute(
                    .CMS.messageDigest,
                    values: [DERWriter.encode { $0.appendOctetString(digest.digest(of: content)) }]
                ),
            ]
        let encoded = SignerInfo.encode(signedAttributes)
        return SignedData(
            contentType: contentType,
            content: content,
            certificates: certificates,
            signerInfos: try signers.map { signer in
                SignerInfo(
                    signer: signer.certificate,
                    algorithm: try signer.key.signatureAlgorithm(digest: digest),
                    signedAttributes: signedAttributes,
                    encodedAttributes: encoded,
                    signature: try signer.key.signature(for: encoded, digest: digest)
                )
            }
        )
    }
}
