import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// What is known of a certificate.
///
/// ```
/// CertStatus ::= CHOICE {
///     good     [0] IMPLICIT NULL,
///     revoked  [1] IMPLICIT RevokedInfo,
///     unknown  [2] IMPLICIT UnknownInfo }
///
/// RevokedInfo ::= SEQUENCE {
///     revocationTime    GeneralizedTime,
///     revocationReason  [0] EXPLICIT CRLReason OPTIONAL }
/// ```
/// RFC 6960 §4.2.1.
public enum CertificateStatus: Hashable, Sendable {
    /// It was issued here and is not revoked.
    case good
    /// It is revoked, or on hold.
    case revoked(at: Date, reason: RevocationReason)
    /// It was never issued here, or by another CA.
    case unknown

    /// Writes the status; the time in it is one that can be written.
    func serialize(into coder: inout DERWriter) {
        switch self {
        case .good: coder.append(encoded: [0x80, 0x00])
        case .unknown: coder.append(encoded: [0x82, 0x00])
        case .revoked(let date, let reason):
            coder.appendConstructed(.context(1)) { coder in
                coder.appendGeneralizedTime(date)
                // "The reasonCode … unspecified (0)" is left out, as on a CRL (RFC 5280 §5.3.1).
                guard reason != .unspecified else { return }
                coder.append(encoded: [0xa0, 0x03, 0x0a, 0x01, reason.rawValue])
            }
        }
    }
}
