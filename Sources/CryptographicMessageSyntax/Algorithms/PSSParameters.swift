import SwiftASN1

/// What RSASSA-PSS needs to know beside the key.
///
/// ```
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm     [0] HashAlgorithm DEFAULT sha1Identifier,
///     maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///     saltLength        [2] INTEGER DEFAULT 20,
///     trailerField      [3] INTEGER DEFAULT 1 }
/// ```
/// RFC 4055 §3.1. Parameters that are absent altogether have all the defaults.
struct PSSParameters: Hashable, Sendable {
    /// The digest of the message.
    var digest = DigestAlgorithm.sha1
    /// The digest of MGF1.
    var maskDigest = DigestAlgorithm.sha1
    /// The number of bytes of the salt.
    var saltLength = 20

    init(digest: DigestAlgorithm, maskDigest: DigestAlgorithm, saltLength: Int) {
        self.digest = digest
        self.maskDigest = maskDigest
        self.saltLength = saltLength
    }

    /// Reads the parameters of an identifier.
    ///
    /// - Throws: ``CMSError``: `malformed`, or `unsupportedAlgorithm` for an unknown digest or mask generation, or
    ///   another trailer.
    init(encoded parameters: [UInt8]?) throws(CMSError) {
        guard let parameters, parameters != AlgorithmIdentifier.null else { return }
        self = try decodeBER(parameters[...], as: "RSASSA-PSS-params", PSSParameters.init(node:))
    }

    private init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "RSASSA-PSS-params")
        if let hash = try nodes.next(explicitly: 0, as: "hashAlgorithm") {
            self.digest = try DigestAlgorithm(try AlgorithmIdentifier(node: hash))
        }
        if let mask = try nodes.next(explicitly: 1, as: "maskGenAlgorithm") {
            self.maskDigest = try DigestAlgorithm(maskGeneration: try AlgorithmIdentifier(node: mask))
        }
        if let length = try nodes.next(explicitly: 2, as: "saltLength") {
            self.saltLength = try Int(berEncoded: length)
        }
        if let trailer = try nodes.next(explicitly: 3, as: "trailerField") {
            guard try Int(berEncoded: trailer) == 1 else {
                throw CMSError(.unsupportedAlgorithm, "RSASSA-PSS with a trailer other than 1")
            }
        }
        // A field in the wrong place would be read past, and its default taken for what the signer said.
        guard nodes.next() == nil else {
            throw CMSError(.malformed, "RSASSA-PSS-params with fields that are unknown or out of order")
        }
    }
}

extension PSSParameters: DEREncodable {
    /// Writes the parameters as DER, without those that have their default.
    func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            if self.digest != .sha1 {
                coder.appendConstructed(.context(0)) { $0.serialize(self.digest.identifier) }
            }
            if self.maskDigest != .sha1 {
                coder.appendConstructed(.context(1)) { $0.serialize(self.maskDigest.maskGeneration) }
            }
            if self.saltLength != 20 {
                coder.appendConstructed(.context(2)) { $0.serialize(self.saltLength) }
            }
        }
    }
}
