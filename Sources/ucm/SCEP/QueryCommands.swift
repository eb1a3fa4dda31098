import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import SCEP
import SCEPClient

/// Who asks.
struct RequesterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A certificate of the CA, with whose key to ask, as PEM.", valueName: "file"),
        completion: .file())
    var certificate: String?

    @Option(
        help: ArgumentHelp("Its private key; alone, it asks with a self-signed certificate.", valueName: "file"),
        completion: .file())
    var key: String?

    func validate() throws {
        guard self.certificate == nil || self.key != nil else {
            throw ValidationError("--certificate needs its --key.")
        }
    }

    /// Who asks; without a key, somebody with a key that is made for the question.
    func identity() throws -> ClientIdentity {
        if let certificate, let key { return try IdentityFiles.read(certificate: certificate, key: key) }
        let key = if let path = self.key { try ClientKeyFile.read(path) } else { try ClientKey(generating: .rsa2048) }
        return try ClientIdentity.selfSigned(subject: try SubjectName.encoded("CN=ucm scep"), key: key)
    }
}

/// A serial number as people write it.
enum SerialNumber {
    /// The content octets of the INTEGER that hexadecimal digits mean, with colons or without.
    static func bytes(_ text: String) throws(SCEPClientError) -> [UInt8] {
        let isHexadecimal = text.lowercased().hasPrefix("0x")
        let digits = text.dropFirst(isHexadecimal ? 2 : 0).filter { $0 != ":" && !$0.isWhitespace }
        let even = digits.count % 2 == 0 ? digits : "0" + digits
        let values = even.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard values.count == even.utf8.count, !values.isEmpty, values.count <= 128 else {
            throw SCEPClientError(.input, "--serial is written in hexadecimal digits, as openssl shows it.")
        }
        let octets = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
        let shortest = Array(octets.drop { $0 == 0 })
        // A positive INTEGER begins with a bit that is not set.
        return shortest.first.map { $0 < 0x80 } ?? false ? shortest : [0] + shortest
    }
}

/// `ucm scep cert`.
struct GetCertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert",
        abstract: "Get a certificate that the CA has issued (GetCert).",
        discussion: """
            Servers answer those who hold a certificate of the CA (--certificate and --key), or the key of the \
            certificate that is asked for (--key alone).
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(help: ArgumentHelp("The serial number, in hexadecimal digits.", valueName: "hex"))
    var serial: String

    @OptionGroup var requester: RequesterOptions

    @Option(
        help: ArgumentHelp("Where the certificate goes; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    func run() async throws {
        try await reportingErrors {
            let client = try self.server.client(trust: try self.trust.trust())
            let certificate = try await client.certificate(
                serialNumber: try SerialNumber.bytes(self.serial),
                as: try self.requester.identity()
            )
            try Files.write(PEM("CERTIFICATE", certificate.certificate.encoded).text, to: self.out)
        }
    }
}

/// `ucm scep crl`.
struct GetCRLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Get the CA's CRL as PEM (a distribution point, or GetCRL).",
        discussion: """
            The distribution points in --certificate, or else in the CA's own certificate, are tried first: SCEP wants it \
            so. Then the server is asked. Without a key, one is made for the question.
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(
        help: ArgumentHelp(
            "The serial number of the certificate in question, in hexadecimal digits. (default: that of --certificate, or "
                + "the CA's own)",
            valueName: "hex"
        )
    )
    var serial: String?

    @OptionGroup var requester: RequesterOptions

    @Flag(help: "Ask the server by GetCRL, whatever distribution points there are.")
    var noDistributionPoint = false

    @Option(help: ArgumentHelp("Where the CRL goes; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    func run() async throws {
        try await reportingErrors {
            let client = try self.server.client(trust: try self.trust.trust())
            let identity = try self.requester.identity()
            let issuer = try await client.authorities().issuer
            var identifier = issuer.certificate.identifier
            identifier.issuer = issuer.certificate.subject
            var points = issuer.crlDistributionPoints
            if self.requester.certificate != nil {
                identifier = identity.certificate.identifier
                points = (try? CertificateDetails(encoded: identity.certificate.encoded))?.crlDistributionPoints ?? []
            }
            if let serial { identifier.serialNumber = try SerialNumber.bytes(serial) }
            let crl = try await client.crl(
                for: identifier,
                distributionPoints: self.noDistributionPoint ? [] : points,
                as: identity
            )
            let next = crl.nextUpdate.map { ", the next one by \($0.formatted(.iso8601))" } ?? ""
            Terminal.complain(
                "CRL of \(crl.thisUpdate.formatted(.iso8601))\(next), with \(crl.serialNumbers.count) revoked certificates."
            )
            if !crl.isCurrent(at: Date()) { Terminal.complain("This CRL is out of date: there should be a newer one.") }
            if self.serial != nil || self.requester.certificate != nil {
                let isRevoked = crl.serialNumbers.contains(identifier.serialNumber)
                Terminal.complain(
                    "Serial number \(identifier.serialNumber.hexadecimal) is \(isRevoked ? "REVOKED" : "not revoked")."
                )
            }
            try Files.write(PEM("X509 CRL", crl.encoded).text, to: self.out)
        }
    }
}
