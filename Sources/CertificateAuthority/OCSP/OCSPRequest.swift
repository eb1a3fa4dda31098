public import CryptographicMessageSyntax
import SwiftASN1

/// Asks for the status of certificates.
///
/// ```
/// OCSPRequest ::= SEQUENCE {
///     tbsRequest         TBSRequest,
///     optionalSignature  [0] EXPLICIT Signature OPTIONAL }
///
/// TBSRequest ::= SEQUENCE {
///     version            [0] EXPLICIT Version DEFAULT v1,
///     requestorName      [1] EXPLICIT GeneralName OPTIONAL,
///     requestList        SEQUENCE OF Request,
///     requestExtensions  [2] EXPLICIT Extensions OPTIONAL }
///
/// Request ::= SEQUENCE {
///     reqCert                  CertID,
///     singleRequestExtensions  [0] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 6960 §4.1.1. Who asks does not matter here, so a name and a signature are stepped over.
public struct OCSPRequest: Hashable, Sendable {
    /// The certificates whose status is asked for: at least one, at most ``maximumCertificates``.
    public let certificates: [CertID]
    /// What makes the answer one to this request; nil where any current answer will do.
    public let nonce: [UInt8]?

    /// How long a request may be in bytes; one for a single certificate has about 80.
    public static let maximumLength = 65_536
    /// How many certificates one request may ask for; RFC 5019 §2.1.1 allows one.
    public static let maximumCertificates = 100
    /// How long a nonce may be: "the Nonce length MUST be between 1 and 128 octets" (RFC 9654 §2.1).
    public static let nonceLengths = 1...128

    /// Reads a request.
    ///
    /// - Parameter bytes: The body of a POST; nothing may be behind the request.
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`: either is answered by
    ///   ``OCSPFailure/malformedRequest``.
    public init(derEncoded bytes: [UInt8]) throws(CMSError) {
        guard bytes.count <= Self.maximumLength else {
            throw CMSError(
                .tooComplex, "an OCSP request of \(bytes.count) bytes, at most \(Self.maximumLength) are read")
        }
        self = try decodeBER(bytes[...], as: "OCSPRequest") { root in
            guard root.encodedBytes.count == bytes.count else {
                throw CMSError(.malformed, "unexpected bytes behind the OCSP request")
            }
            // What is echoed in an answer that is signed has to be DER.
            return try OCSPRequest(node: try DER.parse(bytes))
        }
    }

    private init(node: ASN1Node) throws {
        var outer = try node.children(tagged: .sequence, of: "OCSPRequest")
        var request = try outer.require("tbsRequest").children(tagged: .sequence, of: "tbsRequest")
        if let signature = outer.next(tagged: .context(0)) {
            var wrapper = try signature.children(tagged: .context(0), of: "optionalSignature")
            _ = try wrapper.require("optionalSignature").children(tagged: .sequence, of: "optionalSignature")
        }
        guard outer.next() == nil else {
            throw CMSError(.malformed, "something is behind the signature of the request")
        }

        if let version = request.next(tagged: .context(0)) {
            var wrapper = try version.children(tagged: .context(0), of: "version")
            guard try Int(derEncoded: try wrapper.require("version")) == 0 else {
                throw CMSError(.malformed, "the OCSP request has a version other than 1")
            }
        }
        _ = request.next(tagged: .context(1))
        let list = try request.require("requestList").children(tagged: .sequence, of: "requestList")
        let extensions = try Self.extensions(request.next(tagged: .context(2)), number: 2, of: "requestExtensions")
        guard request.next() == nil else { throw CMSError(.malformed, "something is behind the requestExtensions") }

        var certificates: [CertID] = []
        for node in IteratorSequence(list) {
            guard certificates.count < Self.maximumCertificates else {
                throw CMSError(.tooComplex, "the request asks for more than \(Self.maximumCertificates) certificates")
            }
            certificates.append(try Self.certificate(node))
        }
        guard !certificates.isEmpty else { throw CMSError(.malformed, "the request asks for no certificate") }
        self.certificates = certificates
        self.nonce = try Self.nonce(in: extensions)
    }

    private static func certificate(_ node: ASN1Node) throws -> CertID {
        var fields = try node.children(tagged: .sequence, of: "Request")
        let certificate = try CertID(node: try fields.require("reqCert"))
        _ = try Self.extensions(fields.next(tagged: .context(0)), number: 0, of: "singleRequestExtensions")
        guard fields.next() == nil else {
            throw CMSError(.malformed, "something is behind the extensions of a Request")
        }
        return certificate
    }

    /// The extensions of a request or of a part of it; "unrecognized extensions MUST be ignored (unless they have the
    /// critical flag set and are not understood)" (RFC 6960 §4.4).
    private static func extensions(
        _ node: ASN1Node?,
        number: UInt,
        of what: String
    ) throws -> [CertificateExtension] {
        guard let node else { return [] }
        var wrapper = try node.children(tagged: .context(number), of: what)
        let list = try wrapper.require(what).children(tagged: .sequence, of: what)
        let extensions = try IteratorSequence(list).map(CertificateExtension.init(node:))
        // The only type of answer that there is here is also the only one that anybody knows.
        let understood: [ASN1ObjectIdentifier] = [.OCSP.nonce, .OCSP.acceptableResponses]
        if let unknown = extensions.first(where: { $0.isCritical && !understood.contains($0.identifier) }) {
            throw CMSError(.malformed, "the critical extension \(unknown.identifier) of the request is not understood")
        }
        return extensions
    }

    /// The nonce: `Nonce ::= OCTET STRING (SIZE(1..128))`, RFC 9654 §2.1.
    private static func nonce(in extensions: [CertificateExtension]) throws -> [UInt8]? {
        let found = extensions.filter { $0.identifier == .OCSP.nonce }
        guard let value = found.first?.value else { return nil }
        guard found.count == 1 else { throw CMSError(.malformed, "the request has two nonces") }
        let nonce = Array(try ASN1OctetString(derEncoded: try DER.parse(value)).bytes)
        guard Self.nonceLengths.contains(nonce.count) else {
            throw CMSError(.malformed, "the nonce has \(nonce.count) octets, 1 to 128 are allowed")
        }
        return nonce
    }
}
