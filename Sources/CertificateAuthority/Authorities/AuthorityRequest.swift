import CryptographicMessageSyntax

/// Makes the request of a CA that is signed elsewhere.
public enum AuthorityRequest {
    /// Makes and signs a PKCS#10 that asks for CA:TRUE and for what a CA's key does.
    ///
    /// - Parameters:
    ///   - subject: The subject's Name, encoded.
    ///   - key: The CA's key.
    ///   - answersSCEP: Whether the CA answers SCEP requests itself, so that its key also enciphers.
    /// - Returns: The request as DER.
    /// - Throws: What the key throws, or an ASN.1 error.
    public static func make(
        subject: [UInt8],
        key: any AuthorityKey,
        answersSCEP: Bool = false
    ) throws -> [UInt8] {
        let terms = AuthorityTerms(subject: subject, answersSCEP: answersSCEP)
        return try CertificationRequest.make(
            subject: subject,
            publicKey: key.publicKey,
            key: key,
            extensions: [
                .basicConstraints(pathLength: nil),
                .keyUsage(terms.keyUsage(of: key.publicKey)),
                .subjectKeyIdentifier(Issuer.keyIdentifier(of: key.publicKey)),
            ],
            digest: key.publicKey.curve == .p384 ? .sha384 : .sha256
        ).encoded
    }
}
