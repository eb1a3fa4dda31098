/// Why a certificate was revoked.
///
/// ```
/// CRLReason ::= ENUMERATED {
///     unspecified           (0),
///     keyCompromise         (1),
///     cACompromise          (2),
///     affiliationChanged    (3),
///     superseded            (4),
///     cessationOfOperation  (5),
///     certificateHold       (6),
///     removeFromCRL         (8),
///     privilegeWithdrawn    (9),
///     aACompromise         (10) }
/// ```
/// RFC 5280 §5.3.1. removeFromCRL is not there: it only makes sense in delta CRLs; here, a certificate that is no
/// longer on hold is simply not listed any more.
public enum RevocationReason: UInt8, Hashable, Sendable, CaseIterable {
    /// No reason was given; it is never written.
    case unspecified = 0
    /// Somebody else has the key, or may have it.
    case keyCompromise = 1
    /// Somebody else has the CA's key.
    case cACompromise = 2
    /// The holder is no longer who the certificate says.
    case affiliationChanged = 3
    /// There is another certificate in its place.
    case superseded = 4
    /// The certificate is not needed any more.
    case cessationOfOperation = 5
    /// The certificate is on hold; it may become valid again.
    case certificateHold = 6
    /// The holder may no longer do what the certificate says.
    case privilegeWithdrawn = 9
    /// Somebody else has the key of the attribute authority.
    case aACompromise = 10

    /// The name in RFC 5280.
    public var name: String { "\(self)" }

    /// The reason with a name, in any case; nil where there is none.
    public init?(name: String) {
        let name = name.lowercased()
        guard let reason = Self.allCases.first(where: { $0.name.lowercased() == name }) else { return nil }
        self = reason
    }
}
