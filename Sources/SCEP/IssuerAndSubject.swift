public import CryptographicMessageSyntax
import SwiftASN1

/// Names a request that is pending: who is to issue the certificate, and for whom.
///
/// ```
/// issuerAndSubject ::= SEQUENCE {
///     issuer   Name,
///     subject  Name }
/// ```
/// RFC 8894 §3.3.3.
public struct IssuerAndSubject: Hashable, Sendable {
    /// The Name of the CA, encoded.
    public var issuer: [UInt8]
    /// The Name in the request, encoded.
    public var subject: [UInt8]

    /// Makes it from two encoded Names.
    public init(issuer: [UInt8], subject: [UInt8]) {
        self.issuer = issuer
        self.subject = subject
    }

    /// Reads the content of a CertPoll.
    ///
    /// - Parameter bytes: BER.
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(berEncoded bytes: [UInt8]) throws(CMSError) {
        self = try decodeBER(bytes[...], as: "IssuerAndSubject") { root in
            var nodes = try root.children(tagged: .sequence, of: "IssuerAndSubject")
            func name(_ what: String) throws(CMSError) -> [UInt8] {
                let node = try nodes.require(what)
                _ = try node.children(tagged: .sequence, of: what)
                return node.bytes
            }
            return IssuerAndSubject(issuer: try name("issuer"), subject: try name("subject"))
        }
    }
}

extension IssuerAndSubject: DEREncodable {
    /// Writes the two Names as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.append(encoded: self.issuer)
            coder.append(encoded: self.subject)
        }
    }
}
