import CryptographicMessageSyntax
public import SCEP
import SwiftASN1

/// Tells people what is in a captured message: everything that can be seen from outside, and, with a key, what is inside.
public struct MessageReport: Sendable {
    /// The key of a recipient, to open envelopes with.
    public var key: ClientKey?
    /// The certificate of that key; nil tries the key on every recipient.
    public var certificate: [UInt8]?
    /// The challenge, to open envelopes with that are encrypted with it; without it and a key they stay closed.
    public var challenge: String?
    /// Whether challenges are shown.
    public var showSecrets = false

    /// Makes a report of what can be seen from outside.
    ///
    /// - Parameters:
    ///   - key: The key of a recipient, to open envelopes with.
    ///   - certificate: The certificate of that key.
    ///   - challenge: The challenge, to open envelopes with that are encrypted with it.
    ///   - showSecrets: Whether challenges are shown.
    public init(
        key: ClientKey? = nil,
        certificate: [UInt8]? = nil,
        challenge: String? = nil,
        showSecrets: Bool = false
    ) {
        self.key = key
        self.certificate = certificate
        self.challenge = challenge
        self.showSecrets = showSecrets
    }

    /// Describes a message.
    ///
    /// - Parameter bytes: A pkiMessage, an answer to GetCACert or GetNextCACert, EnvelopedData, a certification request,
    ///   a certificate, a CRL, or an answer to GetCACaps.
    /// - Returns: Lines of text.
    /// - Throws: ``SCEPClientError`` with code `input` where it is none of these.
    public func text(of bytes: [UInt8]) throws(SCEPClientError) -> String {
        var report = Report()
        if let signedData = try? SignedData(berEncoded: bytes) {
            self.describe(signedData, count: bytes.count, into: &report, layers: Self.maximumLayers)
        } else if let envelope = try? EnvelopedData(berEncoded: bytes) {
            self.describe(envelope, into: &report, layers: Self.maximumLayers)
        } else if let crl = try? RevocationList(encoded: bytes) {
            report.crl(crl.encoded)
        } else if let certificate = try? SignerCertificate(encoded: bytes) {
            report.certificate(certificate.encoded)
        } else if let request = try? CertificationRequest(encoded: bytes) {
            report.request(request, showSecrets: self.showSecrets)
        } else if let text = String(validating: bytes, as: UTF8.self), !Capability.parse(text).isEmpty {
            report.section("Capabilities") { report in
                for line in text.split(whereSeparator: \.isNewline) { report.title(String(line).printable) }
            }
        } else {
            throw SCEPClientError(
                .input,
                "This is no message that SCEP knows: no SignedData, EnvelopedData, certification request, certificate or CRL "
                    + "can be read in its \(bytes.count) bytes."
            )
        }
        return report.text
    }

    /// Describes the content of a pkiMessage, which the sender knows without opening it.
    ///
    /// - Parameter request: The message before it was encrypted.
    /// - Returns: Lines of text.
    public func text(ofContent request: PKIRequest) -> String {
        var report = Report()
        self.describe(content: request.content, into: &report, layers: 1)
        return report.text
    }

    /// How many layers of signed or enveloped data are looked into; SCEP has three.
    private static let maximumLayers = 4

    private func describe(_ signedData: SignedData, count: Int, into report: inout Report, layers: Int) {
        let attributes = signedData.signerInfos.first?.signedAttributes ?? []
        let isMessage = attributes.contains { $0.name == "messageType" || $0.name == "transactionID" }
        let title =
            switch (signedData.signerInfos.isEmpty, isMessage) {
            case (true, _): "Certificates and CRLs without a signer"
            case (false, true): "pkiMessage"
            case (false, false): "Signed data"
            }
        report.section("\(title), \(count) bytes") { report in
            for info in signedData.signerInfos { self.describe(info, of: signedData, into: &report) }
            for certificate in signedData.certificates { report.certificate(certificate) }
            for crl in signedData.crls { report.crl(crl) }
            guard let content = signedData.content else { return }
            guard !content.isEmpty else {
                report.add("content", "empty")
                return
            }
            self.describe(content: content, into: &report, layers: layers - 1)
        }
    }

