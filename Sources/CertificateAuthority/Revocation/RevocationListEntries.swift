/// The entries of a CRL, written one after the other.
///
/// ```
/// revokedCertificates  SEQUENCE OF SEQUENCE {
///     userCertificate     CertificateSerialNumber,
///     revocationDate      Time,
///     crlEntryExtensions  Extensions OPTIONAL }
/// ```
/// RFC 5280 §5.1. A CRL may have a million of them, so they are put into one buffer as they come, without a structure
/// for each; whoever reads them from a database does so page by page.
public struct RevocationListEntries: Sendable {
    /// The entries so far, without the header of the SEQUENCE around them.
    var octets: [UInt8] = []
    private var times = RevocationTimes()

    /// How many entries there are.
    public private(set) var count = 0

    /// The bytes of an entry with a serial number of 20 octets and a reason.
    private static let usualSize = 53
    /// RFC 5280 §4.1.2.2 allows 20 octets; with up to this many every length below is a single octet.
    private static let maximumSerialNumber = 64

    /// Makes an empty list.
    ///
    /// - Parameter expected: About how many entries will come, so that the buffer need not grow.
    public init(expecting expected: Int = 0) {
        self.octets.reserveCapacity(min(max(expected, 0), 1 << 24) * Self.usualSize)
    }

    /// Puts encoded entries in place of all that are there.
    mutating func replace(_ octets: [UInt8], count: Int) {
        self.octets = octets
        self.count = count
    }

    /// Appends an entry.
    ///
    /// - Throws: ``IssuanceError`` with code `revocationList` where the serial number or a time cannot be written.
    public mutating func append(_ entry: RevokedCertificate) throws(IssuanceError) {
        guard (1...Self.maximumSerialNumber).contains(entry.serialNumber.count) else {
            throw IssuanceError(
                .revocationList,
                "a serial number of \(entry.serialNumber.count) octets cannot be on a CRL: 1 to 20 are allowed"
            )
        }
        guard RevocationTimes.isWritable(entry.revokedAt),
            entry.invalidityDate.map(RevocationTimes.isWritable) ?? true
        else {
            throw IssuanceError(
                .revocationList,
                "the certificate \(ReadableText.hexadecimal(entry.serialNumber)) was revoked at a time that no CRL can "
                    + "express: years have four digits"
            )
        }
        self.octets.append(0x30)
        self.octets.append(0)
        let start = self.octets.count
        self.octets.append(0x02)
        self.octets.append(UInt8(truncatingIfNeeded: entry.serialNumber.count))
        self.octets.append(contentsOf: entry.serialNumber)
        self.times.append(entry.revokedAt, to: &self.octets)
        self.appendExtensions(of: entry)
        self.octets[start - 1] = UInt8(truncatingIfNeeded: self.octets.count - start)
        self.count += 1
    }

    private mutating func appendExtensions(of entry: RevokedCertificate) {
        let reasonSize = entry.reason == .unspecified ? 0 : Self.reasonCode.count + 1
        let dateSize = entry.invalidityDate == nil ? 0 : Self.invalidityDate.count + 17
        guard reasonSize + dateSize > 0 else { return }
        self.octets.append(0x30)
        self.octets.append(UInt8(truncatingIfNeeded: reasonSize + dateSize))
        if reasonSize > 0 {
            self.octets.append(contentsOf: Self.reasonCode)
            self.octets.append(entry.reason.rawValue)
        }
        if let invalidityDate = entry.invalidityDate {
            self.octets.append(contentsOf: Self.invalidityDate)
            self.times.appendGeneralizedTime(invalidityDate, to: &self.octets)
        }
    }

    /// The extension reasonCode (2.5.29.21) up to the number of the reason. RFC 5280 §5.3.1: "the reason code CRL entry
    /// extension SHOULD be absent instead of using the unspecified (0) reasonCode value."
    private static let reasonCode: [UInt8] = [
        0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01,
    ]

    /// The extension invalidityDate (2.5.29.24) up to its GeneralizedTime (RFC 5280 §5.3.2).
    private static let invalidityDate: [UInt8] = [0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11]
}
