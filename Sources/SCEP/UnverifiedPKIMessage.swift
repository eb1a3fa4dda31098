public import CryptographicMessageSyntax
import SwiftASN1

/// A pkiMessage as it came: one signer with its certificate, one transactionID and one messageType are there, and
/// nothing is verified.
///
/// This is as much as it takes to answer with a signed CertRep, a FAILURE if need be. Whatever has less gets an HTTP
/// error instead (RFC 8894 §3.2.1 makes the three attributes mandatory, §2.3 the certificate).
public struct UnverifiedPKIMessage: Sendable {
    /// What the message is for.
    public let messageType: MessageType
    /// The transaction it belongs to.
    public let transactionID: TransactionID
    /// The client's nonce, at most 64 bytes; nil where there is none, as with very old clients.
    public let senderNonce: [UInt8]?
    /// Who is said to have signed.
    public let signer: Signer
    /// All signed attributes.
    public var attributes: [Attribute] { self.signer.info.signedAttributes }

    let signedData: SignedData

    /// The longest senderNonce that is given back, in bytes; the RFC says 16.
    public static let maximumNonceLength = 64

    /// Reads a message.
    ///
    /// - Parameter bytes: BER.
    /// - Throws: ``SCEPError`` with code `notAPKIMessage`.
    public init(berEncoded bytes: [UInt8]) throws(SCEPError) {
        guard !bytes.isEmpty else { throw SCEPError(.notAPKIMessage, "the request has no body") }
        do {
            let signedData = try SignedData(berEncoded: bytes)
            let signer = try signedData.soleSigner()
            let attributes = signer.info.signedAttributes
            let type = try attributes.single(.SCEP.messageType, named: "messageType").printableString
            let transactionID = try attributes.single(.SCEP.transactionID, named: "transactionID").printableString
            let nonce = try attributes.singleIfPresent(.SCEP.senderNonce, named: "senderNonce")
            // Int alone would also take a sign.
            guard let type, (1...9).contains(type.count), type.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(String(decoding: type, as: UTF8.self))
            else {
                throw SCEPError(.notAPKIMessage, "the messageType is not a number in a PrintableString")
            }
            guard let transactionID, let transactionID = TransactionID(bytes: transactionID) else {
                throw SCEPError(.notAPKIMessage, "the transactionID is not a PrintableString of 1 to 255 characters")
            }
            self.messageType = MessageType(rawValue: number)
            self.transactionID = transactionID
            self.senderNonce = try nonce.map { nonce in
                guard let octets = nonce.octetString, octets.count <= Self.maximumNonceLength else {
                    throw SCEPError(.notAPKIMessage, "the senderNonce is not an OCTET STRING of up to 64 bytes")
                }
                return octets
            }
            self.signer = signer
            self.signedData = signedData
        } catch let error as SCEPError {
            throw error
        } catch {
            throw SCEPError(.notAPKIMessage, "not a pkiMessage: \(error)")
        }
    }
}

extension [UInt8] {
    /// The characters of an encoded PrintableString; nil where it is something else.
    var printableString: [UInt8]? {
        guard let node = try? DER.parse(self), node.identifier == .printableString,
            case .primitive(let octets) = node.content
        else { return nil }
        return Array(octets)
    }

    /// The octets of an encoded OCTET STRING; nil where it is something else.
    var octetString: [UInt8]? {
        guard let node = try? BER.parse(self), let octets = try? ASN1OctetString(berEncoded: node) else { return nil }
        return Array(octets.bytes)
    }
}
