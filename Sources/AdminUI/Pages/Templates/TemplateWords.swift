/// What the settings of a template can be, and what that means.
enum TemplateWords {
    static let keyUsages: [(value: String, meaning: String)] = [
        ("digitalSignature", "signs, as in TLS"), ("contentCommitment", "signs what binds somebody"),
        ("keyEncipherment", "decrypts keys; RSA only"), ("dataEncipherment", "decrypts data; RSA only"),
        ("keyAgreement", "agrees on keys; ECDSA only"), ("encipherOnly", "with keyAgreement: only to encrypt"),
        ("decipherOnly", "with keyAgreement: only to decrypt"),
    ]

    /// Purposes that have boxes of their own; others are written.
    static let purposes: [(value: String, meaning: String)] = [
        ("clientAuth", "a client in TLS, 802.1X"), ("serverAuth", "a server in TLS"),
        ("emailProtection", "signs and encrypts mail"), ("ipsecIKE", "a VPN gateway or client"),
        ("codeSigning", "signs programs"), ("smartcardLogon", "signs in to Windows"),
    ]

    static let excesses: [(value: String, label: String)] = [
        ("refuse", "the request is refused"), ("drop", "it is left out"),
    ]
}
