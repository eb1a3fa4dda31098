import Crypto
public import CryptographicMessageSyntax
public import SCEP
import SwiftASN1

/// What a certification request contains, for whoever decides on it or looks it up later.
///
/// Everything is text that can be shown as it is: what came from outside is in it without controls and invisible
/// characters and not without end, and the challenge is not in it. What cannot be read says so, and everything else is
/// there all the same.
public struct RequestReport: Hashable, Sendable {
    /// The key that is to be certified.
    public struct Key: Hashable, Sendable {
        /// What sort of key it is, with its size or curve.
        public let description: String
        /// How many bits the modulus of an RSA key has; nil for other keys.
        public let bits: Int?
        /// The curve of a key on one, by its name or object identifier; nil for other keys.
        public let curve: String?
        /// The SHA-256 of the SubjectPublicKeyInfo in hexadecimal digits, by which an administrator and a device's
        /// owner can make sure that they mean the same key.
        public let fingerprint: String
    }

    /// The attributes of the subject, in order; none for an empty subject.
    public let subject: [NameText.Line]
    /// The key.
    public let key: Key
    /// The SHA-256 of the whole request in hexadecimal digits.
    public let fingerprint: String
    /// How the request is signed.
    public let signatureAlgorithm: String
    /// The extensions that are asked for, in order.
    public let extensions: [ReadableExtension]
    /// Why nothing can be issued for these extensions as they are; nil where they can be read.
    public let extensionsFault: String?
    /// The attributes, in order.
    public let attributes: [ReadableAttribute]

    /// How many extensions, and how many attributes, are described; of names in one of them there are as many.
    static let maximumCount = 100

    /// Describes a request.
    public init(_ request: CertificationRequest) {
        self.subject = NameText.lines(request.subject)
        self.key = Key(request.publicKey)
        self.fingerprint = SHA256.hash(data: request.encoded).hexadecimal
        self.signatureAlgorithm = Self.text(request.signatureAlgorithm)
        // As CertificationRequest takes them: by Microsoft's attribute only where the standard one is not there.
        let types: [ASN1ObjectIdentifier] = [.PKCS.extensionRequest, .PKCS.microsoftExtensionRequest]
        let type = types.first { type in request.attributes.contains { $0.type == type } }
        var extensions: [ReadableExtension] = []
        for attribute in request.attributes where attribute.type == type {
            for list in attribute.values where extensions.count < Self.maximumCount {
                extensions += ReadableExtension.list(list, upTo: Self.maximumCount - extensions.count)
            }
        }
        self.extensions = extensions
        do throws(CMSError) {
            let count = try request.requestedExtensions.count
            self.extensionsFault = count > Self.maximumCount ? "only \(Self.maximumCount) of \(count) are shown" : nil
        } catch {
            self.extensionsFault = error.reason.printable(upTo: 500)
        }
        self.attributes = request.attributes.prefix(Self.maximumCount).map { attribute in
            guard types.contains(attribute.type), attribute.type != type else { return ReadableAttribute(attribute) }
            return ReadableAttribute(attribute, saying: "passed over, because there is an extensionRequest")
        }
    }

    /// The name of an algorithm; for RSASSA-PSS with the digest, which is in its parameters.
    private static func text(_ algorithm: AlgorithmIdentifier) -> String {
        let name = AlgorithmName.text(algorithm)
        guard name == "RSASSA-PSS", let digest = try? SignatureAlgorithm(algorithm).digest else { return name }
        return "\(name) with \(digest.rawValue)"
    }
}

extension RequestReport.Key {
    init(_ key: SubjectPublicKeyInfo) {
        self.description = AlgorithmName.text(key)
        self.bits = key.rsaBits
        self.curve = if case .ellipticCurve(let name?) = key.kind { AlgorithmName.text(name) } else { nil }
        self.fingerprint = SHA256.hash(data: key.derEncoded).hexadecimal
    }
}
