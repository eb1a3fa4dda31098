import Crypto
import CryptoExtras
import SwiftASN1

/// A block cipher in CBC mode with PKCS#7 padding, as CMS uses it (RFC 3370 §5, RFC 3565).
public enum ContentEncryptionAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// Single DES, which a desktop breaks.
    case des = "DES"
    /// DES-EDE3, with three keys.
    case tripleDES = "3DES"
    /// AES with a key of 128 bits.
    case aes128 = "AES-128"
    /// AES with a key of 192 bits.
    case aes192 = "AES-192"
    /// AES with a key of 256 bits.
    case aes256 = "AES-256"

    /// Finds the cipher that an identifier names.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public init(_ identifier: AlgorithmIdentifier) throws(CMSError) {
        guard let cipher = Self.allCases.first(where: { $0.objectIdentifier == identifier.algorithm }) else {
            throw CMSError(
                .unsupportedAlgorithm,
                "the content encryption algorithm \(identifier.algorithm) is not supported"
            )
        }
        self = cipher
    }

    var objectIdentifier: ASN1ObjectIdentifier {
        switch self {
        case .des: .Algorithm.desCBC
        case .tripleDES: .Algorithm.desEDE3CBC
        case .aes128: .Algorithm.aes128CBC
        case .aes192: .Algorithm.aes192CBC
        case .aes256: .Algorithm.aes256CBC
        }
    }

    /// The length of a key in bytes.
    public var keyLength: Int {
        switch self {
        case .des: 8
        case .tripleDES: 24
        case .aes128: 16
        case .aes192: 24
        case .aes256: 32
        }
    }

    /// The length of a block, and so of the initialization vector, in bytes.
    public var blockLength: Int {
        switch self {
        case .des, .tripleDES: 8
        case .aes128, .aes192, .aes256: 16
        }
    }

    /// The identifier with its initialization vector.
    func identifier(initializationVector: [UInt8]) -> AlgorithmIdentifier {
        AlgorithmIdentifier(
            self.objectIdentifier,
            parameters: DERWriter.encode { $0.appendOctetString(initializationVector) }
        )
    }

    /// The initialization vector that an identifier carries.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    func initializationVector(of identifier: AlgorithmIdentifier) throws(CMSError) -> [UInt8] {
        guard let parameters = identifier.parameters else {
            // Some clients of the nineties leave the vector out of single DES and mean zeros.
            guard self == .des else { throw CMSError(.malformed, "\(self.rawValue) without initialization vector") }
            return [UInt8](repeating: 0, count: self.blockLength)
        }
        let vector = try decodeBER(parameters[...], as: "initialization vector") {
            Array(try ASN1OctetString(berEncoded: $0).bytes)
        }
        guard vector.count == self.blockLength else {
            throw CMSError(.malformed, "\(self.rawValue) with an initialization vector of \(vector.count) bytes")
        }
        return vector
    }

    /// Encrypts with padding.
    ///
    /// - Throws: ``CMSError`` with code `key` where the key or the vector has the wrong length.
    func encrypt(_ plaintext: [UInt8], key: [UInt8], initializationVector: [UInt8]) throws -> [UInt8] {
        let padding = self.blockLength - plaintext.count % self.blockLength
        let padded = plaintext + [UInt8](repeating: UInt8(padding), count: padding)
        return try self.transform(padded, key: key, initializationVector: initializationVector, encrypting: true)
    }

    /// Decrypts and takes the padding off.
    ///
    /// - Throws: ``CMSError`` with code `decryption`, the same for every cause: which one it is would be an oracle.
    func decrypt(_ ciphertext: [UInt8], key: [UInt8], initializationVector: [UInt8]) throws(CMSError) -> [UInt8] {
        guard !ciphertext.isEmpty, ciphertext.count % self.blockLength == 0,
            var plaintext = try? self.transform(
                ciphertext,
                key: key,
                initializationVector: initializationVector,
                encrypting: false
            ),
            plaintext.count == ciphertext.count
        else { throw .contentDoesNotDecrypt }
        // Every byte of the last block is looked at, whatever the padding says.
        let padding = plaintext[plaintext.count - 1]
        var wrong: UInt8 = padding == 0 || padding > self.blockLength ? 1 : 0
        for offset in 0..<self.blockLength {
            // 0xff where the byte belongs to the padding, 0x00 where it is content.
            let mask = UInt8(truncatingIfNeeded: (UInt16(offset) &- UInt16(padding)) >> 8)
            wrong |= (plaintext[plaintext.count - 1 - offset] ^ padding) & mask
        }
        guard wrong == 0 else { throw .contentDoesNotDecrypt }
        plaintext.removeLast(Int(padding))
        return plaintext
    }

    /// The cipher itself, on whole blocks.
    ///
    /// - Throws: ``CMSError`` with code `key` where the key or the vector has the wrong length.
    func transform(
        _ input: [UInt8],
        key: [UInt8],
        initializationVector: [UInt8],
        encrypting: Bool
    ) throws -> [UInt8] {
        guard key.count == self.keyLength, initializationVector.count == self.blockLength else {
            throw CMSError(.key, "\(self.rawValue) with a key of \(key.count) bytes")
        }
        switch self {
        case .des:
            // EDE with one key three times is single DES, so OpenSSL's legacy provider need not be there.
            return try TripleDES.transform(input, key: key + key + key, vector: initializationVector, encrypting)
        case .tripleDES:
            return try TripleDES.transform(input, key: key, vector: initializationVector, encrypting)
        case .aes128, .aes192, .aes256:
            let vector = try AES._CBC.IV(ivBytes: initializationVector)
            let symmetricKey = SymmetricKey(data: key)
            return Array(
                encrypting
                    ? try AES._CBC.encrypt(input, using: symmetricKey, iv: vector, noPadding: true)
                    : try AES._CBC.decrypt(input, using: symmetricKey, iv: vector, noPadding: true)
            )
        }
    }
}

extension CMSError {
    /// What every failure is that depends on decrypted bytes; telling them apart would be an oracle.
    static let contentDoesNotDecrypt = CMSError(
        .decryption,
        "the content does not decrypt: a wrong key, or padding or bytes damaged"
    )
}
