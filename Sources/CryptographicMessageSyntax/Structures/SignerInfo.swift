import SwiftASN1

/// Which certificate a signer or a recipient has.
///
/// ```
/// SignerIdentifier ::= CHOICE {
///     issuerAndSerialNumber  IssuerAndSerialNumber,
///     subjectKeyIdentifier   [0] SubjectKeyIdentifier }
/// ```
/// RFC 5652 §5.3; RecipientIdentifier (§6.2.1) is the same.
public enum CertificateIdentifier: Hashable, Sendable {
    /// By issuer and serial number.
    case issuerAndSerialNumber(IssuerAndSerialNumber)
    /// By the content of the certificate's subjectKeyIdentifier extension.
    case subjectKeyIdentifier([UInt8])

    init(node: ASN1Node) throws {
        if node.identifier == .context(0) {
            self = .subjectKeyIdentifier(
                Array(try ASN1OctetString(berEncoded: node, withIdentifier: .context(0)).bytes)
            )
        } else {
            self = .issuerAndSerialNumber(try IssuerAndSerialNumber(node: node))
        }
    }
}

/// What one signer says of the content.
///
/// ```
/// SignerInfo ::= SEQUENCE {
///     version             CMSVersion,
///     sid                 SignerIdentifier,
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signedAttrs         [0] IMPLICIT SignedAttributes OPTIONAL,
///     signatureAlgorithm  SignatureAlgorithmIdentifier,
///     signature           SignatureValue,
///     unsignedAttrs       [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
/// RFC 5652 §5.3.
public struct SignerInfo: Hashable, Sendable {
    /// Which certificate signed.
    public var signer: CertificateIdentifier
    /// The digest algorithm.
    public var digestAlgorithm: AlgorithmIdentifier
    /// The signed attributes, in the order in which they were received; empty where there are none.
    public var signedAttributes: [Attribute]
    /// The signature algorithm; often just rsaEncryption or id-ecPublicKey, the digest being named above.
    public var signatureAlgorithm: AlgorithmIdentifier
    /// The signature.
    public var signature: [UInt8]

    /// The attributes as they were received, with the tag of a SET; the signature is over these bytes (RFC 5652 §5.4).
    var receivedAttributes: [UInt8]

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "SignerInfo")
        _ = try nodes.require("version")
        self.signer = try CertificateIdentifier(node: try nodes.require("sid"))
        self.digestAlgorithm = try AlgorithmIdentifier(node: try nodes.require("digestAlgorithm"))
        self.signedAttributes = []
        self.receivedAttributes = []
        if let attributes = nodes.next(tagged: .context(0)) {
            let set = try attributes.children(tagged: .context(0), of: "signedAttrs")
            self.signedAttributes = try IteratorSequence(set).map(Attribute.init(node:))
            self.receivedAttributes = attributes.bytes
            // "A separate encoding of the signedAttrs field is performed for message digest calculation. The
            // IMPLICIT [0] tag in the signedAttrs is not used for the DER encoding, rather an EXPLICIT SET OF tag is
            // used." (RFC 5652 §5.4)
            self.receivedAttributes[0] = 0x31
        }
        self.signatureAlgorithm = try AlgorithmIdentifier(node: try nodes.require("signatureAlgorithm"))
        self.signature = Array(try ASN1OctetString(berEncoded: try nodes.require("signature")).bytes)
    }

    /// The attributes written anew as DER, sorted, with the tag of a SET.
    static func encode(_ attributes: [Attribute]) -> [UInt8] {
        DERWriter.encode { $0.appendSetOf(attributes) }
    }

    /// The attributes as DER, for signers that sent them unsorted or as BER, but signed them as they should be; nil
    /// where that is what was received.
    func sortedAttributesIfOther() -> [UInt8]? {
        let sorted = Self.encode(self.signedAttributes)
        return sorted == self.receivedAttributes ? nil : sorted
    }
}

extension SignerInfo: DEREncodable {
    init(
        signer: IssuerAndSerialNumber,
        algorithm: SignatureAlgorithm,
        signedAttributes: [Attribute],
        encodedAttributes: [UInt8],
        signature: [UInt8]
    ) {
        self.signer = .issuerAndSerialNumber(signer)
        self.digestAlgorithm = algorithm.digest.identifier
        self.signedAttributes = signedAttributes
        self.receivedAttributes = encodedAttributes
        self.signatureAlgorithm = algorithm.signerInfoIdentifier
        self.signature = signature
    }

    /// The version (RFC 5652 §5.3).
    var version: Int {
        switch self.signer {
        case .issuerAndSerialNumber: 1
        case .subjectKeyIdentifier: 3
        }
    }

    /// Writes the SignerInfo as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.serialize(self.version)
            switch self.signer {
            case .issuerAndSerialNumber(let identifier):
                coder.serialize(identifier)
            case .subjectKeyIdentifier(let identifier):
                coder.append(.primitive(0), identifier)
            }
            coder.serialize(self.digestAlgorithm)
            if !self.receivedAttributes.isEmpty {
                var attributes = self.receivedAttributes
                attributes[0] = 0xa0
                coder.append(encoded: attributes)
            }
            coder.serialize(self.signatureAlgorithm)
            coder.appendOctetString(self.signature)
        }
    }
}
