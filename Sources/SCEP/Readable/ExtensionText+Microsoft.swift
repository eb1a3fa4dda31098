import CryptographicMessageSyntax
import SwiftASN1

/// What Windows writes into requests and certificates, as [MS-WCCE] §2.2.2.7.7 and §2.2.2.7.1 have it.
extension ExtensionText {
    /// The name of a template of version 1: a BMPString.
    static func templateName(_ root: ASN1Node) throws -> [String] {
        guard let name = NameText.string(root) else { throw CMSError(.malformed, "the template's name is no string") }
        return [Readable.text(name)]
    }

    /// A template of version 2.
    ///
    /// ```
    /// CertificateTemplateOID ::= SEQUENCE {
    ///     templateID            OBJECT IDENTIFIER,
    ///     templateMajorVersion  INTEGER (0..4294967295) OPTIONAL,
    ///     templateMinorVersion  INTEGER (0..4294967295) OPTIONAL }
    /// ```
    static func template(_ root: ASN1Node) throws -> [String] {
        var fields = try root.children(tagged: .sequence, of: "CertificateTemplateOID")
        let identifier = try ASN1ObjectIdentifier(berEncoded: try fields.require("templateID")).dotted
        let versions = try IteratorSequence(fields).map { try Int(berEncoded: $0) }.prefix(2)
        guard !versions.isEmpty else { return [identifier] }
        return [identifier, "version \(versions.map { "\($0)" }.joined(separator: "."))"]
    }
}
