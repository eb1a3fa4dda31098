public import CryptographicMessageSyntax

/// How a client opens the envelope of an answer.
public enum EnvelopeOpener: Sendable {
    /// With the private RSA key of the certificate that signed the request.
    case key(any KeyTransportKey)
    /// With the challenge in the request, where the key that signed it only signs (RFC 8894 §3.1).
    case password([UInt8])

    /// Opens an envelope.
    ///
    /// - Parameters:
    ///   - envelope: The envelope.
    ///   - certificate: The certificate that signed the request.
    /// - Returns: What is inside.
    /// - Throws: ``CMSError``.
    func open(_ envelope: EnvelopedData, for certificate: SignerCertificate) throws(CMSError) -> [UInt8] {
        switch self {
        case .key(let key): try Self.open(envelope, for: certificate, with: key)
        case .password(let password): try envelope.open(password: password)
        }
    }

    private static func open(
        _ envelope: EnvelopedData,
        for certificate: SignerCertificate,
        with key: some KeyTransportKey
    ) throws(CMSError) -> [UInt8] {
        try envelope.open(try envelope.recipient(for: certificate), with: key)
    }
}
