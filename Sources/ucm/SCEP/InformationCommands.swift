import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import SCEP
import SCEPClient

/// `ucm scep caps`.
struct CapabilitiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caps",
        abstract: "Show what a server says that it can do (GetCACaps).",
        discussion: "On standard error: how this client would talk to it."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await reportingErrors {
            let client = try self.server.client()
            let text = try await client.capabilityText()
            for line in text.split(whereSeparator: \.isNewline) { Terminal.write("\(String(line).printable)\n") }
            let capabilities = Capability.parse(text)
            let isPOST = capabilities.contains(.postPKIOperation) || capabilities.contains(.scepStandard)
            do throws(SCEPClientError) {
                let choice = try AlgorithmChoice(capabilities, allowWeak: self.server.connection.allowWeak)
                Terminal.complain(
                    "This client would use \(choice.cipher.rawValue), \(choice.digest.rawValue) and \(isPOST ? "POST" : "GET")."
                )
            } catch {
                Terminal.complain("This client would refuse to enrol: \(error.reason)")
            }
        }
    }
}

/// `ucm scep ca`.
struct CACertificatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Show a server's certificates as PEM (GetCACert).",
        discussion: """
            On standard error: what each is for, and its fingerprint. Compare the CA's with the one that its operator \
            tells you; with --fingerprint or --ca this is done here, and only certificates that can be believed are shown.
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(
        help: ArgumentHelp("Where the certificates go; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    func run() async throws {
        try await reportingErrors {
            let trust = try self.trust.trustIfGiven()
            let client = try self.server.client(trust: trust)
            let certificates: [CertificateDetails]
            if trust == nil {
                certificates = try await client.caCertificates().certificates.compactMap {
                    try? CertificateDetails(encoded: $0)
                }
            } else {
                let authorities = try await client.authorities()
                certificates =
                    [authorities.recipient]
                    + (authorities.signers + authorities.authorities).filter {
                        $0 != authorities.recipient
                    }
            }
            var unique: [CertificateDetails] = []
            for certificate in certificates where !unique.contains(certificate) { unique.append(certificate) }
            for certificate in unique { Self.describe(certificate) }
            if trust == nil {
                Terminal.complain(
                    "Nothing of this is verified: compare the CA's fingerprint with what its operator says.")
            }
            try Files.write(unique.map { PEM("CERTIFICATE", $0.certificate.encoded).text }.joined(), to: self.out)
        }
    }

    /// Two lines about a certificate.
    static func describe(_ certificate: CertificateDetails) {
        let role = AuthorityRole(certificate).rawValue
        let end = certificate.notAfter.formatted(.iso8601)
        Terminal.complain("\(role): \(NameText.text(certificate.certificate.subject)), valid until \(end)")
        Terminal.complain("    SHA-256 \(certificate.fingerprint)")
    }
}

/// `ucm scep next-ca`.
struct NextCACertificatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next-ca",
        abstract: "Show the certificates of the CA that will take over, as PEM (GetNextCACert).",
        discussion: "They are believed because the present CA, or its RA, has signed them."
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(
        help: ArgumentHelp("Where the certificates go; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    func run() async throws {
        try await reportingErrors {
            let client = try self.server.client(trust: try self.trust.trust())
            let next = try await client.nextCACertificates()
            for certificate in next.certificates { CACertificatesCommand.describe(certificate) }
            Terminal.complain("Signed by \(NameText.text(next.signer.certificate.subject)).")
            let text = next.certificates.map { PEM("CERTIFICATE", $0.certificate.encoded).text }.joined()
            try Files.write(text, to: self.out)
        }
    }
}
