import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// What is said of one certificate.
///
/// ```
/// SingleResponse ::= SEQUENCE {
///     certID            CertID,
///     certStatus        CertStatus,
///     thisUpdate        GeneralizedTime,
///     nextUpdate        [0] EXPLICIT GeneralizedTime OPTIONAL,
///     singleExtensions  [1] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 6960 §4.2.1.
public struct SingleResponse: Hashable, Sendable {
    /// Which certificate, as the request named it.
    public var certificate: CertID
    /// What is known of it.
    public var status: CertificateStatus
    /// When that was known to be so.
    public var thisUpdate: Date
    /// Until when the answer may be relied on; nil where newer information is always to be had.
    public var nextUpdate: Date?

    /// Makes an answer for one certificate.
    public init(certificate: CertID, status: CertificateStatus, thisUpdate: Date, nextUpdate: Date?) {
        self.certificate = certificate
        self.status = status
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    /// Whether all times in it can be written.
    var isWritable: Bool {
        var times = [self.thisUpdate]
        if let nextUpdate = self.nextUpdate { times.append(nextUpdate) }
        if case .revoked(let date, _) = self.status { times.append(date) }
        return times.allSatisfy(RevocationTimes.isWritable)
    }

    /// Writes the answer.
    func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.append(encoded: self.certificate.encoded)
            self.status.serialize(into: &coder)
            coder.appendGeneralizedTime(self.thisUpdate)
            if let nextUpdate = self.nextUpdate {
                coder.appendConstructed(.context(0)) { $0.appendGeneralizedTime(nextUpdate) }
            }
        }
    }
}
