import CryptographicMessageSyntax
import SwiftASN1

/// Refuses files whose password would be worked on for hours.
///
/// ```
/// PBES2-params ::= SEQUENCE {
///     keyDerivationFunc  AlgorithmIdentifier,  -- PBKDF2 or scrypt
///     encryptionScheme   AlgorithmIdentifier }
///
/// PBEParameter ::= SEQUENCE {
///     salt            OCTET STRING,
///     iterationCount  INTEGER }
///
/// scrypt-params ::= SEQUENCE {
///     salt                      OCTET STRING,
///     costParameter             INTEGER,
///     blockSize                 INTEGER,
///     parallelizationParameter  INTEGER,
///     keyLength                 INTEGER OPTIONAL }
/// ```
/// RFC 8018 §A.3 and §A.4, RFC 7914 §7.1, RFC 7292 §C.
enum KeyDerivationCost {
    /// The most iterations of PBKDF2 and its relatives; OpenSSL writes 2048, careful people up to a million.
    static let maximumIterations = 10_000_000
    /// The most that the three parameters of scrypt may be multiplied; 2²⁰ with blocks of 8 is already uncommon.
    static let maximumScrypt = 1 << 26

    /// Looks at the algorithm that encrypts a key.
    ///
    /// - Parameter algorithm: An AlgorithmIdentifier, encoded. One that is not known is left for libcrypto to refuse.
    /// - Throws: ``KeyFileError``: `tooLarge`, or `unreadable` where the parameters are none.
    static func check(_ algorithm: [UInt8]) throws(KeyFileError) {
        do throws(CMSError) {
            try decodeBER(algorithm[...], as: "AlgorithmIdentifier") { node in
                let algorithm = try AlgorithmIdentifier(node: node)
                guard algorithm.algorithm == Self.pbes2 else { return try Self.check(plain: algorithm) }
                try decodeBER((algorithm.parameters ?? [])[...], as: "PBES2-params") { node in
                    var nodes = try node.children(tagged: .sequence, of: "PBES2-params")
                    let function = try AlgorithmIdentifier(node: try nodes.require("keyDerivationFunc"))
                    if function.algorithm == Self.scrypt {
                        try Self.check(scrypt: function)
                    } else {
                        try Self.check(plain: function)
                    }
                }
            }
        } catch {
            throw error.code == .tooComplex
                ? KeyFileError(.tooLarge, error.reason)
                : KeyFileError(.unreadable, "how the file is encrypted cannot be read: \(error.reason)")
        }
    }

    /// Looks at a number of iterations.
    ///
    /// - Throws: ``KeyFileError`` with code `tooLarge`.
    static func check(iterations: Int) throws(KeyFileError) {
        guard iterations <= Self.maximumIterations else {
            throw KeyFileError(.tooLarge, Self.reason("\(iterations) iterations"))
        }
    }

    private static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
    private static let scrypt: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11591, 4, 11]

    private static func reason(_ what: String) -> String {
        "the password of the file is protected by \(what), more than is worked on here: encrypt it again with fewer"
    }

    private static func check(plain algorithm: AlgorithmIdentifier) throws {
        guard let parameters = algorithm.parameters else { return }
        try decodeBER(parameters[...], as: "PBEParameter") { node in
            var nodes = try node.children(tagged: .sequence, of: "PBEParameter")
            _ = try nodes.require("salt")
            let iterations = try Int(berEncoded: try nodes.require("iterationCount"))
            guard iterations <= Self.maximumIterations else {
                throw CMSError(.tooComplex, Self.reason("\(iterations) iterations"))
            }
        }
    }

    private static func check(scrypt algorithm: AlgorithmIdentifier) throws {
        try decodeBER((algorithm.parameters ?? [])[...], as: "scrypt-params") { node in
            var nodes = try node.children(tagged: .sequence, of: "scrypt-params")
            _ = try nodes.require("salt")
            var cost = 1
            for what in ["costParameter", "blockSize", "parallelizationParameter"] {
                let number = try Int(berEncoded: try nodes.require(what))
                let (product, isTooLarge) = cost.multipliedReportingOverflow(by: number)
                guard number > 0, !isTooLarge, product <= Self.maximumScrypt else {
                    throw CMSError(.tooComplex, Self.reason("scrypt with large parameters"))
                }
                cost = product
            }
        }
    }
}
