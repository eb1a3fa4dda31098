public import SwiftASN1

/// Signed content, or, with no signer, a carrier of certificates and CRLs.
///
/// ```
/// SignedData ::= SEQUENCE {
///     version           CMSVersion,
///     digestAlgorithms  DigestAlgorithmIdentifiers,
///     encapContentInfo  EncapsulatedContentInfo,
///     certificates      [0] IMPLICIT CertificateSet OPTIONAL,
///     crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///     signerInfos       SignerInfos }
///
/// EncapsulatedContentInfo ::= SEQUENCE {
///     eContentType  ContentType,
///     eContent      [0] EXPLICIT OCTET STRING OPTIONAL }
/// ```
/// RFC 5652 §5.1 and §5.2.
public struct SignedData: Hashable, Sendable {
    /// The type of the content.
    public var contentType: ASN1ObjectIdentifier
    /// The content; nil where it is absent, which is not the same as empty.
    public var content: [UInt8]?
    /// The certificates, each as it was received, in the order in which they were received.
    public var certificates: [[UInt8]]
    /// The CRLs, each as it was received.
    public var crls: [[UInt8]]
    /// Who signed.
    public var signerInfos: [SignerInfo]

    /// Reads a ContentInfo that holds SignedData.
    ///
    /// - Parameter bytes: BER. Bytes behind the message are ignored.
    /// - Throws: ``CMSError``: `malformed`, `tooComplex` or `unexpectedContent`.
    public init(berEncoded bytes: [UInt8]) throws(CMSError) {
        self = try ContentInfo.read(bytes, expecting: .CMS.signedData, named: "signedData") { try SignedData(node: $0) }
    }

    /// Makes SignedData that only carries certificates and CRLs, without content or signer ("degenerate", RFC 8894
    /// §3.4).
    public init(certificates: [[UInt8]], crls: [[UInt8]] = []) {
        self.init(contentType: .CMS.data, content: nil, certificates: certificates, crls: crls, signerInfos: [])
    }

    init(
        contentType: ASN1ObjectIdentifier,
        content: [UInt8]?,
        certificates: [[UInt8]],
        crls: [[UInt8]] = [],
        signerInfos: [SignerInfo]
    ) {
        self.contentType = contentType
        self.content = content
        self.certificates = certificates
        self.crls = crls
        self.signerInfos = signerInfos
    }

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "SignedData")
        _ = try nodes.require("version")
        _ = try nodes.require("digestAlgorithms")
        var encapsulated = try nodes.require("encapContentInfo").children(tagged: .sequence, of: "encapContentInfo")
        self.contentType = try ASN1ObjectIdentifier(berEncoded: try encapsulated.require("eContentType"))
        if let content = encapsulated.next(tagged: .context(0)) {
            var inner = try content.children(tagged: .context(0), of: "eContent")
            self.content = Array(try ASN1OctetString(berEncoded: try inner.require("eContent")).bytes)
        }
        self.certificates = try Self.choices(nodes.next(tagged: .context(0)), number: 0, of: "certificates")
        self.crls = try Self.choices(nodes.next(tagged: .context(1)), number: 1, of: "crls")
        let signers = try nodes.require("signerInfos").children(tagged: .set, of: "signerInfos")
        self.signerInfos = try IteratorSequence(signers).map(SignerInfo.init(node:))
    }

    /// The certificates or CRLs of a set; other choices (attribute certificates, OCSP answers) are left out.
    private static func choices(_ node: ASN1Node?, number: UInt, of what: String) throws(CMSError) -> [[UInt8]] {
        guard let node else { return [] }
        let choices = try node.children(tagged: .context(number), of: what)
        return IteratorSequence(choices).filter { $0.identifier == .sequence }.map(\.bytes)
    }

    /// The message as DER, in a ContentInfo.
    ///
    /// Certificates are written in the order given, not sorted as a DER SET would be: clients take the first one for
    /// their own (iOS), and sorting puts the CA in front.
    public func derEncoded() -> [UInt8] {
        ContentInfo.encode(.CMS.signedData) { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(self.version)
                coder.appendSetOf(Set(self.signerInfos.map(\.digestAlgorithm)))
                coder.appendConstructed(.sequence) { coder in
                    coder.append(self.contentType)
                    if let content = self.content {
                        coder.appendConstructed(.context(0)) { $0.appendOctetString(content) }
                    }
                }
                Self.append(self.certificates, number: 0, to: &coder)
                Self.append(self.crls, number: 1, to: &coder)
                coder.appendSetOf(self.signerInfos)
            }
        }
    }

    /// The version (RFC 5652 §5.1): 3 as soon as there is something in it that PKCS#7 did not have.
    private var version: Int {
        self.contentType == .CMS.data && self.signerInfos.allSatisfy { $0.version == 1 } ? 1 : 3
    }

    private static func append(_ choices: [[UInt8]], number: UInt8, to coder: inout DERWriter) {
        guard !choices.isEmpty else { return }
        coder.appendConstructed(.context(number)) { coder in
            for choice in choices { coder.append(encoded: choice) }
        }
    }
}
