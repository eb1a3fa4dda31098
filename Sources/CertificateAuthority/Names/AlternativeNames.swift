public import CryptographicMessageSyntax
import SwiftASN1

/// The names in subjectAltName, of a certificate or asked for.
///
/// ```
/// SubjectAltName ::= GeneralNames
///
/// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
/// ```
/// RFC 5280 §4.2.1.6.
public struct AlternativeNames: Sendable {
    /// The names in their order.
    let names: [AlternativeName]

    /// Reads the names among extensions, of a certificate or of a request.
    ///
    /// - Parameter extensions: All the extensions; without subjectAltName there are no names.
    /// - Throws: ``IssuanceError`` with code `badExtension` where subjectAltName is doubled or cannot be read.
    public init(in extensions: [CertificateExtension]) throws(IssuanceError) {
        let found = extensions.filter { $0.identifier == .Extension.subjectAltName }
        guard found.count <= 1 else { throw IssuanceError(.badExtension, "there is a second subjectAltName") }
        do throws(CMSError) {
            self.names = try found.first.map { found throws(CMSError) in try Self.names(in: found.value) } ?? []
        } catch {
            throw IssuanceError(.badExtension, "the subjectAltName is not readable: \(error)")
        }
    }

    /// Reads the names of a certificate.
    ///
    /// - Parameter encoded: The certificate as DER.
    /// - Throws: ``IssuanceError`` with code `badExtension` where they cannot be read.
    public init(certificate encoded: [UInt8]) throws(IssuanceError) {
        let extensions: [CertificateExtension]
        do throws(CMSError) {
            extensions = try CertificateExtension.all(of: encoded)
        } catch {
            throw IssuanceError(.badExtension, "the extensions of the certificate are not readable: \(error)")
        }
        try self.init(in: extensions)
    }

    private static func names(in value: [UInt8]) throws(CMSError) -> [AlternativeName] {
        try decodeBER(value[...], as: "subjectAltName") { node in
            let nodes = try node.children(tagged: .sequence, of: "subjectAltName")
            return try IteratorSequence(nodes).map(AlternativeName.init(node:))
        }
    }

    /// Whether each of these names is among others too.
    public func isSubset(of others: AlternativeNames) -> Bool { self.firstMissing(from: others) == nil }

    /// The names as people read them.
    public var descriptions: [String] { self.names.map(\.description) }

    /// Those of these names that are among others, once each, as a subjectAltName; nil where there are none.
    func extensionValue(keeping others: AlternativeNames) -> [UInt8]? {
        let others = Set(others.names)
        var kept: [AlternativeName] = []
        for name in self.names where others.contains(name) && !kept.contains(name) { kept.append(name) }
        return Self.extensionValue(of: kept)
    }

    /// Some names as a subjectAltName, each as it was received; nil where there are none.
    static func extensionValue(of kept: [AlternativeName]) -> [UInt8]? {
        guard !kept.isEmpty else { return nil }
        return DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for name in kept { coder.append(encoded: name.encoded) }
            }
        }
    }

    /// The first of these names that is not among others; nil where all are.
    func firstMissing(from others: AlternativeNames) -> AlternativeName? {
        let others = Set(others.names)
        return self.names.first { !others.contains($0) }
    }
}

extension CertificateExtension {
    /// The extensions of a certificate, whatever else it holds: RSA keys of 1024 bits among others, which
    /// swift-certificates does not read.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    package static func all(of certificate: [UInt8]) throws(CMSError) -> [CertificateExtension] {
        try decodeBER(certificate[...], as: "certificate") { root in
            var outer = try root.children(tagged: .sequence, of: "Certificate")
            let fields = try outer.require("tbsCertificate").children(tagged: .sequence, of: "tbsCertificate")
            guard let wrapper = IteratorSequence(fields).first(where: { $0.identifier == .context(3) }) else {
                return []
            }
            var wrapped = try wrapper.children(tagged: .context(3), of: "extensions")
            let extensions = try wrapped.require("extensions").children(tagged: .sequence, of: "extensions")
            return try IteratorSequence(extensions).map(CertificateExtension.init(node:))
        }
    }
}
