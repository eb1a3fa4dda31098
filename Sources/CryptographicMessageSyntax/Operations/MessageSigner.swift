/// Who signs a message: a certificate and its key.
public struct MessageSigner: Sendable {
    /// Which certificate; by issuer and serial number, because clients fail on a subjectKeyIdentifier here.
    public let certificate: IssuerAndSerialNumber
    /// Its key.
    public let key: any MessageSigningKey

    /// Makes a signer from what names its certificate, and its key.
    public init(_ certificate: IssuerAndSerialNumber, key: any MessageSigningKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Makes a signer from its certificate and key.
    public init(_ certificate: SignerCertificate, key: any MessageSigningKey) {
        self.init(certificate.identifier, key: key)
    }
}
