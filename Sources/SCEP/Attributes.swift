import CryptographicMessageSyntax
import SwiftASN1

/// The signed attributes of a pkiMessage (RFC 8894 §3.2.1).
extension ASN1ObjectIdentifier {
    enum SCEP {
        static let messageType: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 2]
        static let pkiStatus: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 3]
        static let failInfo: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 4]
        static let senderNonce: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 5]
        static let recipientNonce: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 6]
        static let transactionID: ASN1ObjectIdentifier = [2, 16, 840, 1, 113733, 1, 9, 7]
        /// id-scep-failInfoText, a UTF8String (RFC 8894 §3.2.1.4.1).
        static let failInfoText: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 24, 1]
    }
}

extension Attribute {
    /// An attribute whose value is a PrintableString.
    ///
    /// What came as one goes back byte for byte, also where a client used characters that the type does not have.
    static func printable(_ type: ASN1ObjectIdentifier, _ characters: some Collection<UInt8>) -> Attribute {
        Attribute(type, values: [DERWriter.encode { $0.append(.printableString, characters) }])
    }

    /// An attribute whose value is an OCTET STRING.
    static func octets(_ type: ASN1ObjectIdentifier, _ bytes: [UInt8]) -> Attribute {
        Attribute(type, values: [DERWriter.encode { $0.appendOctetString(bytes) }])
    }
}
