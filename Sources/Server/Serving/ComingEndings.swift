import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SwiftASN1
import X509

/// A certificate of the installation itself that ends soon, so that somebody has to do something.
struct ComingEnding: Hashable, Sendable {
    /// How long before its end somebody is told, in seconds.
    static let notice: TimeInterval = 90 * 86_400

    /// The name of the CA.
    var authority: String
    /// What ends.
    var notAfter: Date
    /// What happens and what to do.
    var sentence: String
}

extension LoadedAuthorities {
    /// The certificates of CAs that end soon or have ended, and those of RAs and signers that end before their CA does.
    ///
    /// The latter renew themselves; where one comes so near its end, that fails.
    func endings(at now: Date) -> [ComingEnding] {
        zip(self.records, self.all).flatMap { record, authority -> [ComingEnding] in
            guard !authority.isRetired else { return [] }
            let end = authority.issuer.notAfter
            var endings: [ComingEnding] = []
            if end.timeIntervalSince(now) < ComingEnding.notice, record.rollover == nil {
                let when = "on \(end.formatted(.iso8601))\(Self.days(from: now, to: end))"
                endings.append(
                    ComingEnding(
                        authority: record.name,
                        notAfter: end,
                        sentence:
                            "the CA \(record.name) \(end > now ? "ends" : "ended") \(when), and no certificate outlives "
                            + "it: make the next one with \(Self.way(from: record)), or ucm ca retire it"
                    )
                )
            }
            guard end > now else { return endings }
            let own = [
                ("RA", authority.registrationKeys.first?.certificate),
                ("OCSP signer's", self.statusSigners[record.id]?.first?.certificate),
            ]
            return endings
                + own.compactMap { name, certificate in
                    certificate.flatMap {
                        Self.ending(of: $0, "\(name) certificate", under: record.name, until: end, at: now)
                    }
                }
        }
    }

    /// How the next CA is made: one below another cannot make its own.
    private static func way(from record: AuthorityRecord) -> String {
        record.parents.isEmpty
            ? "ucm ca rollover"
            : "ucm ca create --parent or ucm ca request, and let it follow with ucm ca rollover --to"
    }

    /// That a certificate of the CA's own should have been renewed, and was not.
    private static func ending(
        of certificate: SignerCertificate,
        _ name: String,
        under authority: String,
        until end: Date,
        at now: Date
    ) -> ComingEnding? {
        guard let certificate = try? Certificate(derEncoded: certificate.encoded) else { return nil }
        let notAfter = certificate.notValidAfter
        // A quarter of its life: by then it should have been renewed, at a third.
        let notice = min(ComingEnding.notice, notAfter.timeIntervalSince(certificate.notValidBefore) / 4)
        guard notAfter.timeIntervalSince(now) < notice, notAfter < end else { return nil }
        return ComingEnding(
            authority: authority,
            notAfter: notAfter,
            sentence: "the \(name) of the CA \(authority) \(notAfter > now ? "ends" : "ended") on "
                + "\(notAfter.formatted(.iso8601))\(Self.days(from: now, to: notAfter)) and was not renewed: the server's "
                + "log says why"
        )
    }

    private static func days(from now: Date, to end: Date) -> String {
        let days = Int(end.timeIntervalSince(now) / 86_400)
        return days > 0 ? ", in \(days) day\(days == 1 ? "" : "s")" : ""
    }
}
