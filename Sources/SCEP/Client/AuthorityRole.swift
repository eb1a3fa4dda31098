/// What a certificate in a server's answer to GetCACert is for.
public enum AuthorityRole: String, Hashable, Sendable {
    /// A CA.
    case certificateAuthority = "CA"
    /// A registration authority that receives messages and signs answers.
    case registrationAuthority = "RA"
    /// A registration authority's certificate that only receives messages.
    case encryption = "RA, encryption"
    /// A registration authority's certificate that only signs answers.
    case signature = "RA, signature"
    /// None of these: its keyUsage allows neither.
    case none = "no role in SCEP"

    /// What a certificate says that it is for.
    public init(_ certificate: CertificateDetails) {
        if certificate.isAuthority {
            self = .certificateAuthority
            return
        }
        self =
            switch (certificate.allows(.keyEncipherment), certificate.allows(.digitalSignature)) {
            case (true, true): .registrationAuthority
            case (true, false): .encryption
            case (false, true): .signature
            case (false, false): .none
            }
    }
}
