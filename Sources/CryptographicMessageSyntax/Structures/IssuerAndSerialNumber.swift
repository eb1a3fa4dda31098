package import SwiftASN1

/// Names a certificate by who issued it and its serial number.
///
/// ```
/// IssuerAndSerialNumber ::= SEQUENCE {
///     issuer        Name,
///     serialNumber  CertificateSerialNumber }
/// ```
/// RFC 5652 §10.2.4.
public struct IssuerAndSerialNumber: Hashable, Sendable {
    /// The issuer's Name, encoded.
    public var issuer: [UInt8]

    /// The content octets of the INTEGER: two's complement, big-endian, as short as can be.
    public var serialNumber: [UInt8]

    /// Makes an identifier from the encoded Name and the content octets of the serial number.
    public init(issuer: [UInt8], serialNumber: [UInt8]) {
        self.issuer = issuer
        self.serialNumber = serialNumber
    }

    /// Reads an identifier on its own.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(berEncoded bytes: [UInt8]) throws(CMSError) {
        self = try decodeBER(bytes[...], as: "IssuerAndSerialNumber", IssuerAndSerialNumber.init(node:))
    }

    package init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "IssuerAndSerialNumber")
        self.issuer = try nodes.require("issuer").bytes
        self.serialNumber = try Self.serialNumber(of: try nodes.require("serialNumber"))
    }

    /// The octets of a serial number; leading zeros that BER allows are dropped so that equal numbers are equal.
    package static func serialNumber(of node: ASN1Node) throws(CMSError) -> [UInt8] {
        guard node.identifier == .integer, case .primitive(let octets) = node.content, !octets.isEmpty else {
            throw CMSError(.malformed, "a serial number that is no INTEGER")
        }
        var shortest = octets
        while shortest.count > 1, let first = shortest.first, let second = shortest.dropFirst().first,
            (first == 0x00 && second < 0x80) || (first == 0xff && second >= 0x80)
        {
            shortest = shortest.dropFirst()
        }
        return Array(shortest)
    }
}

extension IssuerAndSerialNumber: DEREncodable {
    /// Writes the identifier as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.append(encoded: self.issuer)
            coder.append(.integer, self.serialNumber)
        }
    }
}
