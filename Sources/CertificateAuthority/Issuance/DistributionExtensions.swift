import CryptographicMessageSyntax
import Synchronization

/// The extensions that say where to find CRLs, OCSP and the CA's certificate, made once for the URLs of a template.
///
/// All certificates of a template have the same ones, and filling the URLs in and looking them through takes longer than
/// an ECDSA signature.
final class DistributionExtensions: Sendable {
    /// URLs with their placeholders.
    struct URLs: Hashable {
        var crl: [String]
        var issuer: [String]
        var ocsp: [String]
    }

    /// How many are kept: more than there are templates.
    private static let maximumCount = 256

    private let distribution: Distribution
    private let made = Mutex<[URLs: [CertificateExtension]]>([:])

    init(_ distribution: Distribution) {
        self.distribution = distribution
    }

    /// The extensions for some URLs.
    ///
    /// - Throws: ``IssuanceError`` with code `distribution` where one is no URL when it is filled in.
    subscript(_ urls: URLs) -> [CertificateExtension] {
        get throws(IssuanceError) {
            if let made = self.made.withLock({ $0[urls] }) { return made }
            let extensions = [
                CertificateExtension.distributionPoints(try self.distribution.filled(urls.crl)),
                CertificateExtension.informationAccess(
                    ocsp: try self.distribution.filled(urls.ocsp, schemes: Distribution.statusSchemes),
                    issuers: try self.distribution.filled(urls.issuer)
                ),
            ].compactMap(\.self)
            self.made.withLock { made in
                if made.count >= Self.maximumCount { made.removeAll() }
                made[urls] = extensions
            }
            return extensions
        }
    }
}
