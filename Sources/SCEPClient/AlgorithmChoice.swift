public import CryptographicMessageSyntax
public import SCEP

/// How a client signs and encrypts, from what the server says that it can do (RFC 8894 §3.5.2).
///
/// GetCACaps comes unprotected, so somebody in between could shorten the list until only weak algorithms are left (§7.5).
/// Therefore a client goes below AES-128 and SHA-256 only where it is told to, whatever the list says.
public struct AlgorithmChoice: Hashable, Sendable {
    /// The digest of signatures: the strongest that the server names.
    public var digest: DigestAlgorithm
    /// How messages are encrypted.
    ///
    /// The capability AES stands for AES-128, and there is none for more.
    public var cipher: ContentEncryptionAlgorithm

    /// Chooses.
    ///
    /// - Parameters:
    ///   - capabilities: What the server says that it can do.
    ///   - allowWeak: Whether 3DES and SHA-1 may be used where it names nothing better.
    /// - Throws: ``SCEPClientError`` with code `weak`.
    public init(_ capabilities: Set<Capability>, allowWeak: Bool) throws(SCEPClientError) {
        let isStandard = capabilities.contains(.scepStandard)
        let digests: [(Bool, DigestAlgorithm)] = [
            (capabilities.contains(.sha512), .sha512), (capabilities.contains(.sha384), .sha384),
            (isStandard || capabilities.contains(.sha256), .sha256),
        ]
        let digest = digests.first(where: \.0)?.1
        let hasAES = isStandard || capabilities.contains(.aes)
        guard allowWeak || digest != nil && hasAES else {
            let named = capabilities.map(\.rawValue).sorted().joined(separator: ", ")
            throw SCEPClientError(
                .weak,
                "The server does not offer AES and SHA-256 (\(named.isEmpty ? "it names nothing" : "it names \(named)")), "
                    + "or somebody in between has shortened its list. Only if you know the server to be that old, allow "
                    + "weak algorithms."
            )
        }
        // Where nothing is named, 3DES and SHA-1 are what the servers of that age took. DES and MD5 are never written.
        self.digest = digest ?? .sha1
        self.cipher = hasAES ? .aes128 : .tripleDES
    }

    /// Refuses an answer in algorithms that the client would not use itself.
    ///
    /// - Parameters:
    ///   - digest: The digest of the answer's signature.
    ///   - cipher: How it is encrypted; nil where it is not.
    ///   - allowWeak: Whether weak ones are taken.
    /// - Throws: ``SCEPClientError`` with code `weak`.
    static func check(
        digest: DigestAlgorithm,
        cipher: ContentEncryptionAlgorithm?,
        allowWeak: Bool
    ) throws(SCEPClientError) {
        guard !allowWeak else { return }
        var weak: [String] = digest.isSHA2 ? [] : [digest.rawValue]
        if let cipher, cipher == .des || cipher == .tripleDES { weak.append(cipher.rawValue) }
        guard weak.isEmpty else {
            throw SCEPClientError(weak: "The server's answer uses \(weak.joined(separator: " and "))")
        }
    }
}
