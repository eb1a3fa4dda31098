import SwiftASN1

/// MGF1, the only mask generation function there is, by its digest (RFC 4055 §2.2, RFC 8017 §B.2.1).
extension DigestAlgorithm {
    /// Finds the digest of a mask generation function.
    ///
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` where it is not MGF1, or of an unknown digest.
    init(maskGeneration identifier: AlgorithmIdentifier) throws(CMSError) {
        guard identifier.algorithm == .Algorithm.mgf1, let parameters = identifier.parameters else {
            throw CMSError(.unsupportedAlgorithm, "a mask generation function other than MGF1 with a digest")
        }
        try self.init(try decodeBER(parameters[...], as: "MGF1 digest", AlgorithmIdentifier.init(node:)))
    }

    /// MGF1 with this digest.
    var maskGeneration: AlgorithmIdentifier {
        AlgorithmIdentifier(.Algorithm.mgf1, parameters: DERWriter.encode { $0.serialize(self.identifier) })
    }
}
