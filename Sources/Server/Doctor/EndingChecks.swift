import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import NIOSSL
import Registry
import SwiftASN1
import X509

/// What ends soon: certificates of the installation itself, and CRLs.
struct EndingChecks {
    let registry: Registry
    let authorities: LoadedAuthorities
    let configuration: ServerConfiguration
    let now: Date

    func certificates() -> [Finding] {
        let endings = self.authorities.endings(at: self.now).map { ending in
            Finding(
                "certificates", ending.notAfter > self.now ? .warning : .error, ending.sentence,
                advice: "do what it says before \(ending.notAfter.formatted(.iso8601))"
            )
        }
        let revoked = self.authorities.all.filter { self.authorities.revoked.contains($0.id) }.map { authority in
            Finding(
                "certificates", .warning,
                "the certificate of the CA \(authority.name), or of one above it, is revoked: it issues nothing more",
                advice: "give its profiles another CA with ucm profile set --ca, and ucm ca retire it"
            )
        }
        guard (endings + revoked).isEmpty else { return endings + revoked }
        let count = self.authorities.all.count { !$0.isRetired }
        return [
            Finding(
                "certificates", .ok,
                count == 1
                    ? "no certificate of the CA ends soon" : "none of the certificates of \(count) CAs ends soon")
        ]
    }

    func revocationLists() async throws -> [Finding] {
        let states = try await self.registry.revocationListStates()
        let findings = self.authorities.all.compactMap { self.finding($0.name, states[$0.id]) }
        guard findings.isEmpty else { return findings }
        let count = self.authorities.all.count
        return [
            Finding("CRL", .ok, count == 1 ? "the CRL of the CA is current" : "the CRLs of \(count) CAs are current")
        ]
    }

    private func finding(_ name: String, _ state: RevocationListState?) -> Finding? {
        let advice = "a running server makes one at once: start it, or see in its log why it cannot"
        guard let state, let made = state.thisUpdate, let end = state.nextUpdate else {
            return Finding("CRL", .warning, "the CA \(name) has no CRL yet", advice: advice)
        }
        if end <= self.now {
            return Finding(
                "CRL", .error, "the CRL of the CA \(name) ended on \(end.formatted(.iso8601))", advice: advice)
        }
        // At half of its life there is a new one; an hour more is given to whoever was just down.
        if self.now.timeIntervalSince(made) > end.timeIntervalSince(made) / 2 + 3600 {
            return Finding(
                "CRL", .warning,
                "the CRL of the CA \(name) is of \(made.formatted(.iso8601)), and should be newer",
                advice: advice
            )
        }
        return state.isLatest
            ? nil : Finding("CRL", .warning, "the CRL of the CA \(name) lacks the latest revocations", advice: advice)
    }

    /// The certificate of the HTTPS listener: the administrator's own, or the one that the CA has issued for it.
    func server() async throws -> Finding {
        guard self.configuration.https != nil else {
            return Finding("TLS certificate", .skipped, "the HTTPS listener is off")
        }
        if let files = self.configuration.tlsFiles { return self.own(files) }
        let stored = try await self.registry.serviceKeys(.server).values.joined().max { $0.notAfter < $1.notAfter }
        guard let stored else {
            return Finding(
                "TLS certificate", .warning, "there is none yet", advice: "start the server: it makes one")
        }
        let missing = Set(HostNames.all(self.configuration).map { IPAddress($0)?.description ?? $0 })
            .subtracting(try ServerCertificate.names(in: stored.certificate))
        if !missing.isEmpty {
            return Finding(
                "TLS certificate", .warning, "it lacks the names \(missing.sorted().joined(separator: ", "))",
                advice: "restart the server: it makes one for the names of --host-name and of this machine"
            )
        }
        return self.finding(end: stored.notAfter, advice: "a running server renews it: start it, or see its log")
    }

    private func own(_ files: (certificate: String, key: String)) -> Finding {
        do {
            _ = try ServerCertificate(certificateFile: files.certificate, keyFile: files.key)
            guard let leaf = try NIOSSLCertificate.fromPEMFile(files.certificate).first else {
                return Finding(
                    "TLS certificate", .error, "\(files.certificate) has no certificate", advice: "put one there")
            }
            let certificate = try Certificate(derEncoded: try leaf.toDERBytes())
            let names = try ServerCertificate.names(in: try leaf.toDERBytes())
            let missing = self.configuration.hostNames.map { IPAddress($0)?.description ?? $0 }
                .filter { !names.contains($0) && !Self.isCovered($0, names) }
            guard missing.isEmpty else {
                return Finding(
                    "TLS certificate", .warning,
                    "\(files.certificate) lacks the names \(missing.joined(separator: ", ")) of --host-name",
                    advice: "get a certificate with all names by which clients reach the server"
                )
            }
            return self.finding(
                end: certificate.notValidAfter, advice: "renew \(files.certificate), and restart the server")
        } catch {
            return Finding("TLS certificate", .error, "\(error)", advice: "correct --tls-cert and --tls-key")
        }
    }

    /// Whether a wildcard holds a name.
    private static func isCovered(_ name: String, _ names: Set<String>) -> Bool {
        name.firstIndex(of: ".").map { names.contains("*" + name[$0...]) } ?? false
    }

    private func finding(end: Date, advice: String) -> Finding {
        let days = Int(end.timeIntervalSince(self.now) / 86_400)
        let what = "it ends on \(end.formatted(.iso8601))"
        if end <= self.now { return Finding("TLS certificate", .error, what, advice: advice) }
        return days < 20
            ? Finding("TLS certificate", .warning, what, advice: advice) : Finding("TLS certificate", .ok, what)
    }
}
