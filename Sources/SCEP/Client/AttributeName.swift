public import CryptographicMessageSyntax
import SwiftASN1

extension Attribute {
    /// The name of a signed attribute of a pkiMessage (RFC 8894 §3.2.1, RFC 5652 §11); nil for other attributes.
    public var name: String? {
        switch self.type {
        case .SCEP.messageType: "messageType"
        case .SCEP.pkiStatus: "pkiStatus"
        case .SCEP.failInfo: "failInfo"
        case .SCEP.senderNonce: "senderNonce"
        case .SCEP.recipientNonce: "recipientNonce"
        case .SCEP.transactionID: "transactionID"
        case .SCEP.failInfoText: "failInfoText"
        case .CMS.contentType: "contentType"
        case .CMS.messageDigest: "messageDigest"
        case .CMS.signingTime: "signingTime"
        default: nil
        }
    }
}
