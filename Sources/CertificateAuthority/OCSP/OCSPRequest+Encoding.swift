import CryptographicMessageSyntax
import SwiftASN1

extension OCSPRequest {
    /// The request for the status of one certificate, without a nonce, as DER.
    public static func encoded(for certificate: CertID) -> [UInt8] {
        var coder = DERWriter()
        // OCSPRequest, TBSRequest, requestList, Request.
        coder.appendConstructed(.sequence) { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.appendConstructed(.sequence) { $0.append(encoded: certificate.encoded) }
                }
            }
        }
        return coder.serializedBytes
    }
}
