public import Foundation

/// What is known of a certificate without reading it.
public struct CertificateSummary: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The CA that issued it.
    public var authority: Int64
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
    /// When it was issued.
    public var createdAt: Date
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
    /// The names by which it can be found besides its subject, in small letters.
    public var names: [String]
    /// Since when it is revoked, and why; nil where it is not.
    public var revocation: Revocation?

    /// What a certificate is good for at a moment.
    public func state(at now: Date) -> CertificateState {
        if let revocation = self.revocation { return revocation.isHold ? .held : .revoked }
        return self.notAfter.milliseconds > now.milliseconds ? .valid : .expired
    }
}

/// What a certificate is good for at a moment; it is in one of these states.
public enum CertificateState: String, Hashable, Sendable, CaseIterable {
    /// It has neither ended nor is it revoked.
    case valid
    /// It has ended, and was not revoked before.
    case expired
    /// It is revoked for good, whether it has ended or not.
    case revoked
    /// It is on hold, whether it has ended or not.
    case held
}

extension CertificateSummary {
    /// The columns of a record, in the order in which it is read.
    static let columns = """
        id, authority_id, serial_number, profile, subject, not_before, not_after, created_at, key_digest,
        assigned_template, assigned_days, template, origin, issued_by, names, revoked_at, revocation_reason,
        invalidity_date
        """

    /// How many they are.
    static let columnCount = 18

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.authority = try row.integer(1)
        self.serialNumber = try row.bytes(2)
        self.profile = try row.textIfPresent(3)
        self.subject = try row.text(4)
        self.notBefore = try row.date(5)
        self.notAfter = try row.date(6)
        self.createdAt = try row.date(7)
        self.keyDigest = try row.bytesIfPresent(8)
        self.assignedTemplate = try row.textIfPresent(9)
        self.assignedDays = try row.integerIfPresent(10).map(Int.init)
        self.template = try row.textIfPresent(11)
        let origin = try row.text(12)
        guard let known = CertificateOrigin(rawValue: origin) else {
            throw RegistryError.damaged("a certificate has the origin \(origin)")
        }
        self.origin = known
        self.issuedBy = try row.textIfPresent(13)
        self.names = SearchText.names(try row.text(14))
        self.revocation = try Revocation(row, at: 15)
    }
}
