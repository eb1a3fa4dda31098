import CryptographicMessageSyntax

/// Certificates in one file.
public struct CertificateBundle: Hashable, Sendable {
    /// The certificates, in the order in which they are written.
    public var certificates: [[UInt8]]

    /// Makes a bundle.
    public init(_ certificates: [[UInt8]]) {
        self.certificates = certificates
    }

    /// The certificates as PEM, one block behind the other, and nothing around them (RFC 7468 §5).
    public var pem: String {
        self.certificates.map { PEMChunks.text($0, label: "CERTIFICATE") }.joined()
    }

    /// The certificates as PKCS#7 without content or signer (`.p7b`, `.p7c`), as DER (RFC 8551 §3.8).
    public func pkcs7() -> [UInt8] {
        SignedData(certificates: self.certificates).derEncoded()
    }
}
