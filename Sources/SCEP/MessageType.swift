/// What a pkiMessage is for (RFC 8894 §3.2.1.2).
///
/// Numbers that nobody knows survive decoding, so that they can be refused with their number named.
public struct MessageType: RawRepresentable, Hashable, Sendable {
    /// The number, which travels as a PrintableString of its decimal digits.
    public var rawValue: Int

    /// Makes a message type from its number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The server's answer.
    public static let certRep = MessageType(rawValue: 3)
    /// A renewal, signed with the certificate that is renewed.
    public static let renewalReq = MessageType(rawValue: 17)
    /// An enrolment.
    public static let pkcsReq = MessageType(rawValue: 19)
    /// Asks for the certificate of a request that is pending.
    public static let certPoll = MessageType(rawValue: 20)
    /// Asks for a certificate that was issued.
    public static let getCert = MessageType(rawValue: 21)
    /// Asks for a CRL.
    public static let getCRL = MessageType(rawValue: 22)
}

extension MessageType: CustomStringConvertible {
    /// The name in the RFC, or the number.
    public var description: String {
        switch self {
        case .certRep: "CertRep"
        case .renewalReq: "RenewalReq"
        case .pkcsReq: "PKCSReq"
        case .certPoll: "CertPoll"
        case .getCert: "GetCert"
        case .getCRL: "GetCRL"
        default: "messageType \(self.rawValue)"
        }
    }
}
