import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import X509

@testable import SCEP

/// What our codec makes of a message, as the fields of an outcome.
struct VectorDescription {
    var fields: [String: String] = [:]

    init(of outcome: VectorOutcome) throws {
        let bytes = try VectorFiles.bytes(outcome.message, block: outcome.inputs["kind"] == "enveloped" ? "PKCS7" : nil)
        switch outcome.inputs["kind"] {
        case "request": self.describe(requestIn: bytes)
        case "enveloped": self.describe(envelopeIn: bytes, outcome)
        case "certificates": self.describe(certificatesIn: bytes)
        case "pkiMessage": try self.describe(messageIn: bytes, outcome)
        case "answer": try self.describe(answerIn: bytes, outcome)
        default: throw VectorError(reason: "\(outcome.message): unknown kind")
        }
    }

    /// What an operation gives: its value, or the code of the error.
    private static func result(_ operation: () throws -> String) -> String {
        do {
            return try operation()
        } catch let error as CMSError {
            return error.code.rawValue
        } catch let error as SCEPError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    private static func name(_ encoded: [UInt8]) -> String {
        Self.result { try DistinguishedName(derEncoded: try DER.parse(encoded)).description }
    }

    private static func describe(_ key: SubjectPublicKeyInfo) -> String {
        key.rsaBits.map { "RSA-\($0)" } ?? "\(key.kind)"
    }

    private mutating func describe(requestIn bytes: [UInt8]) {
        self.fields["request"] = Self.result {
            let request = try CertificationRequest(encoded: bytes)
            self.fields["subject"] = Self.name(request.subject)
            self.fields["request key"] = Self.describe(request.publicKey)
            self.fields["request signature"] = Self.result { try request.verifySignature().digest.rawValue }
            self.fields["challenge"] = Self.result {
                try request.challengePassword.map { String(decoding: $0, as: UTF8.self) } ?? "none"
            }
            self.fields["extensions"] = Self.result {
                let extensions = try request.requestedExtensions.map { "\($0.identifier)" }
                return extensions.isEmpty ? "none" : extensions.joined(separator: " ")
            }
            return "decodes"
        }
    }

    private mutating func describe(certificatesIn bytes: [UInt8]) {
        self.fields["certificates"] = Self.result {
            try SignedData(berEncoded: bytes).certificates
                .map { Self.name(try SignerCertificate(encoded: $0).subject) }.joined(separator: "; ")
        }
    }

    private mutating func describe(_ envelope: EnvelopedData) {
        self.fields["cipher"] = Self.result { try envelope.contentEncryption.rawValue }
        self.fields["recipients"] = envelope.recipientInfos.map { recipient in
            guard case .keyTransport(let info) = recipient else { return "\(recipient)" }
            return Self.result { try KeyTransportAlgorithm(info.keyEncryptionAlgorithm).rawValue }
        }.joined(separator: "; ")
    }

    /// Opens with a key whose certificate may not be known.
    private static func open(_ envelope: EnvelopedData, _ outcome: VectorOutcome) throws -> [UInt8]? {
        guard let path = outcome.inputs["key"] else { return nil }
        let key = try RSAPrivateKey(derEncoded: try VectorFiles.bytes(path, block: "PRIVATE KEY"))
        if let path = outcome.inputs["certificate"] {
            let certificate = try SignerCertificate(encoded: try VectorFiles.bytes(path, block: "CERTIFICATE"))
            return try envelope.open(try envelope.recipient(for: certificate), with: key)
        }
        guard case .keyTransport(let recipient) = envelope.recipientInfos.first else { return nil }
        return try envelope.open(recipient, with: key)
    }

    private mutating func describe(envelopeIn bytes: [UInt8], _ outcome: VectorOutcome) {
        self.fields["enveloped"] = Self.result {
            let envelope = try EnvelopedData(berEncoded: bytes)
            self.describe(envelope)
            if outcome.inputs["key"] != nil {
                self.fields["opened"] = Self.result {
                    String(decoding: try Self.open(envelope, outcome) ?? [], as: UTF8.self)
                }
            }
            return "decodes"
        }
    }

    private mutating func describe(_ message: UnverifiedPKIMessage) {
        self.fields["type"] = message.messageType.description
        self.fields["transactionID"] = message.transactionID.description
        self.fields["senderNonce"] = message.senderNonce.map { "\($0.count) bytes" } ?? "none"
        self.fields["digest"] = Self.result { try message.signer.digest.rawValue }
        self.fields["signature algorithm"] = "\(message.signer.info.signatureAlgorithm.algorithm)"
        self.fields["signer"] = Self.name(message.signer.certificate.subject)
        self.fields["self-signed"] = message.signer.certificate.isSelfIssued ? "yes" : "no"
        self.fields["signer key"] = Self.describe(message.signer.certificate.publicKey)
        self.fields["signature"] = Self.result {
            try message.signedData.verify(message.signer)
            return "valid"
        }
    }

    private mutating func describe(messageIn bytes: [UInt8], _ outcome: VectorOutcome) throws {
        let message = try UnverifiedPKIMessage(berEncoded: bytes)
        self.describe(message)
        for level in AlgorithmLevel.allCases {
            self.fields[level.rawValue] = Self.result {
                _ = try message.verified(at: level)
                return "accepted"
            }
        }
        let envelope = try EnvelopedData(berEncoded: message.signedData.content ?? [])
        self.describe(envelope)
        if let path = outcome.inputs["content"] {
            self.fields["holds its content"] = try VectorFiles.bytes(path) == message.signedData.content ? "yes" : "no"
        }
        guard let content = try Self.open(envelope, outcome) else { return }
        self.describe(requestIn: content)
        if let path = outcome.inputs["certificate"], let key = outcome.inputs["key"] {
            let certificate = try SignerCertificate(encoded: try VectorFiles.bytes(path, block: "CERTIFICATE"))
            let key = try RSAPrivateKey(derEncoded: try VectorFiles.bytes(key, block: "PRIVATE KEY"))
            self.fields["opened"] = Self.result {
                _ = try message.verified(at: .legacy)
                    .openedRequest(
                        as: certificate, with: key, allowingOtherKey: message.messageType == .renewalReq, at: .legacy)
                return "yes"
            }
        }
    }

    private mutating func describe(answerIn bytes: [UInt8], _ outcome: VectorOutcome) throws {
        let answer = try UnverifiedPKIMessage(berEncoded: bytes)
        self.describe(answer)
        if let status = try answer.attributes.single(.SCEP.pkiStatus, named: "pkiStatus").printableString {
            self.fields["pkiStatus"] = String(decoding: status, as: UTF8.self)
        }
        let envelope = try EnvelopedData(berEncoded: answer.signedData.content ?? [])
        self.describe(envelope)
        if let path = outcome.inputs["content"] {
            self.fields["holds its content"] = try VectorFiles.bytes(path) == answer.signedData.content ? "yes" : "no"
        }
        if let path = outcome.inputs["certificate"] {
            let authority = try VectorFiles.bytes(path, block: "CERTIFICATE")
            self.fields["signed by the authority"] = answer.signer.certificate.encoded == authority ? "yes" : "no"
        }
        guard let path = outcome.inputs["answers"] else { return }
        let request = try UnverifiedPKIMessage(berEncoded: try VectorFiles.bytes(path))
        let nonce = try answer.attributes.single(.SCEP.recipientNonce, named: "recipientNonce").octetString
        self.fields["recipientNonce is its"] = nonce == request.senderNonce ? "yes" : "no"
        self.fields["transactionID is its"] = answer.transactionID == request.transactionID ? "yes" : "no"
        self.fields["is for its signer"] = Self.result {
            _ = try envelope.recipient(for: request.signer.certificate)
            return "yes"
        }
    }
}
