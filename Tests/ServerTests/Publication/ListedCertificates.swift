import CertificateAuthority
import Foundation
import TestSupport
import Testing

/// The entries of a CRL, encoded, by the content octets of their serial numbers.
func listedCertificates(_ encoded: [UInt8]) throws -> [[UInt8]: [UInt8]] {
    let list = try ASN1Tree(encoded)[0]
    // version, signature, issuer, thisUpdate, nextUpdate; then the entries, where there are any.
    guard let entries = list.children.dropFirst(5).first, entries.tag == 0x30 else { return [:] }
    return Dictionary(uniqueKeysWithValues: entries.children.map { ($0[0].octets, $0.der) })
}

/// The number and the times of a CRL.
func listHeader(_ encoded: [UInt8]) throws -> CertificateRevocationList {
    try CertificateRevocationList(derEncoded: encoded)
}
