import SwiftASN1

/// What a SCEP message's certificate says of its holder, read leniently.
///
/// Self-signed request certificates are made by clients of thirty years: version 1 or 4, negative serial numbers,
/// impossible dates, critical extensions that should not be. Nothing of that matters for what they are here: a
/// carrier of the key that signed. So only what is needed is read (RFC 5280 §4.1, RFC 8894 §2.3).
public struct SignerCertificate: Hashable, Sendable {
    /// The whole certificate as it was received.
    public let encoded: [UInt8]
    /// Issuer and serial number.
    public let identifier: IssuerAndSerialNumber
    /// The subject's Name, encoded.
    public let subject: [UInt8]
    /// The holder's key.
    public let publicKey: SubjectPublicKeyInfo
    /// The subjectKeyIdentifier extension, if there is one that can be read.
    public let subjectKeyIdentifier: [UInt8]?

    /// Whether subject and issuer are the same.
    public var isSelfIssued: Bool { self.subject == self.identifier.issuer }

    /// Reads a certificate.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(encoded bytes: [UInt8]) throws(CMSError) {
        self = try decodeBER(bytes[...], as: "certificate") { root in
            var outer = try root.children(tagged: .sequence, of: "Certificate")
            var nodes = try outer.require("tbsCertificate").children(tagged: .sequence, of: "tbsCertificate")
            _ = nodes.next(tagged: .context(0))
            let serialNumber = try IssuerAndSerialNumber.serialNumber(of: try nodes.require("serialNumber"))
            _ = try nodes.require("signature")
            let issuer = try nodes.require("issuer").bytes
            _ = try nodes.require("validity")
            let subject = try nodes.require("subject").bytes
            let publicKey = try SubjectPublicKeyInfo(node: try nodes.require("subjectPublicKeyInfo"))
            _ = nodes.next(tagged: .context(1))
            _ = nodes.next(tagged: .context(2))
            return SignerCertificate(
                encoded: bytes,
                identifier: IssuerAndSerialNumber(issuer: issuer, serialNumber: serialNumber),
                subject: subject,
                publicKey: publicKey,
                subjectKeyIdentifier: nodes.next(tagged: .context(3)).flatMap(Self.subjectKeyIdentifier(in:))
            )
        }
    }

    private init(
        encoded: [UInt8],
        identifier: IssuerAndSerialNumber,
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        subjectKeyIdentifier: [UInt8]?
    ) {
        self.encoded = encoded
        self.identifier = identifier
        self.subject = subject
        self.publicKey = publicKey
        self.subjectKeyIdentifier = subjectKeyIdentifier
    }

    private static func subjectKeyIdentifier(in extensions: ASN1Node) -> [UInt8]? {
        let oid: ASN1ObjectIdentifier = [2, 5, 29, 14]
        guard var wrapper = try? extensions.children(tagged: .context(3), of: "extensions"),
            let list = try? wrapper.next()?.children(tagged: .sequence, of: "extensions")
        else { return nil }
        for node in IteratorSequence(list) {
            guard var fields = try? node.children(tagged: .sequence, of: "Extension"), let type = fields.next(),
                (try? ASN1ObjectIdentifier(berEncoded: type)) == oid
            else { continue }
            let value = IteratorSequence(fields).first { $0.identifier == .octetString }
            guard let value, let octets = try? ASN1OctetString(berEncoded: value),
                let inner = try? ASN1OctetString(berEncoded: try BER.parse(octets.bytes))
            else { return nil }
            return Array(inner.bytes)
        }
        return nil
    }

    /// Whether this is the certificate that a SignerInfo or RecipientInfo means.
    public func matches(_ identifier: CertificateIdentifier) -> Bool {
        switch identifier {
        case .issuerAndSerialNumber(let identifier): self.identifier == identifier
        case .subjectKeyIdentifier(let identifier): self.subjectKeyIdentifier == identifier
        }
    }
}
