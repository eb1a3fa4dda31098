public import CryptographicMessageSyntax
import SwiftASN1

/// Names a certificate in OCSP: by its issuer, hashed, and its serial number.
///
/// ```
/// CertID ::= SEQUENCE {
///     hashAlgorithm   AlgorithmIdentifier,
///     issuerNameHash  OCTET STRING,  -- hash of the issuer's Name
///     issuerKeyHash   OCTET STRING,  -- hash of the issuer's public key
///     serialNumber    CertificateSerialNumber }
/// ```
/// RFC 6960 §4.1.1. A client finds its answer by this name, so it is echoed byte for byte, with NULL parameters or
/// without, as it came.
public struct CertID: Sendable {
    /// The digest by which the issuer is named; nil where it is another one than SHA-1 and SHA-2, by which no issuer
    /// is found.
    public let hashAlgorithm: DigestAlgorithm?
    /// The hash of the issuer's Name.
    public let issuerNameHash: [UInt8]
    /// The hash of the issuer's public key, without algorithm, tag and length.
    public let issuerKeyHash: [UInt8]
    /// The content octets of the serial number.
    public let serialNumber: [UInt8]
    /// The whole structure as it was received.
    public let encoded: [UInt8]
    /// Whether the digest has no parameters, or NULL, as everybody writes it: then a certificate has only a few names.
    public let isPlain: Bool

    init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "CertID")
        let algorithm = try AlgorithmIdentifier(node: try nodes.require("hashAlgorithm"))
        self.hashAlgorithm = (try? DigestAlgorithm(algorithm)).flatMap { $0 == .md5 ? nil : $0 }
        self.issuerNameHash = Array(try ASN1OctetString(derEncoded: try nodes.require("issuerNameHash")).bytes)
        self.issuerKeyHash = Array(try ASN1OctetString(derEncoded: try nodes.require("issuerKeyHash")).bytes)
        self.serialNumber = try IssuerAndSerialNumber.serialNumber(of: try nodes.require("serialNumber"))
        guard nodes.next() == nil else {
            throw CMSError(.malformed, "something is behind the serial number of a CertID")
        }
        self.encoded = node.bytes
        self.isPlain = algorithm.parameters.map { $0 == AlgorithmIdentifier.null } ?? true
    }

    /// Names a certificate.
    ///
    /// - Parameters:
    ///   - serialNumber: The content octets of its serial number.
    ///   - issuer: Who issued it.
    ///   - algorithm: By which digest the issuer is named.
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` for MD5, by which nobody is named, `malformed` for an empty serial
    ///   number.
    public init(
        serialNumber: [UInt8],
        issuer: CertIDIssuer,
        hashAlgorithm algorithm: DigestAlgorithm = .sha1
    ) throws(CMSError) {
        guard let hashes = issuer.hashes(by: algorithm) else {
            throw CMSError(.unsupportedAlgorithm, "no issuer is named by \(algorithm.rawValue) in OCSP")
        }
        guard !serialNumber.isEmpty else {
            throw CMSError(.malformed, "a certificate is named without a serial number")
        }
        self.hashAlgorithm = algorithm
        self.issuerNameHash = hashes.name
        self.issuerKeyHash = hashes.key
        self.serialNumber = serialNumber
        self.isPlain = true
        self.encoded = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(algorithm.identifier)
                coder.appendOctetString(hashes.name)
                coder.appendOctetString(hashes.key)
                coder.append(.integer, serialNumber)
            }
        }
    }
}

extension CertID: Hashable {
    /// Whether both are the same bytes.
    public static func == (one: CertID, other: CertID) -> Bool { one.encoded == other.encoded }

    /// Hashes the bytes, of which all else is a part.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.encoded) }
}
