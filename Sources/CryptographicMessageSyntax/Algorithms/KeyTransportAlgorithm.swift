import SwiftASN1

/// How the content-encryption key is encrypted with RSA (RFC 3370 §4.2.1, RFC 3560).
public enum KeyTransportAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// RSAES-PKCS1-v1_5.
    case pkcs1 = "RSAES-PKCS1-v1_5"
    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1, its defaults.
    case oaepSHA1 = "RSAES-OAEP-SHA-1"
    /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256.
    case oaepSHA256 = "RSAES-OAEP-SHA-256"

    /// Finds the key transport that an identifier names.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`, also for OAEP with other digests or a label.
    public init(_ identifier: AlgorithmIdentifier) throws(CMSError) {
        switch identifier.algorithm {
        case .Algorithm.rsaEncryption:
            self = .pkcs1
        case .Algorithm.rsaesOAEP:
            self = try Self.oaep(identifier.parameters)
        default:
            throw CMSError(
                .unsupportedAlgorithm,
                "the key encryption algorithm \(identifier.algorithm) is not supported"
            )
        }
    }

    /// Reads the parameters of OAEP.
    ///
    /// ```
    /// RSAES-OAEP-params ::= SEQUENCE {
    ///     hashFunc     [0] AlgorithmIdentifier DEFAULT sha1Identifier,
    ///     maskGenFunc  [1] AlgorithmIdentifier DEFAULT mgf1SHA1Identifier,
    ///     pSourceFunc  [2] AlgorithmIdentifier DEFAULT pSpecifiedEmptyIdentifier }
    /// ```
    /// RFC 4055 §4.1.
    private static func oaep(_ parameters: [UInt8]?) throws(CMSError) -> KeyTransportAlgorithm {
        guard let parameters, parameters != AlgorithmIdentifier.null else { return .oaepSHA1 }
        let (hash, mask) = try decodeBER(parameters[...], as: "RSAES-OAEP-params") { root in
            var nodes = try root.children(tagged: .sequence, of: "RSAES-OAEP-params")
            let hash = try nodes.next(explicitly: 0, as: "hashFunc").map {
                try DigestAlgorithm(try AlgorithmIdentifier(node: $0))
            }
            let mask = try nodes.next(explicitly: 1, as: "maskGenFunc").map {
                try DigestAlgorithm(maskGeneration: try AlgorithmIdentifier(node: $0))
            }
            let source = try nodes.next(explicitly: 2, as: "pSourceFunc").map { try AlgorithmIdentifier(node: $0) }
            guard source?.parameters ?? [0x04, 0x00] == [0x04, 0x00] else {
                throw CMSError(.unsupportedAlgorithm, "RSAES-OAEP with a label")
            }
            // By the RFC an absent maskGenFunc is MGF1 with SHA-1 whatever the hash. Those who name only the hash (Go's
            // smallstep/pkcs7) mean it for both, and the mixed pair is one that nobody sends.
            return (hash ?? .sha1, mask ?? hash ?? .sha1)
        }
        switch (hash, mask) {
        case (.sha1, .sha1): return .oaepSHA1
        case (.sha256, .sha256): return .oaepSHA256
        default:
            throw CMSError(.unsupportedAlgorithm, "RSAES-OAEP with \(hash.rawValue) and MGF1 with \(mask.rawValue)")
        }
    }

    var identifier: AlgorithmIdentifier {
        switch self {
        case .pkcs1:
            AlgorithmIdentifier(.Algorithm.rsaEncryption, parameters: AlgorithmIdentifier.null)
        case .oaepSHA1:
            AlgorithmIdentifier(.Algorithm.rsaesOAEP, parameters: [0x30, 0x00])
        case .oaepSHA256:
            // hashFunc [0] sha256, maskGenFunc [1] mgf1 with sha256
            AlgorithmIdentifier(
                .Algorithm.rsaesOAEP,
                parameters: [
                    0x30, 0x2f, 0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                    0x01, 0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
                    0x01, 0x08, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
                    0x00,
                ]
            )
        }
    }
}
