import CryptographicMessageSyntax
import Foundation
import SCEP
import SwiftASN1

extension Report {
    /// A certificate.
    mutating func certificate(_ encoded: [UInt8], title: String = "Certificate") {
        self.section("\(title), \(encoded.count) bytes") { report in
            guard let details = try? CertificateDetails(encoded: encoded) else {
                report.carrier(encoded)
                return
            }
            report.names(of: details.certificate)
            report.add(
                "validity", "\(details.notBefore.formatted(.iso8601)) to \(details.notAfter.formatted(.iso8601))")
            report.add("key", AlgorithmName.text(details.certificate.publicKey))
            report.add("signed with", AlgorithmName.text(details.signatureAlgorithm))
            report.extensions(details.extensions)
            report.add("SHA-256", "\(details.fingerprint)")
        }
    }

    /// A certificate of which no more can be read than its names and its key: those that old clients make.
    private mutating func carrier(_ encoded: [UInt8]) {
        guard let certificate = try? SignerCertificate(encoded: encoded) else {
            self.title("not readable: #\(encoded.prefix(64).hexadecimal)\(encoded.count > 64 ? "…" : "")")
            return
        }
        self.names(of: certificate)
        self.add("key", AlgorithmName.text(certificate.publicKey))
        self.add("SHA-256", "\(Fingerprint(of: encoded))")
    }

    private mutating func names(of certificate: SignerCertificate) {
        self.add("subject", NameText.text(certificate.subject))
        self.add("issuer", certificate.isSelfIssued ? "itself" : NameText.text(certificate.identifier.issuer))
        self.add("serial number", certificate.identifier.serialNumber.hexadecimal)
    }

    /// A certification request, whose challenge is a secret.
    mutating func request(_ request: CertificationRequest, showSecrets: Bool) {
        self.section("PKCS#10 request, \(request.encoded.count) bytes") { report in
            report.add("subject", NameText.text(request.subject))
            report.add("key", AlgorithmName.text(request.publicKey))
            report.add("signed with", AlgorithmName.text(request.signatureAlgorithm))
            do throws(CMSError) {
                try request.verifySignature()
                report.add("signature", "verifies")
            } catch {
                report.add("signature", "does NOT verify: \(error.reason.printable)")
            }
            report.challenge(of: request, showSecrets: showSecrets)
            do throws(CMSError) {
                report.extensions(try request.requestedExtensions)
            } catch {
                report.add("extensions", "not readable: \(error.reason.printable)")
            }
            let known: [ASN1ObjectIdentifier] = [
                .PKCS.challengePassword, .PKCS.extensionRequest, .PKCS.microsoftExtensionRequest,
            ]
            for attribute in request.attributes where !known.contains(attribute.type) {
                let readable = ReadableAttribute(attribute)
                report.add(readable.name, readable.values.joined(separator: ", "))
            }
        }
    }

    private mutating func challenge(of request: CertificationRequest, showSecrets: Bool) {
        do throws(CMSError) {
            guard let challenge = try request.challengePassword else {
                self.add("challenge", "none")
                return
            }
            self.add(
                "challenge",
                showSecrets
                    ? String(decoding: challenge, as: UTF8.self).printable
                    : "\(challenge.count) bytes, not shown"
            )
        } catch {
            self.add("challenge", "not readable: \(error.reason.printable)")
        }
    }

    private mutating func extensions(_ extensions: [CertificateExtension]) {
        for readable in extensions.map(ReadableExtension.init) {
            self.add(
                readable.name, (readable.values + (readable.isCritical ? ["critical"] : [])).joined(separator: ", "))
        }
    }

    /// A CRL.
    mutating func crl(_ encoded: [UInt8]) {
        self.section("CRL, \(encoded.count) bytes") { report in
            guard let crl = try? RevocationList(encoded: encoded) else {
                report.title("not readable")
                return
            }
            report.add("issuer", NameText.text(crl.issuer))
            report.add("this update", crl.thisUpdate.formatted(.iso8601))
            report.add("next update", crl.nextUpdate?.formatted(.iso8601) ?? "not said")
            report.add("revoked", "\(crl.serialNumbers.count)")
            for serialNumber in crl.serialNumbers.prefix(20) { report.add("", serialNumber.hexadecimal) }
            if crl.serialNumbers.count > 20 { report.add("", "…") }
        }
    }
}
