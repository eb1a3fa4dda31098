package import CertificateAuthority
package import Foundation

extension RootAuthority {
    /// Makes a self-signed CA that may issue what it likes.
    ///
    /// - Throws: What ``RootAuthority/make(terms:key:serialNumber:now:)`` throws.
    package static func make(
        name: String,
        key: any AuthorityKey,
        answersSCEP: Bool,
        validityDays: Int = Self.validityDays,
        serialNumber: [UInt8],
        now: Date
    ) throws -> [UInt8] {
        try Self.make(
            terms: AuthorityTerms(
                subject: try Self.commonName(name),
                validityDays: validityDays,
                answersSCEP: answersSCEP
            ),
            key: key,
            serialNumber: serialNumber,
            now: now
        )
    }
}
