import CLibcrypto

/// DES-EDE3-CBC by libcrypto: swift-crypto, rightly, has no DES.
enum TripleDES {
    /// Encrypts or decrypts whole blocks, without padding.
    ///
    /// - Throws: ``CMSError`` with code `decryption` where libcrypto refuses.
    static func transform(
        _ input: [UInt8],
        key: [UInt8],
        vector: [UInt8],
        _ encrypting: Bool
    ) throws(CMSError) -> [UInt8] {
        guard key.count == 24, vector.count == 8, input.count % 8 == 0, let length = Int32(exactly: input.count) else {
            throw CMSError(.decryption, "3DES needs whole blocks, a key of 24 and a vector of 8 bytes")
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw CMSError(.decryption, "libcrypto has no memory") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + 8)
        var written: Int32 = 0
        guard EVP_CipherInit_ex(context, EVP_des_ede3_cbc(), nil, key, vector, encrypting ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_CipherUpdate(context, &output, &written, input, length) == 1,
            written == length
        else { throw CMSError(.decryption, "libcrypto refuses 3DES") }
        output.removeLast(8)
        return output
    }
}
