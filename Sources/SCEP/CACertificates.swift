import CryptographicMessageSyntax

/// The answer to GetCACert (RFC 8894 §4.2.1).
public enum CACertificates: Hashable, Sendable {
    /// The CA's certificate alone.
    case authority([UInt8])
    /// Several: RA certificates first, then the issuing CA, then its parents.
    case chain([[UInt8]])

    /// The Content-Type, which clients compare exactly.
    public var contentType: String {
        switch self {
        case .authority: "application/x-x509-ca-cert"
        case .chain: "application/x-x509-ca-ra-cert"
        }
    }

    /// The body: one certificate, or a degenerate SignedData.
    public func encoded() -> [UInt8] {
        switch self {
        case .authority(let certificate): certificate
        case .chain(let certificates): SignedData(certificates: certificates).derEncoded()
        }
    }

    /// Reads a server's answer by what it is, whatever its Content-Type says.
    ///
    /// - Throws: ``SCEPError`` with code `mismatch`.
    public init(encoded bytes: [UInt8]) throws(SCEPError) {
        if let signedData = try? SignedData(berEncoded: bytes) {
            guard !signedData.certificates.isEmpty else {
                throw SCEPError(.mismatch, "the answer to GetCACert holds no certificate")
            }
            self = .chain(signedData.certificates)
        } else {
            do {
                self = .authority(try SignerCertificate(encoded: bytes).encoded)
            } catch {
                throw SCEPError(.mismatch, "the answer to GetCACert is neither a certificate nor a SignedData")
            }
        }
    }

    /// The certificates, in the order received.
    public var certificates: [[UInt8]] {
        switch self {
        case .authority(let certificate): [certificate]
        case .chain(let certificates): certificates
        }
    }
}
