import Crypto
public import CryptographicMessageSyntax
import SwiftASN1

/// What a request or a certificate wants to be called, taken apart for rules.
public struct RequestedNames: Sendable {
    /// One attribute of the subject.
    public struct Attribute: Hashable, Sendable {
        /// The type as ``AttributeTypeName`` has it: `CN`, `O`, or an OID with dots.
        public let type: String
        /// The value; nil where it is no string, or has characters that cannot be seen or are taken for others, so that
        /// no rule may match it.
        public let text: String?
    }

    /// The attributes of the subject in their order, those of an RDN one after the other.
    public let subject: [Attribute]
    /// The SANs in their order.
    public let alternativeNames: [AlternativeName]

    private let encodedSubject: [UInt8]
    private let encodedAlternativeNames: [UInt8]?

    /// Reads the names.
    ///
    /// - Parameters:
    ///   - subject: The subject's Name, encoded.
    ///   - extensions: All extensions, among which subjectAltName is looked for.
    /// - Throws: ``IssuanceError`` with code `subject` or `badExtension`.
    public init(subject: [UInt8], extensions: [CertificateExtension]) throws(IssuanceError) {
        self.alternativeNames = try AlternativeNames(in: extensions).names
        let value = extensions.first { $0.identifier == .Extension.subjectAltName }?.value
        do throws(CMSError) {
            if let value, try BERBounds.lengthOfFirstElement(in: value[...]) != value.count {
                throw CMSError(.malformed, "bytes behind the names")
            }
        } catch {
            throw IssuanceError(.badExtension, "the subjectAltName is not readable: \(error)")
        }
        do {
            self.subject = try ParsedName(encoded: subject).relativeNames.joined().map { attribute in
                let type = AttributeTypeName.name(of: try ASN1ObjectIdentifier(berEncoded: attribute.type))
                let text = DirectoryString.text(of: attribute.value)
                return Attribute(type: type, text: text.flatMap { UnambiguousText.isUnambiguous($0) ? $0 : nil })
            }
        } catch {
            throw IssuanceError(.subject, "the subject is not readable: \(error)")
        }
        self.encodedSubject = subject
        self.encodedAlternativeNames = value
    }

    /// No names at all, which no pattern vouches for.
    public static let none = RequestedNames()

    private init() {
        self.subject = []
        self.alternativeNames = []
        self.encodedSubject = []
        self.encodedAlternativeNames = nil
    }

    /// Whether these are the names of somebody with this subject and these extensions, byte for byte.
    public func areNames(subject: [UInt8], extensions: [CertificateExtension]) -> Bool {
        self.encodedSubject == subject
            && self.encodedAlternativeNames == extensions.first { $0.identifier == .Extension.subjectAltName }?.value
    }

    /// The subject as people read it.
    public var readableSubject: String { ReadableText.name(self.encodedSubject) }

    /// The SHA-256 of the names: whose digests are the same ask for the same names, byte for byte.
    public var namesDigest: [UInt8] {
        var hash = SHA256()
        // The length in front keeps apart where the subject ends and the SANs begin.
        withUnsafeBytes(of: UInt64(self.encodedSubject.count).bigEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: self.encodedSubject)
        // And one octet no SANs from empty ones.
        hash.update(data: self.encodedAlternativeNames.map { [1] + $0 } ?? [0])
        return Array(hash.finalize())
    }
}
