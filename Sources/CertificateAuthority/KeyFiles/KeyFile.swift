import CryptographicMessageSyntax
import SwiftASN1

/// What is in a file with keys and certificates, of any of the kinds that administrators have.
///
/// PKCS#12 (`.p12`, `.pfx`), PEM with any number of blocks, and DER: a certificate, a certification request, a
/// PKCS#7 of certificates (`.p7b`), a private key. What a file is shows in its content, never in its name.
public struct KeyFile: Sendable {
    /// The private key, where there is one.
    public internal(set) var key: SoftwareKey?
    /// The certificates, in the order of the file.
    public internal(set) var certificates: [[UInt8]] = []
    /// The certification requests, in the order of the file.
    public internal(set) var requests: [[UInt8]] = []

    /// How long a file may be in bytes.
    public static let maximumLength = 1 << 20

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - password: Its password; nil where there is none.
    /// - Throws: ``KeyFileError``.
    public init(_ bytes: [UInt8], password: String?) throws(KeyFileError) {
        guard bytes.count <= Self.maximumLength else {
            throw KeyFileError(.tooLarge, "the file has \(bytes.count) bytes, at most \(Self.maximumLength) are read")
        }
        if let form = EncodedForm(of: bytes) {
            try self.add(bytes, form: form, password: password)
        } else {
            let blocks = try PEMBlock.blocks(in: bytes)
            guard !blocks.isEmpty else {
                throw KeyFileError(
                    .unreadable,
                    "the file is neither PKCS#12 nor PEM nor DER with a key, certificates or a request"
                )
            }
            for block in blocks { try self.add(block, password: password) }
        }
        guard self.key != nil || !self.certificates.isEmpty || !self.requests.isEmpty else {
            throw KeyFileError(.unreadable, "there is no key, certificate or request in the file")
        }
    }

    private mutating func add(_ bytes: [UInt8], form: EncodedForm, password: String?) throws(KeyFileError) {
        switch form {
        case .certificate: try self.add(certificate: bytes)
        case .request: try self.add(request: bytes)
        case .signedData: try self.add(signedData: bytes)
        case .privateKey: try self.add(key: bytes)
        case .encryptedPrivateKey:
            try self.requireNoKey()
            let key = try PrivateKeyFile.decrypted(bytes, password: password)
            try self.add(key: key)
        case .pkcs12:
            let content = try PKCS12File.content(of: bytes, password: password)
            if let key = content.key { try self.add(key: key) }
            for certificate in content.certificates { try self.add(certificate: certificate) }
        }
    }

    private mutating func add(_ block: PEMBlock, password: String?) throws(KeyFileError) {
        switch block.label {
        case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE": try self.add(certificate: block.content)
        case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST": try self.add(request: block.content)
        case "PKCS7", "PKCS #7 SIGNED DATA", "CMS": try self.add(signedData: block.content)
        case "ENCRYPTED PRIVATE KEY": try self.add(block.content, form: .encryptedPrivateKey, password: password)
        case "OPENSSH PRIVATE KEY":
            throw KeyFileError(
                .unsupportedKey,
                "the private key is in OpenSSH's own form: write it anew with ssh-keygen -p -m PKCS8 -f FILE"
            )
        case let label where label.hasSuffix("PRIVATE KEY"):
            guard TraditionalEncryption.isUsed(in: block) else { return try self.add(key: block.content) }
            try self.requireNoKey()
            let key = try TraditionalEncryption.decrypted(block, password: password)
            do throws(KeyFileError) {
                try self.add(key: key)
            } catch {
                // One wrong password in 256 leaves something that looks like padding.
                throw error.code == .unreadable
                    ? KeyFileError(.wrongPassword, "the password is not the one of the file, or the file is damaged")
                    : error
            }
        // EC PARAMETERS, PUBLIC KEY, X509 CRL: they say nothing that is needed here.
        default: break
        }
    }

    /// Asked before a password is worked on.
    private func requireNoKey() throws(KeyFileError) {
        guard self.key == nil else { throw KeyFileError.severalKeys }
    }

    private mutating func add(key bytes: [UInt8]) throws(KeyFileError) {
        guard self.key == nil else {
            throw KeyFileError(
                .severalKeys, "there are several private keys in the file: leave only the one to be used")
        }
        self.key = try PrivateKeyFile.key(bytes)
    }

    private mutating func add(certificate bytes: [UInt8]) throws(KeyFileError) {
        do throws(CMSError) {
            // What OpenSSL writes behind a TRUSTED CERTIFICATE is left out.
            let length = try BERBounds.lengthOfFirstElement(in: bytes[...])
            self.certificates.append(try SignerCertificate(encoded: Array(bytes.prefix(length))).encoded)
        } catch {
            throw KeyFileError(.unreadable, "certificate \(self.certificates.count + 1) of the file cannot be read")
        }
    }

    private mutating func add(request bytes: [UInt8]) throws(KeyFileError) {
        do throws(CMSError) {
            self.requests.append(try CertificationRequest(encoded: bytes).encoded)
        } catch {
            throw KeyFileError(.unreadable, "the certification request in the file cannot be read: \(error.reason)")
        }
    }

    private mutating func add(signedData bytes: [UInt8]) throws(KeyFileError) {
        let certificates: [[UInt8]]
        do throws(CMSError) {
            certificates = try SignedData(berEncoded: bytes).certificates
        } catch {
            throw KeyFileError(.unreadable, "the PKCS#7 in the file cannot be read: \(error.reason)")
        }
        for certificate in certificates { try self.add(certificate: certificate) }
    }
}
