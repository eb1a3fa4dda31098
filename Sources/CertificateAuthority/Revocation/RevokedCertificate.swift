public import Foundation

/// One certificate on a CRL.
public struct RevokedCertificate: Hashable, Sendable {
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]
    /// When the CA was told.
    public var revokedAt: Date
    /// Why.
    public var reason: RevocationReason
    /// Since when the certificate should not have been relied on, where somebody knows (RFC 5280 §5.3.2).
    public var invalidityDate: Date?

    /// Makes an entry.
    public init(
        serialNumber: [UInt8],
        revokedAt: Date,
        reason: RevocationReason = .unspecified,
        invalidityDate: Date? = nil
    ) {
        self.serialNumber = serialNumber
        self.revokedAt = revokedAt
        self.reason = reason
        self.invalidityDate = invalidityDate
    }
}
