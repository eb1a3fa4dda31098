import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import X509

/// How many certificates one thread issues, beside how many signatures the CA's key alone makes.
///
/// A certificate is what an enrolment gets: subject and SAN from the request, an RSA-2048 key, the extensions of the
/// default template with the URLs of CRL, OCSP and CA certificate. Signatures are over as many bytes.
struct IssuingRates: MeasuredOnServersCore {
    static let option = "--issuing"

    /// Both by the same key.
    struct Pair: Codable {
        /// Certificates a second: `Issuer.prepare` and `Issuer.issue`.
        let issued: Double
        /// Signatures a second.
        let signed: Double

        /// Issuing as a share of signing.
        var share: Double { self.issued / self.signed }
    }

    var rsa2048: Pair
    var p256: Pair

    static func measure() throws -> IssuingRates {
        IssuingRates(rsa2048: try Self.pair(.rsa2048), p256: try Self.pair(.p256))
    }

    /// Measures both in short turns, and takes the one with the median of the shares: a disturbance meets only some turns.
    private static func pair(_ algorithm: KeyAlgorithm) throws -> Pair {
        let now = Date()
        let key = try SoftwareKey.generate(algorithm)
        let issuer = try Issuer(
            certificate: try RootAuthority.make(
                terms: AuthorityTerms(
                    subject: try RootAuthority.commonName("Benchmark CA"),
                    validityDays: RootAuthority.validityDays
                ),
                key: key,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            ),
            key: key,
            distribution: Distribution(baseURL: "http://ca.bench.example:8080", authority: "benchmark-ca")
        )
        let request = RequestedCertificate(
            subject: try RootAuthority.commonName("device-1.bench.example"),
            key: try issuer.certifiable(try SoftwareKey.generate(.rsa2048).publicKey, rsaBits: 2048...8192),
            extensions: [try Self.alternativeName("device-1.bench.example")]
        )
        func issue() throws -> [UInt8] {
            let prepared = try issuer.prepare(
                request,
                template: .default,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            )
            return try issuer.issue(prepared).encoded
        }
        let certificate = try issue()
        let turns = try (0..<25).map { _ in
            let duration = Duration.milliseconds(80)
            let signed = try Rate.measure(for: duration) { _ = try key.signature(forCertificate: certificate) }
            let issued = try Rate.measure(for: duration) { _ = try issue() }
            return Pair(issued: issued, signed: signed)
        }
        return turns.sorted { $0.share < $1.share }[turns.count / 2]
    }

    private static func alternativeName(_ name: String) throws -> CertificateExtension {
        let names = try Certificate.Extension(SubjectAlternativeNames([.dnsName(name)]), critical: false)
        return CertificateExtension(names.oid, value: Array(names.value))
    }
}

/// How many signatures the keys alone make that sign OCSP answers.
struct SigningRates: MeasuredOnServersCore {
    static let option = "--signing"

    var rsa2048: Double
    var p256: Double

    static func measure() throws -> SigningRates {
        SigningRates(rsa2048: try Self.rate(.rsa2048), p256: try Self.rate(.p256))
    }

    private static func rate(_ algorithm: KeyAlgorithm) throws -> Double {
        let key = try SoftwareKey.generate(algorithm)
        let data = [UInt8](repeating: 7, count: 200)
        return try Rate.measure { _ = try key.signature(forCertificate: data) }
    }
}
