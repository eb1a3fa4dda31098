public import SwiftASN1

/// A certification request (PKCS#10), read as leniently as its signature allows.
///
/// ```
/// CertificationRequest ::= SEQUENCE {
///     certificationRequestInfo  CertificationRequestInfo,
///     signatureAlgorithm        AlgorithmIdentifier,
///     signature                 BIT STRING }
///
/// CertificationRequestInfo ::= SEQUENCE {
///     version        INTEGER,
///     subject        Name,
///     subjectPKInfo  SubjectPublicKeyInfo,
///     attributes     [0] Attributes }
/// ```
/// RFC 2986 §4. Clients send attributes unsorted (strongSwan) or leave them out, and versions other than 0; the
/// signature is checked over the bytes that were received, so none of that matters.
public struct CertificationRequest: Hashable, Sendable {
    /// The whole request as it was received.
    public let encoded: [UInt8]
    /// The subject's Name, encoded.
    public let subject: [UInt8]
    /// The key to be certified.
    public let publicKey: SubjectPublicKeyInfo
    /// The attributes.
    public let attributes: [Attribute]
    /// How the request is signed.
    public let signatureAlgorithm: AlgorithmIdentifier
    /// The signature.
    public let signature: [UInt8]
    /// What was signed: certificationRequestInfo as it was received.
    private let signedBytes: [UInt8]

    /// Reads a request.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(encoded bytes: [UInt8]) throws(CMSError) {
        self = try decodeBER(bytes[...], as: "PKCS#10 request", CertificationRequest.init(node:))
    }

    init(node: ASN1Node) throws {
        var outer = try node.children(tagged: .sequence, of: "CertificationRequest")
        let info = try outer.require("certificationRequestInfo")
        var nodes = try info.children(tagged: .sequence, of: "certificationRequestInfo")
        _ = try nodes.require("version")
        let subject = try nodes.require("subject")
        _ = try subject.children(tagged: .sequence, of: "subject")
        self.subject = subject.bytes
        self.publicKey = try SubjectPublicKeyInfo(node: try nodes.require("subjectPKInfo"))
        self.attributes =
            try nodes.next(tagged: .context(0)).map { set in
                let attributes = try set.children(tagged: .context(0), of: "attributes")
                return try IteratorSequence(attributes).map(Attribute.init(node:))
            } ?? []
        self.signatureAlgorithm = try AlgorithmIdentifier(node: try outer.require("signatureAlgorithm"))
        self.signature = Array(try ASN1BitString(berEncoded: try outer.require("signature")).bytes)
        self.encoded = node.bytes
        self.signedBytes = info.bytes
    }

    /// Checks that the holder of the key made this request (RFC 2986 §3).
    ///
    /// - Parameter key: The request's own key, where the caller has it already; it is worked with faster.
    /// - Returns: The signature algorithm, for the policy.
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` or `signature`.
    @discardableResult
    public func verifySignature(under key: SubjectPublicKeyInfo? = nil) throws(CMSError) -> SignatureAlgorithm {
        let algorithm = try SignatureAlgorithm(self.signatureAlgorithm)
        let signerKey = key ?? self.publicKey
        try signerKey.checkVerifies()
        guard algorithm.isValid(self.signature, for: self.signedBytes, under: signerKey) else {
            throw CMSError(.signature, "the signature of the PKCS#10 request does not verify under its own key")
        }
        return algorithm
    }

    /// The challengePassword as UTF-8 (RFC 2985 §5.4.1); nil where there is none.
    ///
    /// - Throws: ``CMSError``: `signedAttribute` where it is doubled, `malformed` where it is no string.
    public var challengePassword: [UInt8]? {
        get throws(CMSError) {
            let value = try self.attributes.singleIfPresent(.PKCS.challengePassword, named: "challengePassword")
            guard let value else { return nil }
            return try decodeBER(value[...], as: "challengePassword") { node in
                guard case .primitive(let octets) = node.content else {
                    throw CMSError(.malformed, "the challengePassword is not a string")
                }
                switch node.identifier {
                case .printableString, .utf8String, .ia5String, .teletexString:
                    return Array(octets)
                case .bmpString where octets.count % 2 == 0:
                    let units = stride(from: octets.startIndex, to: octets.endIndex, by: 2).map {
                        UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
                    }
                    return Array(String(decoding: units, as: UTF16.self).utf8)
                default:
                    throw CMSError(.malformed, "the challengePassword is not a string")
                }
            }
        }
    }

    /// The extensions that the request asks for (RFC 2985 §5.4.2), by the standard attribute or Microsoft's.
    ///
    /// - Throws: ``CMSError``: `signedAttribute` or `malformed`.
    public var requestedExtensions: [CertificateExtension] {
        get throws(CMSError) {
            var value = try self.attributes.singleIfPresent(.PKCS.extensionRequest, named: "extensionRequest")
            if value == nil {
                value = try self.attributes.singleIfPresent(.PKCS.microsoftExtensionRequest, named: "extensionRequest")
            }
            guard let value else { return [] }
            return try decodeBER(value[...], as: "extensionRequest") { node in
                let extensions = try node.children(tagged: .sequence, of: "extensionRequest")
                return try IteratorSequence(extensions).map(CertificateExtension.init(node:))
            }
        }
    }
}

extension CertificationRequest {
    /// Makes and signs a request.
    ///
    /// - Parameters:
    ///   - subject: The subject's Name, encoded.
    ///   - publicKey: The key to be certified.
    ///   - key: The same key's private half.
    ///   - challengePassword: Written as PrintableString where it is one, otherwise as UTF8String.
    ///   - extensions: The extensions to ask for.
    ///   - attributes: Further attributes.
    ///   - digest: The digest of the signature.
    /// - Returns: The request.
    /// - Throws: What the key throws, or an ASN.1 error.
    public static func make(
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        key: some MessageSigningKey,
        challengePassword: String? = nil,
        extensions: [CertificateExtension] = [],
        attributes: [Attribute] = [],
        digest: DigestAlgorithm = .sha256
    ) throws -> CertificationRequest {
        var all = attributes
        if let challengePassword {
            if let printable = try? ASN1PrintableString(challengePassword) {
                all.append(try Attribute(.PKCS.challengePassword, value: printable))
            } else {
                all.append(try Attribute(.PKCS.challengePassword, value: ASN1UTF8String(challengePassword)))
            }
        }
        if !extensions.isEmpty {
            let list = DERWriter.encode { $0.serializeSequenceOf(extensions) }
            all.append(Attribute(.PKCS.extensionRequest, values: [list]))
        }
        let info = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(0)
                coder.append(encoded: subject)
                coder.append(encoded: publicKey.derEncoded)
                coder.appendSetOf(all, tag: .context(0))
            }
        }
        let algorithm = try key.signatureAlgorithm(digest: digest).identifier
        let signature = try key.signature(for: info, digest: digest)
        return try CertificationRequest(
            encoded: TBSCertificate.signed(info, algorithm: algorithm, signature: signature)
        )
    }
}

extension ASN1ObjectIdentifier {
    /// The attributes of certification requests.
    public enum PKCS {
        /// challengePassword, RFC 2985 §5.4.1.
        public static let challengePassword: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 7]
        /// extensionRequest, RFC 2985 §5.4.2.
        public static let extensionRequest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 14]
        /// szOID_RSA_certExtensions, what Windows called it before the standard.
        public static let microsoftExtensionRequest: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 2, 1, 14]
    }
}
