import SwiftASN1

extension SignedData {
    /// Signs content.
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
        let signedAttributes =
            attributes + [
                try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.data),
                Attribute(
                    .CMS.messageDigest,
                    values: [DER.Serializer.encode { $0.appendOctetString(digest.digest(of: content)) }]
                ),
            ]
        let encoded = try SignerInfo.encode(signedAttributes)
        return SignedData(
            contentType: .CMS.data,
            content: content,
            certificates: certificates,
            signerInfos: [
                SignerInfo(
                    signer: signer,
                    algorithm: try key.signatureAlgorithm(digest: digest),
                    signedAttributes: signedAttributes,
                    encodedAttributes: encoded,
                    signature: try key.signature(for: encoded, digest: digest)
                )
            ]
        )
    }
}
