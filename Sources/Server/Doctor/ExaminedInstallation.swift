/// What has to be known of an installation to ask its server how it is.
public struct ExaminedInstallation: Sendable {
    /// A profile that a server should answer.
    public struct Profile: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The path of its endpoint.
        public var path: String
        /// The certificate of its CA.
        public var authority: [UInt8]
    }

    /// A CA whose publications a server should serve.
    public struct Authority: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The path of its CRL.
        public var revocationListPath: String
        /// The number of its latest CRL; 0 where there is none yet.
        public var revocationListNumber: Int64
        /// The path by which OCSP is asked for the certificate of its RA, or of its OCSP signer; nil where it has neither.
        public var statusPath: String?
        /// How that certificate is named in the answer.
        public var statusIdentifier: [UInt8]
    }

    /// How the HTTPS listener is reached on this machine: `https://127.0.0.1:8443`; nil where it is off.
    public var https: String?
    /// How the plain listener is reached on this machine; nil where it is off.
    public var http: String?
    /// How the listener for metrics is reached on this machine; nil where it is off.
    public var metrics: String?
    /// The certificates that a client of the HTTPS listener trusts; nil where an administrator's own is served, which this
    /// program need not trust.
    public var trustedByClients: [[UInt8]]?
    /// The name by which the HTTPS listener is asked for on this machine.
    public var httpsName: String
    /// How the addresses begin that certificates name; nil where they name none.
    public var publicationURL: String?
    /// The profiles.
    public var profiles: [Profile]
    /// The CAs that publish.
    public var authorities: [Authority]
}
