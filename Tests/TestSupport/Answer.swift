package import SwiftASN1

@testable package import CryptographicMessageSyntax
@testable package import SCEP

/// A CertRep taken apart, without a key.
package struct Answer {
    package let encoded: [UInt8]
    package let signedData: SignedData
    package let info: SignerInfo

    package init(_ encoded: [UInt8]) throws {
        self.encoded = encoded
        self.signedData = try SignedData(berEncoded: encoded)
        let signer = try self.signedData.soleSigner()
        try self.signedData.verify(signer)
        self.info = signer.info
    }

    /// The encoded values of an attribute, tag and length included; nil where it is absent or doubled.
    package func values(_ type: ASN1ObjectIdentifier) -> [[UInt8]]? {
        let found = self.info.signedAttributes.filter { $0.type == type }
        return found.count == 1 ? found.first?.values : nil
    }

    package func octets(_ type: ASN1ObjectIdentifier) -> [UInt8]? {
        self.info.signedAttributes.first { $0.type == type }?.values.first?.octetString
    }

    package func text(_ type: ASN1ObjectIdentifier) -> String? {
        self.info.signedAttributes.first { $0.type == type }?.values.first?.printableString.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    package var failInfo: FailInfo? { self.text(.SCEP.failInfo).flatMap(Int.init).flatMap(FailInfo.init) }

    package var failInfoText: String? {
        self.info.signedAttributes.first { $0.type == .SCEP.failInfoText }?.values.first.flatMap { value in
            (try? ASN1UTF8String(derEncoded: value)).map { String($0) }
        }
    }

    /// Everything that may not differ between two refusals: all bytes but the server's nonce and the signature.
    package var comparable: [UInt8] {
        var bytes = self.encoded
        for part in [self.octets(.SCEP.senderNonce), self.info.signature].compactMap(\.self) {
            if let range = bytes.firstRange(of: part) {
                bytes.replaceSubrange(range, with: [UInt8](repeating: 0, count: part.count))
            }
        }
        return bytes
    }
}
