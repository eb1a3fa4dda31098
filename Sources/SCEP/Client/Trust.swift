/// How a client knows its CA before it has talked to it (RFC 8894 §2.2).
///
/// GetCACert comes unprotected, so something has to come by another way: a person reads a fingerprint aloud, or the
/// certificate is there already.
public enum Trust: Hashable, Sendable {
    /// The SHA-256 of the CA certificate.
    case fingerprint(Fingerprint)
    /// The CA certificate itself, encoded.
    case certificate([UInt8])

    /// The fingerprint of the CA certificate.
    public var fingerprint: Fingerprint {
        switch self {
        case .fingerprint(let fingerprint): fingerprint
        case .certificate(let certificate): Fingerprint(of: certificate)
        }
    }
}