    private func describe(_ info: SignerInfo, of signedData: SignedData, into report: inout Report) {
        for attribute in info.signedAttributes { report.add(attribute.name ?? "\(attribute.type)", attribute.text) }
        report.section("Signature") { report in
            report.add("signer", Self.text(info.signer))
            report.add("digest", AlgorithmName.text(info.digestAlgorithm))
            report.add("algorithm", AlgorithmName.text(info.signatureAlgorithm))
            let certificates = signedData.certificates.compactMap { try? SignerCertificate(encoded: $0) }
            guard let certificate = certificates.first(where: { $0.matches(info.signer) }) else {
                report.add("verification", "not possible: the signer's certificate is not in the message")
                return
            }
            do throws(CMSError) {
                try signedData.verify(Signer(info: info, certificate: certificate))
                report.add("verification", "verifies under the certificate in the message")
            } catch {
                report.add("verification", "does NOT verify: \(error.reason.printable)")
            }
        }
    }

    private static func text(_ identifier: CertificateIdentifier) -> String {
        switch identifier {
        case .issuerAndSerialNumber(let identifier):
            "serial number \(identifier.serialNumber.hexadecimal) of \(NameText.text(identifier.issuer))"
        case .subjectKeyIdentifier(let identifier): "subject key identifier \(identifier.hexadecimal)"
        }
    }

    private func describe(_ envelope: EnvelopedData, into report: inout Report, layers: Int) {
        report.section("Envelope") { report in
            report.add("encryption", AlgorithmName.text(envelope.contentEncryptionAlgorithm))
            report.add("encrypted content", "\(envelope.encryptedContent.count) bytes")
            for recipient in envelope.recipientInfos {
                switch recipient {
                case .keyTransport(let info):
                    report.add("recipient", Self.text(info.recipient))
                    let transport = (try? KeyTransportAlgorithm(info.keyEncryptionAlgorithm))?.rawValue
                    report.add("key transport", transport ?? AlgorithmName.text(info.keyEncryptionAlgorithm))
                case .password(let info):
                    let derivation = info.keyDerivationAlgorithm.map { AlgorithmName.text($0) } ?? "not said how"
                    report.add("recipient", "who knows the password, by \(derivation)")
                    report.add("key encryption", AlgorithmName.text(info.keyEncryptionAlgorithm))
                case .other(let number):
                    report.add("recipient", "RecipientInfo [\(number)]")
                }
            }
            guard self.key != nil || self.challenge != nil else { return }
            do throws(CMSError) {
                let content = try self.open(envelope)
                self.describe(content: content, into: &report, layers: layers - 1)
            } catch {
                report.add("content", "does not open: \(error.reason.printable)")
            }
        }
    }

    private func open(_ envelope: EnvelopedData) throws(CMSError) -> [UInt8] {
        if let challenge, envelope.recipientInfos.contains(where: { if case .password = $0 { true } else { false } }) {
            return try envelope.open(password: Array(challenge.utf8))
        }
        guard let key = self.key?.keyTransportKey else {
            throw CMSError(.recipient, "a key on an elliptic curve, or a challenge, is not what it was encrypted for")
        }
        return try self.open(envelope, with: key)
    }

    private func open(_ envelope: EnvelopedData, with key: some KeyTransportKey) throws(CMSError) -> [UInt8] {
        if let certificate = self.certificate {
            return try envelope.open(try envelope.recipient(for: SignerCertificate(encoded: certificate)), with: key)
        }
        for case .keyTransport(let info) in envelope.recipientInfos.prefix(10) {
            if let content = try? envelope.open(info, with: key) { return content }
        }
        throw CMSError(.decryption, "it is not the key of a recipient")
    }

    /// What is signed or enveloped.
    private func describe(content: [UInt8], into report: inout Report, layers: Int) {
        if layers > 0, let envelope = try? EnvelopedData(berEncoded: content) {
            self.describe(envelope, into: &report, layers: layers)
        } else if layers > 0, let signedData = try? SignedData(berEncoded: content) {
            self.describe(signedData, count: content.count, into: &report, layers: layers)
        } else if let request = try? CertificationRequest(encoded: content) {
            report.request(request, showSecrets: self.showSecrets)
        } else if let names = try? IssuerAndSubject(berEncoded: content) {
            report.section("Issuer and subject") { report in
                report.add("issuer", NameText.text(names.issuer))
                report.add("subject", NameText.text(names.subject))
            }
        } else if let identifier = try? decodeBER(content[...], as: "content", IssuerAndSerialNumber.init(node:)) {
            report.section("Issuer and serial number") { report in
                report.add("issuer", NameText.text(identifier.issuer))
                report.add("serial number", identifier.serialNumber.hexadecimal)
            }
        } else {
            let start = content.prefix(64).hexadecimal
            report.add("content", "\(content.count) bytes: #\(start)\(content.count > 64 ? "…" : "")")
        }
    }
}
