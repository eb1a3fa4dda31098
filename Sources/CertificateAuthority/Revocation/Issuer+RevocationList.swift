import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

extension Issuer {
    /// Makes and signs a CRL of everything that this CA has revoked.
    ///
    /// - Parameters:
    ///   - number: The cRLNumber, higher than that of any CRL before.
    ///   - entries: The revoked certificates; none is a CRL too.
    ///   - thisUpdate: The time.
    ///   - nextUpdate: When there will be another one at the latest.
    /// - Returns: The CRL as DER.
    /// - Throws: ``IssuanceError`` with code `revocationList`, or what the key throws.
    public func revocationList(
        number: Int64,
        entries: some Sequence<RevokedCertificate>,
        thisUpdate: Date,
        nextUpdate: Date
    ) throws -> [UInt8] {
        var list = RevocationListEntries(expecting: entries.underestimatedCount)
        for entry in entries { try list.append(entry) }
        return try self.revocationList(number: number, entries: list, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    /// Makes and signs a CRL of entries that are written already.
    ///
    /// The entries' buffer becomes the CRL: what belongs in front is moved in, so that a CRL of 50 MB is in memory
    /// once.
    ///
    /// - Parameters:
    ///   - number: The cRLNumber, higher than that of any CRL before.
    ///   - entries: The revoked certificates; none is a CRL too.
    ///   - thisUpdate: The time.
    ///   - nextUpdate: When there will be another one at the latest.
    /// - Returns: The CRL as DER.
    /// - Throws: ``IssuanceError`` with code `revocationList`, or what the key throws.
    public func revocationList(
        number: Int64,
        entries: consuming RevocationListEntries,
        thisUpdate: Date,
        nextUpdate: Date
    ) throws -> [UInt8] {
        guard number >= 0 else {
            throw IssuanceError(.revocationList, "the cRLNumber \(number) is negative: it counts up from 0")
        }
        guard RevocationTimes.isWritable(thisUpdate), RevocationTimes.isWritable(nextUpdate), thisUpdate < nextUpdate
        else {
            throw IssuanceError(
                .revocationList,
                "the times of the CRL are wrong: nextUpdate has to be later than thisUpdate, in a year of four digits"
            )
        }
        let algorithm = self.key.certificateSignatureAlgorithm
        var front = DERWriter.encode { coder in
            // version: v2
            coder.serialize(1)
            coder.serialize(algorithm)
            coder.append(encoded: self.certificate.subject)
            coder.appendTime(thisUpdate)
            coder.appendTime(nextUpdate)
        }
        let back = DERWriter.encode { coder in
            coder.appendConstructed(.context(0)) { coder in
                coder.serializeSequenceOf([
                    .authorityKeyIdentifier(self.keyIdentifier), CertificateExtension.cRLNumber(number),
                ])
            }
        }
        var list: [UInt8] = []
        swap(&list, &entries.octets)
        // "When there are no revoked certificates, the revoked certificates list MUST be absent." (RFC 5280 §5.1.2.6)
        if !list.isEmpty { front += Self.sequenceHeader(length: list.count) }
        front = Self.sequenceHeader(length: front.count + list.count + back.count) + front
        list.reserveCapacity(list.count + front.count + back.count + Self.roomForSignature)
        list.insert(contentsOf: front, at: 0)
        list += back
        let signature = try self.key.signature(forCertificate: list)
        list += DERWriter.encode { coder in
            coder.serialize(algorithm)
            coder.appendBitString(signature)
        }
        list.insert(contentsOf: Self.sequenceHeader(length: list.count), at: 0)
        return list
    }

    /// Enough for the signature by an RSA key of 8192 bits with its algorithm.
    private static let roomForSignature = 2048

    /// Identifier and length octets of a SEQUENCE (X.690 §8.1.3).
    private static func sequenceHeader(length: Int) -> [UInt8] {
        guard length >= 0x80 else { return [0x30, UInt8(length)] }
        let octets = withUnsafeBytes(of: length.bigEndian) { Array($0.drop { $0 == 0 }) }
        return [0x30, 0x80 | UInt8(octets.count)] + octets
    }
}

extension CertificateExtension {
    /// cRLNumber (RFC 5280 §5.2.3).
    static func cRLNumber(_ number: Int64) -> CertificateExtension {
        CertificateExtension(.Extension.cRLNumber, value: DERWriter.encode { $0.serialize(Int(number)) })
    }
}
