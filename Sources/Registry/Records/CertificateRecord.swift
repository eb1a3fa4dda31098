public import Foundation

/// How a certificate came to be.
public enum CertificateOrigin: String, Hashable, Sendable, CaseIterable {
    /// A device asked for it by SCEP.
    case scep
    /// Somebody made it by hand.
    case manual
    /// The server uses it itself.
    case service
    /// It is the certificate of a CA below this one.
    case authority
}

/// A certificate that is to be recorded.
public struct NewCertificate: Hashable, Sendable {
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]
    /// The profile through which it was requested; nil for one that was not.
    public var profile: String?
    /// The subject, readable (RFC 4514).
    public var subject: String
    /// The first second of the validity.
    public var notBefore: Date
    /// The last second of the validity.
    public var notAfter: Date
    /// The certificate as DER.
    public var encoded: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo; nil where it is not known.
    public var keyDigest: [UInt8]?
    /// The name of the template, where it was decided for this device; nil for its profile's.
    public var assignedTemplate: String?
    /// For how many days it is valid, where that was decided for this device; nil for as long as its template says.
    public var assignedDays: Int?
    /// The name of the template by which it was issued; nil where it is not known or there was none.
    public var template: String?
    /// How it came to be.
    public var origin: CertificateOrigin
    /// Who issued it by hand; nil where nobody did.
    public var issuedBy: String?
    /// The names by which it can be found besides its subject: common names, SANs.
    ///
    /// They are stored in small letters, and come back so.
    public var names: [String]

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - serialNumber: The content octets of the serial number.
    ///   - profile: The profile through which it was requested; nil for one that was not.
    ///   - subject: The subject, readable.
    ///   - notBefore: The first second of the validity.
    ///   - notAfter: The last second of the validity.
    ///   - encoded: The certificate as DER.
    ///   - keyDigest: SHA-256 of the SubjectPublicKeyInfo.
    ///   - assignedTemplate: The name of the template, where it was decided for this device.
    ///   - assignedDays: For how many days it is valid, where that was decided for this device.
    ///   - template: The name of the template by which it was issued.
    ///   - origin: How it came to be; nil says that a device asked for it where there is a profile, and otherwise that
    ///     the server uses it itself.
    ///   - issuedBy: Who issued it by hand.
    ///   - names: The names by which it can be found besides its subject.
    public init(
        serialNumber: [UInt8],
        profile: String?,
        subject: String,
        notBefore: Date,
        notAfter: Date,
        encoded: [UInt8],
        keyDigest: [UInt8]? = nil,
        assignedTemplate: String? = nil,
        assignedDays: Int? = nil,
        template: String? = nil,
        origin: CertificateOrigin? = nil,
        issuedBy: String? = nil,
        names: [String] = []
    ) {
        self.serialNumber = serialNumber
        self.profile = profile
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.encoded = encoded
        self.keyDigest = keyDigest
        self.assignedTemplate = assignedTemplate
        self.assignedDays = assignedDays
        self.template = template
        self.origin = origin ?? (profile == nil ? .service : .scep)
        self.issuedBy = issuedBy
        self.names = names
    }
}

/// A certificate that was issued.
public struct CertificateRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The CA that issued it.
    public var authority: Int64
    /// What was recorded when it was issued.
    public var certificate: NewCertificate
    /// When it was issued.
    public var createdAt: Date
    /// Since when it is revoked, and why; nil where it is not.
    public var revocation: Revocation?

    /// The same without the certificate.
    public var summary: CertificateSummary {
        CertificateSummary(
            id: self.id,
            authority: self.authority,
            serialNumber: self.certificate.serialNumber,
            profile: self.certificate.profile,
            subject: self.certificate.subject,
            notBefore: self.certificate.notBefore,
            notAfter: self.certificate.notAfter,
            createdAt: self.createdAt,
            keyDigest: self.certificate.keyDigest,
            assignedTemplate: self.certificate.assignedTemplate,
            assignedDays: self.certificate.assignedDays,
            template: self.certificate.template,
            origin: self.certificate.origin,
            issuedBy: self.certificate.issuedBy,
            names: self.certificate.names,
            revocation: self.revocation
        )
    }
}

extension CertificateRecord {
    /// The columns of a record, in the order in which it is read.
    static let columns = CertificateSummary.columns + ", encoded"

    init(_ row: SQLRow) throws {
        let summary = try CertificateSummary(row)
        self.id = summary.id
        self.authority = summary.authority
        self.certificate = NewCertificate(
            serialNumber: summary.serialNumber,
            profile: summary.profile,
            subject: summary.subject,
            notBefore: summary.notBefore,
            notAfter: summary.notAfter,
            encoded: try row.bytes(CertificateSummary.columnCount),
            keyDigest: summary.keyDigest,
            assignedTemplate: summary.assignedTemplate,
            assignedDays: summary.assignedDays,
            template: summary.template,
            origin: summary.origin,
            issuedBy: summary.issuedBy,
            names: summary.names
        )
        self.createdAt = summary.createdAt
        self.revocation = summary.revocation
    }
}
