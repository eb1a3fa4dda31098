import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// A signed answer, as small as it can be kept.
///
/// ```
/// OCSPResponse ::= SEQUENCE {
///     responseStatus  OCSPResponseStatus,
///     responseBytes   [0] EXPLICIT ResponseBytes OPTIONAL }
///
/// ResponseBytes ::= SEQUENCE {
///     responseType  OBJECT IDENTIFIER,  -- id-pkix-ocsp-basic
///     response      OCTET STRING }      -- holds a BasicOCSPResponse
///
/// BasicOCSPResponse ::= SEQUENCE {
///     tbsResponseData     ResponseData,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signature           BIT STRING,
///     certs               [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
/// ```
/// RFC 6960 §4.2.1. The certificate is most of an answer and the same in all of them, so it is put in when the answer is
/// sent: a cache then holds about three times as many.
public struct BasicOCSPResponse: Hashable, Sendable {
    /// tbsResponseData, signatureAlgorithm and signature, one behind the other.
    private let signed: [UInt8]

    /// When it was signed.
    public let producedAt: Date
    /// The latest thisUpdate in it: for HTTP, when the answer last changed (RFC 5019 §5).
    public let thisUpdate: Date
    /// The earliest nextUpdate in it, from when on the answer is of no use; nil where there is none.
    public let nextUpdate: Date?

    init(signed: [UInt8], producedAt: Date, thisUpdate: Date, nextUpdate: Date?) {
        self.signed = signed
        self.producedAt = producedAt
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    /// How many bytes it takes to keep, for a ``ResponseCache``.
    public var byteCount: Int { self.signed.count }

    /// The whole OCSPResponse with status successful.
    ///
    /// - Parameter signer: Who signed the answer; its certificate is put in.
    /// - Returns: The response as DER.
    public func encoded(with signer: OCSPSigner) -> [UInt8] {
        let basic = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(encoded: self.signed)
                coder.append(encoded: signer.certificates)
            }
        }
        return DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(encoded: Self.successful)
                coder.appendConstructed(.context(0)) { coder in
                    coder.appendConstructed(.sequence) { coder in
                        coder.append(encoded: Self.basicType)
                        coder.appendOctetString(basic)
                    }
                }
            }
        }
    }

    /// `responseStatus`: successful.
    private static let successful: [UInt8] = [0x0a, 0x01, 0x00]

    /// `responseType`: id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1.
    private static let basicType: [UInt8] = [
        0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01,
    ]
}
