public import CryptographicMessageSyntax
import SwiftASN1

/// An extension of a certificate or of a request, as people read it (RFC 5280 §4.2).
///
/// Nothing in it can do anything to a terminal or hide from the eye, and it is not longer than people read.
public struct ReadableExtension: Hashable, Sendable {
    /// Its object identifier, with points between the numbers; empty where it cannot be read.
    public let identifier: String
    /// What it is called; its object identifier where it has no name here.
    public let name: String
    /// Whether a reader that does not know it has to refuse the certificate.
    public let isCritical: Bool
    /// What it says, each part for itself; what is not known, or cannot be read, in hexadecimal digits.
    public let values: [String]

    /// Reads an extension.
    public init(_ read: CertificateExtension) {
        let known = Self.known[read.identifier]
        self.identifier = read.identifier.dotted
        self.name = known?.name ?? self.identifier
        self.isCritical = read.isCritical
        if let texts = known?.texts {
            self.values = Readable.parts(read.value, texts)
        } else {
            self.values = [Readable.octets(read.value)]
        }
    }

    private init(unreadable bytes: ArraySlice<UInt8>) {
        self.identifier = ""
        self.name = "extension"
        self.isCritical = false
        self.values = [Readable.unreadable(bytes)]
    }

    /// Reads extensions, those that can be read; the others say that they cannot.
    ///
    /// `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`, RFC 5280 §4.1.
    ///
    /// - Parameters:
    ///   - encoded: The list, the value of an extensionRequest for example.
    ///   - limit: How many at most.
    /// - Returns: The extensions, in order.
    public static func list(_ encoded: [UInt8], upTo limit: Int) -> [ReadableExtension] {
        let list = try? decodeBER(encoded[...], as: "extensions") { root in
            IteratorSequence(try root.children(tagged: .sequence, of: "extensions")).prefix(limit).map { node in
                guard let read = try? CertificateExtension(node: node) else {
                    return Self(unreadable: node.encodedBytes)
                }
                return Self(read)
            }
        }
        return list ?? [Self(unreadable: encoded[...])]
    }

    private typealias Texts = @Sendable (ASN1Node) throws -> [String]

    /// Those that have a name, and what reads their content.
    private static let known: [ASN1ObjectIdentifier: (name: String, texts: Texts?)] = [
        [2, 5, 29, 14]: ("subject key id", ExtensionText.subjectKeyIdentifier),
        [2, 5, 29, 15]: ("key usage", ExtensionText.keyUsage),
        [2, 5, 29, 17]: ("alternative names", ExtensionText.generalNames),
        [2, 5, 29, 18]: ("issuer's names", ExtensionText.generalNames),
        [2, 5, 29, 19]: ("basic constraints", ExtensionText.basicConstraints),
        [2, 5, 29, 30]: ("name constraints", nil),
        [2, 5, 29, 31]: ("CRL", ExtensionText.distributionPoints),
        [2, 5, 29, 32]: ("policies", ExtensionText.policies),
        [2, 5, 29, 35]: ("authority key id", ExtensionText.authorityKeyIdentifier),
        [2, 5, 29, 36]: ("policy constraints", nil),
        [2, 5, 29, 37]: ("extended key usage", ExtensionText.extendedKeyUsage),
        [2, 5, 29, 46]: ("delta CRL", ExtensionText.distributionPoints),
        [1, 3, 6, 1, 5, 5, 7, 1, 1]: ("authority info", ExtensionText.informationAccess),
        [1, 3, 6, 1, 5, 5, 7, 1, 24]: ("TLS feature", ExtensionText.features),
        [1, 2, 840, 113549, 1, 9, 15]: ("S/MIME capabilities", ExtensionText.mailCapabilities),
        [1, 3, 6, 1, 4, 1, 311, 20, 2]: ("template name", ExtensionText.templateName),
        [1, 3, 6, 1, 4, 1, 311, 21, 7]: ("template", ExtensionText.template),
        [1, 3, 6, 1, 4, 1, 311, 21, 10]: ("application policies", ExtensionText.policies),
        [1, 3, 6, 1, 4, 1, 311, 25, 2]: ("SID", ExtensionText.generalNames),
    ]
}

extension Readable {
    /// The parts of a value; that it is not readable, where it is not.
    static func parts(_ value: [UInt8], _ read: (ASN1Node) throws -> [String]) -> [String] {
        guard let parts = try? decodeBER(value[...], as: "value", read) else { return [Self.unreadable(value)] }
        return parts.isEmpty ? ["empty"] : parts
    }
}
